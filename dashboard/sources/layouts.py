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
from dashboard.sources.headings import NOTHING, words_of
from dashboard.sources.kinds import Kind, Layout, all_kinds

FILE = ROOT / "data" / "layouts.toml"
_KEYS = {"name", "kind", "sheet", "heading_rows", "headings"}
_MOST_BYTES = 1_000_000


class LayoutInvalid(DashboardError):
    """A file of layouts that cannot be used: which file, entry and field, and what to mend."""


def in_use(also: Path | None = None, always: Path = FILE) -> tuple[Layout, ...]:
    """The layouts of `also` (from `--layout`), then those of data/layouts.toml. Raises LayoutInvalid."""
    given = read(also) if also else ()
    return (*given, *(read(always) if always.exists() else ()))


def read(path: Path) -> tuple[Layout, ...]:
    """The layouts of one file. Raises LayoutInvalid."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LayoutInvalid(f"{path.name}: nặng hơn 1 MB, không phải tệp mẫu biểu; hãy chọn đúng tệp")
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LayoutInvalid(f"{path.name}: không mở được tệp mẫu biểu; hãy kiểm tra đường dẫn") from error
    except UnicodeDecodeError as error:
        raise LayoutInvalid(f"{path.name}: không phải văn bản UTF-8; hãy lưu lại dạng UTF-8") from error
    return parse(content, path.name)


def parse(content: str, file: str) -> tuple[Layout, ...]:
    """Layouts as `[[layout]]` entries: name, kind, [layout.headings], and where wished sheet, heading_rows."""
    try:
        told = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise LayoutInvalid(f"{file}: không đúng cú pháp TOML ({error}); hãy sửa dòng đó") from error
    if stray := sorted(set(told) - {"layout"}):
        raise LayoutInvalid(f'{file}: không hiểu mục "{stray[0]}"; mỗi mẫu biểu là một mục [[layout]]')
    entries = told.get("layout", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LayoutInvalid(f"{file}: mỗi mẫu biểu phải là một mục [[layout]]")
    return tuple(_layout(entry, f"{file}, mẫu biểu thứ {number}") for number, entry in enumerate(entries, start=1))


def _layout(entry: Mapping[str, Any], place: str) -> Layout:
    if stray := sorted(set(entry) - _KEYS):
        raise LayoutInvalid(f'{place}: không có trường "{stray[0]}"; các trường là {", ".join(sorted(_KEYS))}')
    name = _words(entry, "name", place)
    place = f'{place} ("{name}")'
    kinds = {kind.code: kind for kind in all_kinds() if kind.fields}
    code = _words(entry, "kind", place)
    if code not in kinds:
        raise LayoutInvalid(f'{place}, trường "kind": không có loại "{code}"; các loại là {", ".join(sorted(kinds))}')
    sheet = _words(entry, "sheet", place) if "sheet" in entry else None
    return Layout(name, code, _headings(entry, kinds[code], place), sheet, _rows(entry, place))


def _words(entry: Mapping[str, Any], field: str, place: str) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or not value.strip():
        raise LayoutInvalid(f'{place}, trường "{field}": phải là chữ, không để trống')
    return value.strip()


def _headings(entry: Mapping[str, Any], kind: Kind, place: str) -> tuple[tuple[str, str], ...]:
    """The taught headings. One heading cannot stand for two fields; `ignore` passes a column over."""
    told = entry.get("headings")
    place = f'{place}, trường "headings"'
    if not isinstance(told, dict) or not told:
        raise LayoutInvalid(f'{place}: phải có ít nhất một dòng "tiêu đề cột" = "trường"')
    fields = {field.name for field in kind.fields}
    meant: dict[tuple[str, ...], str] = {}
    for heading, field in told.items():
        if field not in fields | {NOTHING}:
            allowed = ", ".join(sorted(fields))
            raise LayoutInvalid(f'{place}, "{heading}": không có trường "{field}"; hãy chọn {NOTHING} hoặc {allowed}')
        words = words_of(heading)
        if not words:
            raise LayoutInvalid(f'{place}, "{heading}": tiêu đề phải có chữ')
        if meant.setdefault(words, field) != field:
            raise LayoutInvalid(f'{place}, "{heading}": cùng nghĩa với một tiêu đề khác nhưng chỉ sang trường khác')
    return tuple(told.items())


def _rows(entry: Mapping[str, Any], place: str) -> tuple[int, int] | None:
    if "heading_rows" not in entry:
        return None
    rows = entry["heading_rows"]
    whole = isinstance(rows, list) and 1 <= len(rows) <= 2 and all(type(row) is int for row in rows)
    if not whole or not 1 <= rows[0] <= rows[-1] <= rows[0] + 9:
        raise LayoutInvalid(f'{place}, trường "heading_rows": phải là dòng đầu và dòng cuối của tiêu đề, ví dụ [4, 5]')
    return rows[0], rows[-1]
