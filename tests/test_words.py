"""One thing has one word on the screens: the table of docs/glossary.md is what is looked for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from dashboard.text import make_spelling_key
from tests.conftest import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
# Readers know what offices write; lists of places have names of their own.
# The templates of data/messages stand in the code, too, which is read there.
READERS = (
    *("dashboard/sources", "dashboard/names.py", "data/outlines", "data/messages"),
    "docs/glossary.md",
)
TEXT_FILES = (".py", ".html", ".js", ".css", ".toml", ".md")
LETTER = "A-Za-zÀ-ÖØ-öø-ỹ"  # without the signs of times and division


@cache
def read_all_texts() -> dict[str, str]:
    """Everything that people read, by its path: pages, messages, catalogue, documents."""
    folders = [ROOT / folder for folder in ("dashboard", "assets", "data", "docs")]
    files = [ROOT / "README.md", ROOT / "Makefile"]
    files += [file for folder in folders for file in folder.rglob("*") if file.suffix in TEXT_FILES]
    texts = {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(files)
    }
    return texts


def read_screen_texts() -> dict[str, str]:
    """Without what only tells which words of offices are understood."""
    return {path: words for path, words in read_all_texts().items() if not path.startswith(READERS)}


def list_glossary_rows(title: str) -> list[list[str]]:
    section = (
        GLOSSARY.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    )
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def find_phrase(phrase: str, words: str) -> Iterator[str]:
    """Lines with the phrase as whole words; one that begins small may begin a sentence, too."""
    first = phrase[0] if phrase[0].isupper() else f"[{phrase[0]}{phrase[0].upper()}]"
    end = f"(?![{LETTER}])" if phrase[-1].isalnum() else ""
    pattern = re.compile(f"(?<![{LETTER}]){first}{re.escape(phrase[1:])}{end}")
    return (line.strip() for line in words.splitlines() if pattern.search(line))


NOT_USED = list_glossary_rows("Words not used")


def test_the_table_of_words_not_used_is_read() -> None:
    assert len(NOT_USED) > 40
    assert list(find_phrase("lên xanh", "Lên xanh\nlên Xanh\nmất xanhh")) == ["Lên xanh"]
    assert not list(find_phrase("Thiếu gì", "còn thiếu gì"))


@pytest.mark.parametrize("row", NOT_USED, ids=lambda row: row[0])
def test_a_word_that_was_given_up_does_not_come_back(row: list[str]) -> None:
    phrase, instead, may_stand_in = row
    quoted = [path.strip(" `") for path in may_stand_in.split(",") if path.strip()]
    stray = {
        path: lines
        for path, words in read_screen_texts().items()
        if path not in quoted and (lines := list(find_phrase(phrase, words)))
    }
    assert not stray, f"write “{instead}”"


def test_a_syllable_is_spelt_one_way() -> None:
    """`hóa` or `hoá`, never both: the mark stands where the decisions of the state put it."""
    spellings: dict[str, dict[str, str]] = defaultdict(dict)
    for path, words in read_screen_texts().items():
        for syllable in set(re.findall(f"[{LETTER}]+", words)):
            if len(syllable) > 1 and not syllable.isascii():
                spellings[make_spelling_key(syllable)].setdefault(syllable.casefold(), path)
    spellings[make_spelling_key("hòa")].pop("hoà")  # README tells that both are read
    assert not {key: each for key, each in spellings.items() if len(each) > 1}


def test_no_percentage_has_a_space() -> None:
    spaced = re.compile("\\d[ \u00a0\u202f]%(?![A-Za-z({\\d}])")
    assert not {
        path: lines
        for path, words in read_screen_texts().items()
        if (lines := [line for line in words.splitlines() if spaced.search(line)])
    }


@cache
def read_program_text() -> str:
    """All that the program and its data say, in small letters."""
    texts = read_all_texts().items()
    return " ".join(
        words for path, words in texts if path.startswith(("dashboard", "data"))
    ).casefold()


@pytest.mark.parametrize(
    "word",
    [
        word.strip()
        for row in list_glossary_rows("The field")
        for word in re.split("[;,:]", row[0])
        if row[4] != "press" or row[2] != "–"
    ],
)
def test_a_word_of_the_glossary_stands_on_a_screen(word: str) -> None:
    assert re.sub(r" \(.*\)|…", "", word).strip().casefold() in read_program_text()
