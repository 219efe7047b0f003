"""Forms that an administrator taught: `data/layouts.toml`, or a file given with `--layout`.

A layout says which heading of a form stands for which field, where the readers would not know it by
themselves; which columns to pass over, which to add up, and what a level of a heading says of the
period. Reading it fails with the file, the entry and the field named.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from dashboard.errors import DashboardError
from dashboard.messages import Message, write_message
from dashboard.reference import ROOT
from dashboard.sources.recognise.file_kinds import FileKind, Layout, load_file_kinds
from dashboard.sources.recognise.heading_words import split_taught_levels, split_taught_words
from dashboard.sources.recognise.headings import CURRENT_PERIOD, PASSED_OVER

LAYOUTS_FILE = ROOT / "data" / "layouts.toml"
_MOST_BYTES = 1_000_000
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class LayoutInvalid(DashboardError):
    """A file of layouts that cannot be used: which file, entry and field, and what to mend."""


def _require_row_range(rows: list[int]) -> list[int]:
    if not 1 <= rows[0] <= rows[-1] <= rows[0] + 9:
        raise ValueError(write_message("phải là dòng đầu và dòng cuối của tiêu đề, ví dụ [4, 5]"))
    return rows


def _require_period(period: str) -> str:
    if period not in {CURRENT_PERIOD, PASSED_OVER} and not _MONTH.fullmatch(period):
        raise ValueError(
            write_message(
                'không hiểu kỳ "{period}"; hãy ghi {current} (kỳ của biểu), {passed_over} '
                "(bỏ qua) hoặc tháng dạng 2026-10",
                period=period,
                current=CURRENT_PERIOD,
                passed_over=PASSED_OVER,
            )
        )
    return period


class LayoutEntry(BaseModel):
    """One `[[layout]]` as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Words
    kind: Words
    sheet: Words | None = None
    heading_rows: (
        Annotated[list[int], Field(min_length=1, max_length=2), AfterValidator(_require_row_range)]
        | None
    ) = None
    headings: dict[str, str] = Field(default_factory=dict)
    ignore: list[Words] = Field(default_factory=list)
    sums: dict[str, Annotated[list[Words], Field(min_length=2)]] = Field(default_factory=dict)
    periods: dict[Words, Annotated[str, AfterValidator(_require_period)]] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def teach_something(self) -> LayoutEntry:
        if not (self.headings or self.ignore or self.sums or self.periods):
            raise ValueError(
                write_message(
                    'trường "headings": phải có ít nhất một dòng "tiêu đề cột" = "trường" '
                    "(hoặc ignore, sums, periods)"
                )
            )
        return self


def load_layouts(
    extra_file: Path | None = None, standing_file: Path = LAYOUTS_FILE
) -> tuple[Layout, ...]:
    """The layouts of `extra_file` (from `--layout`), then those of data/layouts.toml. Raises
    LayoutInvalid.
    """
    extra_layouts = read_layouts(extra_file) if extra_file else ()
    asked = tuple(replace(layout, is_asked=True) for layout in extra_layouts)
    return (*asked, *(read_layouts(standing_file) if standing_file.exists() else ()))


def locate_layout_file(layout_file: Path | None, files: Sequence[str]) -> Path | None:
    """The file named with `--layout`; one that is not in the working folder may lie beside the
    first file to import.
    """
    if layout_file is None or layout_file.is_absolute() or layout_file.exists() or not files:
        return layout_file
    beside = Path(files[0]).parent / layout_file
    return beside if beside.exists() else layout_file


