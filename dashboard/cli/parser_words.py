"""The words of argparse itself in Vietnamese; English is what it speaks by birth."""

from __future__ import annotations

import argparse

from dashboard.cli.language import is_english

# What a caller of our parser can meet; what only a mistake of ours would bring is not here.
VIETNAMESE_WORDS = {
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
    return word if is_english() else VIETNAMESE_WORDS.get(word, word)


def _translate_counted(singular: str, plural: str, count: int) -> str:
    return _translate_word(singular if count == 1 else plural)
