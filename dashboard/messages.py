"""A sentence that knows its parts: Vietnamese as it stands, English where a terminal asks for it.

Pages, stored lines and logs take a `Message` for the Vietnamese text that it is; the command line
translates it (`dashboard/cli/language.py`) by the template and the values that it remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from numbers import Real
from string import Formatter
from typing import Any

from dashboard.text import format_number


class Message(str):
    """A Vietnamese line with the template and the values that it was made of."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Message:
        # Readers write one for each cell that they cannot read: only templates that group digits,
        # and lists, need the formatter, which takes ten times as long.
        if _groups_digits(template) or not _LISTS.isdisjoint(map(type, values.values())):
            line = _VIETNAMESE.vformat(template, (), values)
        else:
            line = template.format_map(values)
        message = super().__new__(cls, line)
        message.template = template
        message.values = values
        return message

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]
        return self.template, self.values


class _VietnameseFormatter(Formatter):
    """Numbers as Vietnam writes them where a template groups their digits: `{count:,}`."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec == ",g":
            return f"{value:g}".replace(".", ",")
        if format_spec.startswith(",") and isinstance(value, Real):
            digits = format_spec.removeprefix(",").strip(".f")
            return format_number(float(value), int(digits or 0))
        return super().format_field(join_parts(value), format_spec)


_VIETNAMESE = _VietnameseFormatter()
_LISTS = frozenset({list, tuple})


@cache
def _groups_digits(template: str) -> bool:
    return ":," in template


def write_message(template: str, /, **values: object) -> Message:
    """The Vietnamese `template` with its `{values}` in it. A test looks for the English of each
    template in data/messages/, so it must be written out where it is used; what only strings
    values together is the same in both languages and has no English.
    """
    return Message(template, values) if values else _write_plain(template)


@cache
def _write_plain(template: str) -> Message:
    """A template without values: readers ask for the same few by the thousand."""
    return Message(template, {})


def join_messages(separator: str, parts: Sequence[str]) -> Message:
    """Several lines as one with signs between them, each translated for itself."""
    values = {f"part_{number}": part for number, part in enumerate(parts)}
    return Message(separator.join(f"{{{name}}}" for name in values), values)


def quote_name(name: str) -> Message:
    """The name of a commune, the heading of a form: in Vietnamese as it is, in English in quotation
    marks, as words of another language.
    """
    return write_message("{name}", name=name)


def quote_names(names: Iterable[str]) -> list[Message]:
    """Several names, each in quotation marks of its own."""
    return list(map(quote_name, names))


def join_parts(value: object) -> object:
    """Several words as one list with commas; everything else as it is."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return value
