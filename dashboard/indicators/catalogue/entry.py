"""What the catalogue says of an indicator, in both languages, and an example that is computed, not remembered."""

from __future__ import annotations

import string
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np

from dashboard import text

Value = int | float | str | date | None


class Words(NamedTuple):
    """The same thing said on the screen and in the documentation."""

    vi: str
    en: str


class Term(NamedTuple):
    """A value that is a word: how it is called and what it means."""

    name: Words
    meaning: Words


Terms = Mapping[str, Term]
OWN_RULE: Final = Words("quy tắc của bảng theo dõi này", "own rule")
CONFIGURED: Final = Words(
    "data/criteria.toml (mặc định của bảng theo dõi, chờ tỉnh ban hành)",
    "data/criteria.toml (our defaults until a province replaces them)",
)


@dataclass(frozen=True)
class Example:
    """Facts in words, and what the indicator's own functions make of them.

    `compute` answers values by name; `expected` is the same, worked out by hand. `result` names them in
    braces: `{part}`, a share (0 to 1) as `{rate:%}`, decimals as `{days:.1f}`.
    """

    told: Words
    compute: Callable[[], Mapping[str, Any]]
    expected: Mapping[str, Value]
    result: Words


@dataclass(frozen=True)
class Indicator:
    """One entry. `values`: the words it can answer; `edges`: what it does where there is little to go by."""

    code: str
    name: Words
    unit: Words
    meaning: Words
    formula: Words
    source: Words
    edges: Sequence[Words]
    example: Example
    values: Terms = field(default_factory=dict)

    @property
    def result_vi(self) -> str:
        """What the example comes to, in the words of the screen."""
        return _Vietnamese(self.values).format(self.example.result.vi, **self.example.expected)

    @property
    def result_en(self) -> str:
        """The same in English."""
        return _English(self.values).format(self.example.result.en, **self.example.expected)


@dataclass(frozen=True)
class Group:
    """Indicators that belong together."""

    code: str
    name: Words
    indicators: tuple[Indicator, ...]


class _Spoken(string.Formatter, ABC):
    """Values in words; `spec` is "%" for a share, ".1f" for decimals."""

    def __init__(self, values: Terms) -> None:
        self.values = values

    def format_field(self, value: Any, spec: str) -> str:
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, str):
            return self.word(value)
        if spec.endswith("%"):
            return self.percent(value, int(spec[1:-1]) if len(spec) > 1 else 1)
        return self.number(value, int(spec[1:-1]) if spec else 0)

    @abstractmethod
    def word(self, code: str) -> str: ...

    @abstractmethod
    def day(self, value: date) -> str: ...

    @abstractmethod
    def number(self, value: float, digits: int) -> str: ...

    @abstractmethod
    def percent(self, value: float, digits: int) -> str: ...


class _Vietnamese(_Spoken):
    def word(self, code: str) -> str:
        return self.values[code].name.vi if code in self.values else code

    def day(self, value: date) -> str:
        return text.day(value)

    def number(self, value: float, digits: int) -> str:
        return text.number(value, digits)

    def percent(self, value: float, digits: int) -> str:
        return text.percent(value, digits)


class _English(_Spoken):
    def word(self, code: str) -> str:
        return self.values[code].name.en if code in self.values else code

    def day(self, value: date) -> str:
        return str(value)

    def number(self, value: float, digits: int) -> str:
        return f"{value:,.{digits}f}"

    def percent(self, value: float, digits: int) -> str:
        return f"{value:.{digits}%}".replace("%", " %")


def plain(found: Any) -> Value:
    """A computed value as one writes it by hand: no numpy types, None where nothing is known."""
    if isinstance(found, np.generic):
        found = found.item()
    return None if isinstance(found, float) and np.isnan(found) else found
