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
from dashboard.reference import ROOT
from dashboard.sources.recognise.file_kinds import FileKind, Layout, load_file_kinds
from dashboard.sources.recognise.headings import (
    CURRENT_PERIOD,
    PASSED_OVER,
    split_taught_levels,
    split_taught_words,
)

LAYOUTS_FILE = ROOT / "data" / "layouts.toml"
_MOST_BYTES = 1_000_000
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class LayoutInvalid(DashboardError):
    """A file of layouts that cannot be used: which file, entry and field, and what to mend."""


def _require_row_range(rows: list[int]) -> list[int]:
    if not 1 <= rows[0] <= rows[-1] <= rows[0] + 9:
        raise ValueError("phải là dòng đầu và dòng cuối của tiêu đề, ví dụ [4, 5]")
    return rows


def _require_period(period: str) -> str:
    if period not in {CURRENT_PERIOD, PASSED_OVER} and not _MONTH.fullmatch(period):
        raise ValueError(
            f'không hiểu kỳ "{period}"; hãy ghi {CURRENT_PERIOD} (kỳ của biểu), {PASSED_OVER} '
            "(bỏ qua) hoặc tháng dạng 2026-10"
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
                'trường "headings": phải có ít nhất một dòng "tiêu đề cột" = "trường" '
                "(hoặc ignore, sums, periods)"
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
                f"{path.name}: nặng hơn 1 MB, không phải tệp mẫu biểu; hãy chọn đúng tệp"
            )
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LayoutInvalid(
            f"{path.name}: không mở được tệp mẫu biểu; hãy kiểm tra đường dẫn"
        ) from error
    except UnicodeDecodeError as error:
        raise LayoutInvalid(
            f"{path.name}: không phải văn bản UTF-8; hãy lưu lại dạng UTF-8"
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
            f"{file}: không đúng cú pháp TOML ({error}); hãy sửa dòng đó"
        ) from error
    if stray := sorted(set(document) - {"layout"}):
        raise LayoutInvalid(
            f'{file}: không hiểu mục "{stray[0]}"; mỗi mẫu biểu là một mục [[layout]]'
        )
    entries = document.get("layout", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LayoutInvalid(f"{file}: mỗi mẫu biểu phải là một mục [[layout]]")
    return tuple(
        _parse_layout(entry, f"{file}, mẫu biểu thứ {number}")
        for number, entry in enumerate(entries, start=1)
    )


def _parse_layout(written: dict[str, Any], where: str) -> Layout:
    name = written.get("name")
    if isinstance(name, str) and name.strip():
        where = f'{where} ("{name.strip()}")'
    try:
        entry = LayoutEntry.model_validate(written)
    except ValidationError as error:
        raise LayoutInvalid(f"{where}{_explain_error(error.errors()[0])}") from error
    kinds = {file_kind.code: file_kind for file_kind in load_file_kinds() if file_kind.fields}
    if entry.kind not in kinds:
        raise LayoutInvalid(
            f'{where}, trường "kind": không có loại "{entry.kind}"'
            f"; các loại là {', '.join(sorted(kinds))}"
        )
    headings = {**entry.headings, **dict.fromkeys(entry.ignore, PASSED_OVER)}
    _check_headings(headings, kinds[entry.kind], f'{where}, trường "headings"')
    _check_sums(entry, headings, kinds[entry.kind], f'{where}, trường "sums"')
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
    "missing": "phải có",
    "string_too_short": "phải là chữ, không để trống",
    "string_type": "phải là chữ, không để trống",
    "dict_type": 'phải là các dòng "tiêu đề cột" = "trường"',
    "list_type": "phải là một danh sách trong ngoặc vuông",
    "int_type": "phải là số dòng, ví dụ [4, 5]",
    "too_short": "thiếu phần tử",
    "too_long": "thừa phần tử",
}


def _explain_error(error: ErrorDetails) -> str:
    """The first mistake of an entry: which field, and what belongs there."""
    fields = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        return (
            f': không có trường "{fields[0]}"; các trường là '
            f"{', '.join(sorted(LayoutEntry.model_fields))}"
        )
    message = str(error.get("ctx", {}).get("error", "")) or _ERROR_WORDS.get(
        error["type"], "không đúng kiểu"
    )
    if not fields:
        return f", {message}"
    entry = f', "{fields[1]}"' if len(fields) > 1 and not fields[1].isdecimal() else ""
    return f', trường "{fields[0]}"{entry}: {message}'


def _check_headings(headings: dict[str, str], file_kind: FileKind, where: str) -> None:
    """One heading stands for one field; `ignore` passes a column over."""
    fields = {field.name for field in file_kind.fields}
    field_by_words: dict[tuple[str, ...], str] = {}
    for heading, field in headings.items():
        if field not in fields | {PASSED_OVER}:
            allowed = ", ".join(sorted(fields))
            raise LayoutInvalid(
                f'{where}, "{heading}": không có trường "{field}"'
                f"; hãy chọn {PASSED_OVER} hoặc {allowed}"
            )
        words = split_taught_words(heading)
        if not words:
            raise LayoutInvalid(f'{where}, "{heading}": tiêu đề phải có chữ')
        if field_by_words.setdefault(words, field) != field:
            raise LayoutInvalid(
                f'{where}, "{heading}": cùng nghĩa với một tiêu đề khác nhưng chỉ sang trường khác'
            )


def _check_sums(
    entry: LayoutEntry, headings: dict[str, str], file_kind: FileKind, where: str
) -> None:
    """A part belongs to one sum, and is taught once."""
    fields = {field.name for field in file_kind.fields}
    taught = {split_taught_levels(heading) for heading in headings}
    for field, parts in entry.sums.items():
        if field not in fields:
            allowed = ", ".join(sorted(fields))
            raise LayoutInvalid(f'{where}: không có trường "{field}"; hãy chọn {allowed}')
        if field in headings.values():
            raise LayoutInvalid(f'{where}, "{field}": đã có một cột riêng trong headings')
        for heading in parts:
            levels = split_taught_levels(heading)
            if not levels or levels in taught:
                raise LayoutInvalid(
                    f'{where}, "{heading}": tiêu đề phải có chữ và chỉ được ghi một lần'
                )
            taught.add(levels)
