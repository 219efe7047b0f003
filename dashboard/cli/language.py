"""In which language the command line speaks: the one place that decides, and translates."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from dashboard.errors import DashboardError, SettingInvalid
from dashboard.messages import Message, join_parts, write_message
from dashboard.text import format_moment

VIETNAMESE, ENGLISH = "vi", "en"
_CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "messages" / "en.toml"
# As in POSIX, the first of them that says anything decides.
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def choose_language(environment: Mapping[str, str]) -> str:
    """`DASHBOARD_LANG`; where it is not set English under an English locale, else Vietnamese.
    Raises SettingInvalid, one plain line, where it names another language.
    """
    wanted = environment.get("DASHBOARD_LANG", "").strip()
    if wanted not in {"", VIETNAMESE, ENGLISH}:
        raise SettingInvalid(
            write_message(
                'Thiết lập DASHBOARD_LANG: "{value}" không dùng được; hãy đặt vi hoặc en, hoặc để '
                "trống.",
                value=wanted,
            )
        )
    return wanted or _choose_by_locale(environment)


def _choose_by_locale(environment: Mapping[str, str]) -> str:
    locale = next(filter(None, map(environment.get, _LOCALE_VARIABLES)), "")
    return ENGLISH if locale.startswith("en") else VIETNAMESE


def is_english() -> bool:
    """Whether this process speaks English; a wrong DASHBOARD_LANG leaves it to the locale."""
    try:
        return choose_language(os.environ) == ENGLISH
    except SettingInvalid:
        return _choose_by_locale(os.environ) == ENGLISH


def translate_message(line: str) -> str:
    """The line as this terminal speaks; what is no Message is a name or a quotation and stays."""
    if not isinstance(line, Message) or not is_english():
        return str(line)
    english = load_english().get(line.template)
    if english is None:
        return str(line)
    return english.format(**{name: _translate_value(value) for name, value in line.values.items()})


def _translate_value(value: object) -> object:
    if isinstance(value, str):
        return translate_message(value)
    if isinstance(value, Sequence):
        return join_parts([_translate_value(part) for part in value])
    return value


def tell_moment(moment: datetime) -> str:
    """A moment on Vietnam's clocks: `16:00 13/07/2025`, to who reads English `2025-07-13 16:00`."""
    return f"{moment:%Y-%m-%d %H:%M}" if is_english() else format_moment(moment)


def tell_user(template: str, /, **values: object) -> str:
    """A Vietnamese template with its values, as this terminal speaks."""
    return translate_message(Message(template, values))


def list_error_lines(error: DashboardError) -> list[str]:
    """What an error says, as this terminal speaks; what a file is refused for is quoted."""
    return list_translated(error.args[0] if error.args else str(error))


def list_translated(line: str) -> list[str]:
    """The line as this terminal speaks; what was written in Vietnamese alone is quoted."""
    return [translate_message(line)] if isinstance(line, Message) else quote_vietnamese([line])


def quote_vietnamese(lines: list[str]) -> list[str]:
    """Lines that exist in Vietnamese only, because the form and its clerk speak it; to who reads
    English that is said first.
    """
    is_translated = all(isinstance(line, Message) for line in lines)
    return lines if is_translated or not is_english() else ["(Told in Vietnamese only:)", *lines]


@cache
def load_english() -> Mapping[str, str]:
    """English templates by Vietnamese ones; `{names}` are the same in both."""
    return tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))
