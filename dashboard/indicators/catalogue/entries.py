"""What an entry of the catalogue holds: its words in both languages, and its worked example."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    field_validator,
    model_validator,
)

from dashboard import text
from dashboard.messages import write_message

FigureValue = int | float | date | str


class VietnameseFormatter(string.Formatter):
    """Fills `{rate:%}` (0 to 1), `{days:.1f}` and `{state}` (a code) as the screen does."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self.terms = terms

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, date):
            return text.format_day(value)
        if isinstance(value, str):
            return self.terms[value].name.vi if value in self.terms else value
        if format_spec.endswith("%"):
            return text.format_percent(value, read_digits(format_spec, default=1))
        return text.format_number(value, read_digits(format_spec, default=0))


class EnglishFormatter(string.Formatter):
    """The same for the documentation."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self.terms = terms

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, date):
            return str(value)
        if isinstance(value, str):
            return self.terms[value].name.en if value in self.terms else value
        if format_spec.endswith("%"):
            return f"{value:.{read_digits(format_spec, default=1)}%}"
        return f"{value:,.{read_digits(format_spec, default=0)}f}"


def read_digits(format_spec: str, default: int) -> int:
    """The decimals that a format asks for: 2 of `.2f`, `default` of `%` and of nothing."""
    digits = format_spec.strip(".,f%")
    return int(digits) if digits else default


def fill_placeholders(
    formatter: string.Formatter, prose: str, figures: Mapping[str, FigureValue]
) -> str:
    """`prose` with its placeholders filled. Raises ValueError where a name or format is wrong."""
    try:
        return formatter.vformat(prose, (), figures)
    except LookupError as error:
        name = str(error.args[0])
        raise ValueError(
            write_message(
                "{{{name}}} không phải số nào; chọn {choices}", name=name, choices=list(figures)
            )
        ) from error
    except ValueError as error:
        raise ValueError(
            write_message("chỗ trống viết sai ({error}); ví dụ {{rate:%}}", error=str(error))
        ) from error


@dataclass
class SharedWords:
    """What entries refer to by name while they are read: limits of the code, phrases, terms.

    `names` has also those that could not be read, which are a mistake of their own.
    """

    limits: Mapping[str, FigureValue]
    names: set[str] = field(default_factory=set)
    phrases: dict[str, Words] = field(default_factory=dict)
    term_sets: dict[str, TermSet] = field(default_factory=dict)

    def find_phrase(self, name: str) -> Words:
        """Raises ValueError where there is no such phrase."""
        if name in self.phrases:
            return self.phrases[name]
        if f"phrase.{name}" in self.names:
            return Words.model_construct(vi="", en="")
        raise ValueError(
            write_message(
                "không có [phrase.{name}]; chọn {choices}", name=name, choices=list(self.phrases)
            )
        )

    def find_terms(self, name: str) -> TermSet:
        """Raises ValueError where there are no such terms."""
        if name in self.term_sets:
            return self.term_sets[name]
        if f"terms.{name}" in self.names:
            return TermSet.model_construct(name=name, terms={})
        raise ValueError(
            write_message(
                "không có [terms.{name}]; chọn {choices}", name=name, choices=list(self.term_sets)
            )
        )


def get_shared_words(info: ValidationInfo) -> SharedWords:
    """What load_catalogue hands to every model that it reads."""
    assert isinstance(info.context, SharedWords), "the catalogue is read by load_catalogue alone"
    return info.context


class CatalogueModel(BaseModel):
    """A table of the files: nothing but these fields, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(CatalogueModel):
    """The same said on the screen and in the documentation; in a file also `phrase`, their name.

    A limit of the code stands in braces: `{network_news_days}`, `{source_remains:.0%}`.
    """

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @model_validator(mode="wrap")
    @classmethod
    def resolve_phrase(
        cls, entry: Any, read_words: ModelWrapValidatorHandler[Words], info: ValidationInfo
    ) -> Words:
        if not isinstance(entry, dict) or "phrase" not in entry:
            return read_words(entry)
        if len(entry) > 1:
            raise ValueError(write_message("ghi phrase, hoặc vi và en; chỉ giữ một cách"))
        return get_shared_words(info).find_phrase(str(entry["phrase"]))

    @field_validator("vi")
    @classmethod
    def fill_vietnamese(cls, prose: str, info: ValidationInfo) -> str:
        return fill_placeholders(VietnameseFormatter({}), prose, get_shared_words(info).limits)

    @field_validator("en")
    @classmethod
    def fill_english(cls, prose: str, info: ValidationInfo) -> str:
        return fill_placeholders(string.Formatter(), prose, get_shared_words(info).limits)


class Term(CatalogueModel):
    """A value that is a word: how it is called and what it means."""

    name: Words
    meaning: Words


class TermSet(CatalogueModel):
    """All words that an indicator can answer, by their codes."""

    name: str
    terms: dict[str, Term]


class ResultTemplate(CatalogueModel):
    """What an example comes to, with its expected figures in braces."""

    vi: str
    en: str


class Example(CatalogueModel):
    """Facts in words, and what follows from them, worked out by hand.

    `expected`: the figures by name; `unknown`: names of figures that nobody can tell.
    """

    facts: Words
    expected: dict[str, FigureValue]
    unknown: tuple[str, ...] = ()
    result: ResultTemplate

    @field_validator("result")
    @classmethod
    def check_placeholders(cls, result: ResultTemplate, info: ValidationInfo) -> ResultTemplate:
        # Expected figures that could not be read are a mistake of their own.
        if "expected" in info.data:
            fill_placeholders(VietnameseFormatter({}), result.vi, info.data["expected"])
            fill_placeholders(EnglishFormatter({}), result.en, info.data["expected"])
        return result


class Indicator(CatalogueModel):
    """One entry. `values`: the words it answers; `edges`: what it does with little to go by."""

    code: str = Field(pattern=r"^[a-z0-9_]+$")
    name: Words
    unit: Words
    meaning: Words
    formula: Words
    source: Words
    values: TermSet | None = None
    edges: tuple[Words, ...] = Field(alias="edge")
    example: Example

    @field_validator("values", mode="before")
    @classmethod
    def resolve_terms(cls, name: Any, info: ValidationInfo) -> TermSet:
        return get_shared_words(info).find_terms(str(name))

    @property
    def terms(self) -> Mapping[str, Term]:
        """The words it can answer by their codes; none where it answers numbers only."""
        return self.values.terms if self.values else {}

    @property
    def result_vi(self) -> str:
        """What the example comes to, in the words of the screen."""
        example = self.example
        return fill_placeholders(
            VietnameseFormatter(self.terms), example.result.vi, example.expected
        )

    @property
    def result_en(self) -> str:
        """The same in English."""
        example = self.example
        return fill_placeholders(EnglishFormatter(self.terms), example.result.en, example.expected)


class Group(CatalogueModel):
    """Indicators that belong together, in the order of the page."""

    code: str = Field(pattern=r"^[a-z0-9_]+$")
    name: Words
    indicators: tuple[Indicator, ...] = Field(alias="indicator")