def read_layouts(path: Path) -> tuple[Layout, ...]:
    """The layouts of one file. Raises LayoutInvalid."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LayoutInvalid(
                write_message(
                    "{file}: nặng hơn 1 MB, không phải tệp mẫu biểu; hãy chọn đúng tệp",
                    file=path.name,
                )
            )
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LayoutInvalid(
            write_message(
                "{file}: không mở được tệp mẫu biểu; hãy kiểm tra đường dẫn", file=path.name
            )
        ) from error
    except UnicodeDecodeError as error:
        raise LayoutInvalid(
            write_message(
                "{file}: không phải văn bản UTF-8; hãy lưu lại dạng UTF-8", file=path.name
            )
        ) from error
    return parse_layouts(content, path.name)


def parse_layouts(content: str, file: str) -> tuple[Layout, ...]:
    """Layouts as `[[layout]]` entries: name, kind, what they teach, and where wished sheet,
    heading_rows.
    """
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise LayoutInvalid(
            write_message(
                "{file}: không đúng cú pháp TOML ({error}); hãy sửa dòng đó",
                file=file,
                error=str(error),
            )
        ) from error
    if stray := sorted(set(document) - {"layout"}):
        raise LayoutInvalid(
            write_message(
                '{file}: không hiểu mục "{table}"; mỗi mẫu biểu là một mục [[layout]]',
                file=file,
                table=stray[0],
            )
        )
    entries = document.get("layout", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LayoutInvalid(
            write_message("{file}: mỗi mẫu biểu phải là một mục [[layout]]", file=file)
        )
    return tuple(
        _parse_layout(
            entry, write_message("{file}, mẫu biểu thứ {number}", file=file, number=number)
        )
        for number, entry in enumerate(entries, start=1)
    )


def _parse_layout(written: dict[str, Any], where: Message) -> Layout:
    name = written.get("name")
    if isinstance(name, str) and name.strip():
        where = write_message('{where} ("{name}")', where=where, name=name.strip())
    try:
        entry = LayoutEntry.model_validate(written)
    except ValidationError as error:
        raise LayoutInvalid(_explain_error(where, error.errors()[0])) from error
    kinds = {file_kind.code: file_kind for file_kind in load_file_kinds() if file_kind.fields}
    if entry.kind not in kinds:
        raise LayoutInvalid(
            write_message(
                '{where}, trường "kind": không có loại "{kind}"; các loại là {kinds}',
                where=where,
                kind=entry.kind,
                kinds=sorted(kinds),
            )
        )
    headings = {**entry.headings, **dict.fromkeys(entry.ignore, PASSED_OVER)}
    _check_headings(
        headings, kinds[entry.kind], write_message('{where}, trường "headings"', where=where)
    )
    _check_sums(
        entry, headings, kinds[entry.kind], write_message('{where}, trường "sums"', where=where)
    )
    rows = entry.heading_rows
    return Layout(
        entry.name,
        entry.kind,
        tuple(headings.items()),
        entry.sheet,
        (rows[0], rows[-1]) if rows else None,
        tuple((field, tuple(parts)) for field, parts in entry.sums.items()),
        tuple(entry.periods.items()),
    )


_ERROR_WORDS = {
    "missing": write_message("phải có"),
    "string_too_short": write_message("phải là chữ, không để trống"),
    "string_type": write_message("phải là chữ, không để trống"),
    "dict_type": write_message('phải là các dòng "tiêu đề cột" = "trường"'),
    "list_type": write_message("phải là một danh sách trong ngoặc vuông"),
    "int_type": write_message("phải là số dòng, ví dụ [4, 5]"),
    "too_short": write_message("thiếu phần tử"),
    "too_long": write_message("thừa phần tử"),
}


def _explain_error(where: Message, error: ErrorDetails) -> Message:
    """The first mistake of an entry: which field, and what belongs there."""
    fields = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        return write_message(
            '{where}: không có trường "{field}"; các trường là {fields}',
            where=where,
            field=fields[0],
            fields=sorted(LayoutEntry.model_fields),
        )
    message = _find_own_message(error) or _ERROR_WORDS.get(
        error["type"], write_message("không đúng kiểu")
    )
    if not fields:
        return write_message("{where}, {message}", where=where, message=message)
    place = write_message('{where}, trường "{field}"', where=where, field=fields[0])
    if len(fields) > 1 and not fields[1].isdecimal():
        place = write_message('{where}, "{name}"', where=place, name=fields[1])
    return write_message("{where}: {message}", where=place, message=message)


def _find_own_message(error: ErrorDetails) -> Message | None:
    """What a validator of this module said; None where it was pydantic itself."""
    raised = error.get("ctx", {}).get("error")
    return raised.args[0] if isinstance(raised, ValueError) else None


def _check_headings(headings: dict[str, str], file_kind: FileKind, where: Message) -> None:
    """One heading stands for one field; `ignore` passes a column over."""
    fields = {field.name for field in file_kind.fields}
    field_by_words: dict[tuple[str, ...], str] = {}
    for heading, field in headings.items():
        if field not in fields | {PASSED_OVER}:
            raise LayoutInvalid(
                write_message(
                    '{where}, "{heading}": không có trường "{field}"; hãy chọn {passed_over} '
                    "hoặc {allowed}",
                    where=where,
                    heading=heading,
                    field=field,
                    passed_over=PASSED_OVER,
                    allowed=sorted(fields),
                )
            )
        words = split_taught_words(heading)
        if not words:
            raise LayoutInvalid(
                write_message(
                    '{where}, "{heading}": tiêu đề phải có chữ', where=where, heading=heading
                )
            )
        if field_by_words.setdefault(words, field) != field:
            raise LayoutInvalid(
                write_message(
                    '{where}, "{heading}": cùng nghĩa với một tiêu đề khác nhưng chỉ sang trường '
                    "khác",
                    where=where,
                    heading=heading,
                )
            )


def _check_sums(
    entry: LayoutEntry, headings: dict[str, str], file_kind: FileKind, where: Message
) -> None:
    """A part belongs to one sum, and is taught once."""
    fields = {field.name for field in file_kind.fields}
    taught = {split_taught_levels(heading) for heading in headings}
    for field, parts in entry.sums.items():
        if field not in fields:
            raise LayoutInvalid(
                write_message(
                    '{where}: không có trường "{field}"; hãy chọn {allowed}',
                    where=where,
                    field=field,
                    allowed=sorted(fields),
                )
            )
        if field in headings.values():
            raise LayoutInvalid(
                write_message(
                    '{where}, "{field}": đã có một cột riêng trong headings',
                    where=where,
                    field=field,
                )
            )
        for heading in parts:
            levels = split_taught_levels(heading)
            if not levels or levels in taught:
                raise LayoutInvalid(
                    write_message(
                        '{where}, "{heading}": tiêu đề phải có chữ và chỉ được ghi một lần',
                        where=where,
                        heading=heading,
                    )
                )
            taught.add(levels)
