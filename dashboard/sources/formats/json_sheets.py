"""JSON as the portal and other systems answer it: every list of objects in it is a sheet.

Bounded before it is parsed: bytes, depth, number of objects. An object beside a list that has the
same keys (the portal's `parent` beside `children`) is the list's total row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.formats import delimited
from dashboard.sources.formats.sheet import Cell, Sheet, SheetRow

# A JSON list of flat records as a sheet: its keys are the heading row, each record is a row.

# A million readings weigh about 150 MB as JSON; the whole list is held in memory.
MAX_RECORDS_BYTES = 200_000_000
# A million records of a dozen values; each value costs memory far beyond its bytes in the file.
MAX_RECORDS = 1_200_000
MAX_RECORD_VALUES = 12_000_000
MAX_RECORD_KEYS = 200
RECORD_PEEK_ROWS = 120
_SEND_RECORDS = write_message(
    'hãy gửi một danh sách bản ghi dạng [{{"commune_code": "04792", …}}, …]'
)


def open_record_sheets(path: Path) -> list[Sheet]:
    """The list as the one sheet of the file. Raises FileRefused where it is no list of flat
    records.
    """
    written = path.read_bytes()
    # Counted before anything is made of it; marks within texts count too, which no real list
    # notices.
    if (
        written.count(b"{") + written.count(b"[") > MAX_RECORDS
        or written.count(b",") > MAX_RECORD_VALUES
    ):
        raise FileRefused(
            path.name,
            write_message("tệp JSON có quá nhiều bản ghi"),
            write_message("hãy chia tệp thành nhiều phần"),
        )
    keys: set[str] = set()

    def note_keys(record: dict[str, Any]) -> dict[str, Any]:
        keys.update(record)
        if len(keys) > MAX_RECORD_KEYS:
            raise FileRefused(
                path.name,
                write_message(
                    "tệp JSON có hơn {most_keys} khóa khác nhau", most_keys=MAX_RECORD_KEYS
                ),
                _SEND_RECORDS,
            )
        return record

    try:
        records = json.loads(written, object_hook=note_keys)
    except (ValueError, RecursionError) as error:
        raise FileRefused(
            path.name, write_message("tệp JSON bị hỏng hoặc không đầy đủ"), _SEND_RECORDS
        ) from error
    return [make_record_sheet(path, records)]


def open_line_sheets(path: Path) -> list[Sheet] | None:
    """The one sheet of a file with an object a line (NDJSON); None where it is no such file."""
    encoding = delimited.detect_encoding(path)
    if encoding is None or encoding == "cp1258":
        return None
    lines = [line for line in path.read_text(encoding=encoding).splitlines() if line.strip()]
    if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines[:2]):
        return None
    records = []
    for number, line in enumerate(lines, 1):
        try:
            records.append(json.loads(line, object_pairs_hook=_make_object))
        except (ValueError, RecursionError, _DuplicateKey) as error:
            if number == 1:
                return None  # an object over several lines
            raise FileRefused(
                path.name,
                write_message(
                    "tệp JSON (mỗi dòng một bản ghi) bị hỏng ở dòng {number}", number=number
                ),
                _SEND_AGAIN,
            ) from error
    if len(records) > MAX_RECORDS:
        raise FileRefused(
            path.name,
            write_message("tệp JSON có quá nhiều bản ghi"),
            write_message("hãy chia tệp thành nhiều phần"),
        )
    return [make_record_sheet(path, records)]


def make_record_sheet(path: Path, records: Any) -> Sheet:
    """A list of flat objects as a sheet; row 1 holds all their keys in the order of first
    appearance.
    """
    if (
        not isinstance(records, list)
        or not records
        or not all(isinstance(record, dict) for record in records)
    ):
        raise FileRefused(
            path.name, write_message("tệp JSON không phải danh sách bản ghi"), _SEND_RECORDS
        )
    keys = list(dict.fromkeys(key for record in records for key in record))
    if any(isinstance(value, dict | list) for record in records for value in record.values()):
        raise FileRefused(path.name, write_message("tệp JSON có bản ghi lồng nhau"), _SEND_RECORDS)

    def rows() -> Iterator[SheetRow]:
        yield SheetRow(1, list(keys))
        for number, record in enumerate(records, start=2):
            yield SheetRow(number, [record.get(key) for key in keys])

    peek = list(islice(rows(), RECORD_PEEK_ROWS))
    return Sheet("JSON", peek, rows)


MAX_JSON_BYTES = 50_000_000
MAX_DEPTH = 40
# Each costs memory far beyond its two bytes in the file.
MAX_OBJECTS = 1_000_000
MAX_JSON_VALUES = 5_000_000
MAX_SHEET_KEYS = 200
# Lists (each is a sheet that every kind of file is tried on), what is written around one, totals
# beside one.
MAX_LISTS = 50
_MAX_TITLES = 40
_MAX_BESIDE = 20
_MAX_TITLE = 300
_OBJECT_START = re.compile(r"^\s*\{\s*[\"}]")
# A text that is never closed reaches to the end, once: nothing is tried again inside it.
_JSON_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_SEND_AGAIN = write_message("hãy tải lại tệp JSON từ hệ thống rồi gửi lại")
_ONE_LIST = write_message("hãy xuất riêng danh sách số liệu rồi gửi lại")
_TOTAL_NAME = "Tổng cộng"


def looks_like_json_object(start: bytes) -> bool:
    """Whether a file that begins so is a JSON object, in UTF-8 or UTF-16."""
    return bool(
        _OBJECT_START.match(
            start.replace(b"\0", b"").decode("utf-8", errors="ignore").lstrip("\ufeff\ufffd")
        )
    )


def open_json_sheets(path: Path) -> list[Sheet]:
    """A sheet for each list of objects. Raises FileRefused where the JSON is broken or too deep."""
    content = _read_content(path)
    sheets = list(islice(_find_sheets(content, (), []), MAX_LISTS + 1))
    if len(sheets) > MAX_LISTS:
        raise FileRefused(
            path.name,
            write_message("tệp JSON có hơn {most_lists} danh sách", most_lists=MAX_LISTS),
            _ONE_LIST,
        )
    if not sheets:
        raise FileRefused(
            path.name, write_message("tệp JSON không có danh sách số liệu nào"), _SEND_AGAIN
        )
    return sheets


def _read_content(path: Path) -> Any:
    encoding = delimited.detect_encoding(path)
    if encoding is None or encoding == "cp1258":  # JSON is Unicode, always
        raise FileRefused(path.name, write_message("tệp JSON không phải mã UTF-8"), _SEND_AGAIN)
    written = path.read_text(encoding=encoding)
    _check_size(path, written)
    try:
        return json.loads(written, object_pairs_hook=_make_object)
    except json.JSONDecodeError as error:
        message = write_message(
            "tệp JSON bị hỏng ở dòng {line}, cột {column}", line=error.lineno, column=error.colno
        )
        raise FileRefused(path.name, message, _SEND_AGAIN) from error
    except _DuplicateKey as error:
        raise FileRefused(
            path.name,
            write_message('tệp JSON ghi hai lần khóa "{key}" trong một mục', key=str(error)),
            _SEND_AGAIN,
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise FileRefused(
            path.name, write_message("tệp JSON có số không đọc được"), _SEND_AGAIN
        ) from error


class _DuplicateKey(Exception):
    """A key that stands twice in one object: which of the two values is meant nobody knows."""


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        seen_keys: set[str] = set()
        for key, _ in pairs:
            if key in seen_keys:
                raise _DuplicateKey(key[:40])
            seen_keys.add(key)
    return mapping


def _check_size(path: Path, written: str) -> None:
    if written.count(",") > MAX_JSON_VALUES:
        raise FileRefused(path.name, write_message("tệp JSON có quá nhiều mục"), _ONE_LIST)
    depth = objects = 0
    for token in _JSON_TOKENS.finditer(written):
        mark = token.group()
        if mark in "[{":
            depth = depth + 1
            objects = objects + 1
            if depth > MAX_DEPTH or objects > MAX_OBJECTS:
                if depth > MAX_DEPTH:
                    message = write_message("tệp JSON lồng nhau quá sâu")
                else:
                    message = write_message("tệp JSON có quá nhiều mục")
                raise FileRefused(path.name, message, _ONE_LIST)
        elif mark in "]}":
            depth -= 1


def _find_sheets(value: Any, path: tuple[str, ...], titles: list[str]) -> Iterator[Sheet]:
    """Every list of objects below `value`, each with what stands around it as its titles."""
    if isinstance(value, dict):
        title_cells = (
            f"{key[:_MAX_TITLE]}: {cell}"[:_MAX_TITLE]
            for key, cell in value.items()
            if _is_words(cell)
        )
        own_titles = [
            *titles,
            *islice(chain(_state_period(value), title_cells), _MAX_TITLES - len(titles)),
        ]
        beside = list(
            islice(
                (sibling for sibling in value.values() if isinstance(sibling, dict)), _MAX_BESIDE
            )
        )
        for key, inner in value.items():
            if isinstance(inner, list):
                yield from _make_list_sheet(inner, (*path, key), own_titles, beside)
            elif isinstance(inner, dict):
                yield from _find_sheets(inner, (*path, key), own_titles)
    elif isinstance(value, list):
        yield from _make_list_sheet(value, path, titles, [])


def _make_list_sheet(
    elements: list[Any], path: tuple[str, ...], titles: list[str], beside: list[dict[str, Any]]
) -> Iterator[Sheet]:
    records = [_flatten(record) for record in elements if isinstance(record, dict)]
    keys = list(dict.fromkeys(key for record in records for key in record))[:MAX_SHEET_KEYS]
    if len(keys) < 2:
        return
    totals = [total for total in beside if len(keys) > 2 and len(set(keys) & set(total)) >= 3]
    total_titles = (
        str(cell)[:_MAX_TITLE] for total in totals for cell in total.values() if _is_words(cell)
    )
    lines = [*titles, *islice(total_titles, _MAX_TITLES)]

    def rows() -> Iterator[SheetRow]:
        for number, line in enumerate(lines):
            yield SheetRow(number - len(lines), [line])
        yield SheetRow(0, ["", *keys])
        for number, record in enumerate(records, 1):
            yield SheetRow(number, ["", *(_convert_to_cell(record.get(key)) for key in keys)])
        for number, total in enumerate(totals, len(records) + 1):
            figures = (
                cell if isinstance(cell := _convert_to_cell(total.get(key)), int | float) else ""
                for key in keys
            )
            yield SheetRow(number, [_TOTAL_NAME, *figures])

    yield Sheet(
        ".".join(path)[:_MAX_TITLE] or "JSON", list(islice(rows(), delimited.PEEK_ROWS)), rows
    )


def _flatten(record: dict[str, Any]) -> dict[str, Any]:
    """An object's inner objects as headings of two levels: `{"Đã giải quyết": {"Đúng hạn": 3}}` as
    "Đã giải quyết > Đúng hạn". What lies deeper is no column."""
    if not any(isinstance(value, dict) for value in record.values()):
        return record
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{key} > {inner}": cell for inner, cell in value.items()}
        else:
            flat[key] = value
    return flat


def _convert_to_cell(value: Any) -> Cell:
    return value if isinstance(value, str | int | float | bool) else ""


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _state_period(value: dict[str, Any]) -> list[str]:
    """`{"fromDate": "2026-08-01", "toDate": "2026-08-31"}` as a title of a form says it."""
    days = []
    for words in (
        ("fromdate", "startdate", "tungay", "from"),
        ("todate", "enddate", "denngay", "to"),
    ):
        cells = [cell for key, cell in value.items() if key.replace("_", "").casefold() in words]
        match = re.match(r"(\d{4})-(\d\d)-(\d\d)", str(cells[0])) if cells else None
        if match:
            days.append("/".join(reversed(match.groups())))
        elif cells and re.match(r"\d{1,2}/\d{1,2}/\d{4}$", str(cells[0])):
            days.append(str(cells[0]))
    return [f"Từ ngày {days[0]} đến ngày {days[1]}"] if len(days) == 2 else []
