"""A sentence that knows its parts: Vietnamese as it stands, English where a terminal asks for it.

Pages, stored lines and logs take a `Message` for the Vietnamese text that it is; the command line
translates it (`dashboard/cli/language.py`) by the template and the values that it remembers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from string import Formatter
from typing import Any

from dashboard.text import format_number


class Message(str):
    """A Vietnamese line with the template and the values that it was made of."""

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Message:
        message = super().__new__(cls, _VIETNAMESE.vformat(template, (), values))
        message.template = template
        message.values = values
        return message

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]
        return self.template, self.values


class _VietnameseFormatter(Formatter):
    """Numbers as Vietnam writes them where a template groups their digits: `{count:,}`."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec.startswith(",") and isinstance(value, Real):
            digits = format_spec.removeprefix(",").strip(".f")
            return format_number(float(value), int(digits or 0))
        return super().format_field(join_parts(value), format_spec)


_VIETNAMESE = _VietnameseFormatter()


def write_message(template: str, /, **values: object) -> Message:
    """The Vietnamese `template` with its `{values}` in it. A test looks for the English of each
    template in data/messages/en.toml, so it must be written out where it is used.
    """
    return Message(template, values)


def join_parts(value: object) -> object:
    """Several words as one list with commas; everything else as it is."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return value
