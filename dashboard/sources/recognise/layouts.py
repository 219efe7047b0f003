"""Forms that an administrator taught: `data/layouts.toml`, or a file given with `--layout`.

A layout says which heading of a form stands for which field, where the readers would not know it by
themselves. Reading it fails with the file, the entry and the field named.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.errors import DashboardError
from dashboard.reference import ROOT
from dashboard.sources.recognise.file_kinds import FileKind, Layout, load_file_kinds
from dashboard.sources.recognise.headings import PASSED_OVER, split_taught_words

LAYOUTS_FILE = ROOT / "data" / "layouts.toml"
_KEYS = {"name", "kind", "sheet", "heading_rows", "headings"}
_MOST_BYTES = 1_000_000


class LayoutInvalid(DashboardError):
    """A file of layouts that cannot be used: which file, entry and field, and what to mend."""


def load_layouts(
    extra_file: Path | None = None, standing_file: Path = LAYOUTS_FILE
) -> tuple[Layout, ...]:
    """The layouts of `extra_file` (from `--layout`), then those of data/layouts.toml. Raises
    LayoutInvalid.
    """
    extra_layouts = read_layouts(extra_file) if extra_file else ()
    return (*extra_layouts, *(read_layouts(standing_file) if standing_file.exists() else ()))


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
    """Layouts as `[[layout]]` entries: name, kind, [layout.headings], and where wished sheet,
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


def _parse_layout(entry: Mapping[str, Any], where: str) -> Layout:
    if stray := sorted(set(entry) - _KEYS):
        raise LayoutInvalid(
            f'{where}: không có trường "{stray[0]}"; các trường là {", ".join(sorted(_KEYS))}'
        )
    name = _require_text(entry, "name", where)
    where = f'{where} ("{name}")'
    kinds = {file_kind.code: file_kind for file_kind in load_file_kinds() if file_kind.fields}
    kind_code = _require_text(entry, "kind", where)
    if kind_code not in kinds:
        raise LayoutInvalid(
            f'{where}, trường "kind": không có loại "{kind_code}"'
            f"; các loại là {', '.join(sorted(kinds))}"
        )
    sheet = _require_text(entry, "sheet", where) if "sheet" in entry else None
    return Layout(
        name,
        kind_code,
        _parse_headings(entry, kinds[kind_code], where),
        sheet,
        _parse_heading_rows(entry, where),
    )


def _require_text(entry: Mapping[str, Any], field: str, where: str) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or not value.strip():
        raise LayoutInvalid(f'{where}, trường "{field}": phải là chữ, không để trống')
    return value.strip()


def _parse_headings(
    entry: Mapping[str, Any], file_kind: FileKind, where: str
) -> tuple[tuple[str, str], ...]:
    """The taught headings. One heading stands for one field; `ignore` passes a column over."""
    taught = entry.get("headings")
    where = f'{where}, trường "headings"'
    if not isinstance(taught, dict) or not taught:
        raise LayoutInvalid(f'{where}: phải có ít nhất một dòng "tiêu đề cột" = "trường"')
    fields = {field.name for field in file_kind.fields}
    field_by_words: dict[tuple[str, ...], str] = {}
    for heading, field in taught.items():
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
    return tuple(taught.items())


def _parse_heading_rows(entry: Mapping[str, Any], where: str) -> tuple[int, int] | None:
    if "heading_rows" not in entry:
        return None
    rows = entry["heading_rows"]
    are_row_numbers = (
        isinstance(rows, list) and 1 <= len(rows) <= 2 and all(type(row) is int for row in rows)
    )
    if not are_row_numbers or not 1 <= rows[0] <= rows[-1] <= rows[0] + 9:
        raise LayoutInvalid(
            f'{where}, trường "heading_rows": phải là dòng đầu và dòng cuối của tiêu đề, ví dụ [4, '
            "5]"
        )
    return rows[0], rows[-1]
