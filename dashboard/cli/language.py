"""In which language the command line speaks: the one place that decides, and translates."""

from __future__ import annotations

import argparse
import os
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from dashboard.errors import SettingInvalid
from dashboard.messages import Message, join_parts, write_message
from dashboard.text import format_moment

VIETNAMESE = "vi"
ENGLISH = "en"
_CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "messages"
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
    """The line as this terminal speaks; what is no Message is a name or a quotation and stays, and
    so does a template of nothing but values and signs.
    """
    if not isinstance(line, Message) or not is_english():
        return str(line)
    english = load_english().get(line.template, line.template)
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


@cache
def load_english() -> Mapping[str, str]:
    """English templates by Vietnamese ones; `{names}` are the same in both."""
    files = sorted(_CATALOGUE.glob("*.toml"))
    return {
        vietnamese: english
        for file in files
        for vietnamese, english in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


# The words of argparse itself in Vietnamese; English is what it speaks by birth. What a caller of
# our parser can meet; what only a mistake of ours would bring is not here.
PARSER_WORDS = {
    "usage: ": "cách dùng: ",
    "positional arguments": "tham số",
    "options": "tùy chọn",
    "show this help message and exit": "in phần trợ giúp này rồi dừng",
    "%(prog)s: error: %(message)s\n": "%(prog)s: lỗi: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "tham số %(argument_name)s: %(message)s",
    "the following arguments are required: %s": "còn thiếu tham số: %s",
    "unrecognized arguments: %s": "không có tham số: %s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "không có lựa chọn %(value)r (hãy chọn: %(choices)s)"
    ),
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "không có lệnh %(parser_name)r (hãy chọn: %(choices)s)"
    ),
    "invalid %(type)s value: %(value)r": "giá trị %(value)r không dùng được",
    "expected one argument": "cần một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "expected at most one argument": "cần nhiều nhất một giá trị",
    "expected %s argument": "cần %s giá trị",
    "expected %s arguments": "cần %s giá trị",
    "ignored explicit argument %r": "không nhận giá trị %r",
    "ambiguous option: %(option)s could match %(matches)s": (
        "tùy chọn %(option)s chưa rõ: có thể là %(matches)s"
    ),
    "not allowed with argument %s": "không đi cùng tham số %s",
    "one of the arguments %s is required": "cần một trong các tham số %s",
}


def translate_parser_words() -> None:
    """Lets argparse look its words up here: by the two names under which it calls gettext, so that
    no compiled catalogue has to lie anywhere.
    """
    setattr(argparse, "_", _translate_word)  # noqa: B010
    setattr(argparse, "ngettext", _translate_counted)  # noqa: B010


def _translate_word(word: str) -> str:
    return word if is_english() else PARSER_WORDS.get(word, word)


def _translate_counted(singular: str, plural: str, count: int) -> str:
    return _translate_word(singular if count == 1 else plural)
