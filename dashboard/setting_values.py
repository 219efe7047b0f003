"""How a variable of the environment becomes a field of the settings: what all fields share."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from pydantic import AfterValidator, BeforeValidator, Field

from dashboard.messages import write_message


def read_number_between(value: str, low: int, high: int) -> int:
    """A number written in plain digits. Raises ValueError, in words, for anything else."""
    if not re.fullmatch(r"[0-9]{1,12}", value) or not low <= int(value) <= high:
        raise ValueError(
            write_message("hãy đặt một số nguyên từ {low} đến {high}", low=low, high=high)
        )
    return int(value)


def require_whole_number(low: int, high: int) -> BeforeValidator:
    """A number written in plain digits, from `low` to `high`."""
    return BeforeValidator(partial(read_number_between, low=low, high=high))


def _read_choice(value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ValueError(write_message("hãy đặt một trong: {choices}", choices=", ".join(choices)))
    return value


def require_choice(*choices: str) -> AfterValidator:
    """One of these words."""
    return AfterValidator(partial(_read_choice, choices=choices))


def declare_variable(name: str, default: str, meaning: str) -> Any:
    """A field with its variable, what it is when absent, and what it means."""
    return Field(default, alias=name, description=meaning)
