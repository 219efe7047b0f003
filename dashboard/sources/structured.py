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
from dashboard.sources import delimited
from dashboard.sources.sheet import Cell, Row, Sheet

MAX_BYTES = 50_000_000
MAX_DEPTH = 40
# Each costs memory far beyond its two bytes in the file.
MAX_OBJECTS = 1_000_000
MAX_VALUES = 5_000_000
MAX_KEYS = 200
# Lists (each is a sheet that every kind of file is tried on), what is written around one, totals beside one.
MAX_LISTS = 50
_MAX_TITLES = 40
_MAX_BESIDE = 20
_MAX_TITLE = 300
_START = re.compile(r"^\s*\{\s*[\"}]")
# A text that is never closed reaches to the end, once: nothing is tried again inside it.
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_SEND_AGAIN = "hãy tải lại tệp JSON từ hệ thống rồi gửi lại"
_ONE_LIST = "hãy xuất riêng danh sách số liệu rồi gửi lại"
_TOTAL = "Tổng cộng"


def looks_like(start: bytes) -> bool:
    """Whether a file that begins so is a JSON object, in UTF-8 or UTF-16."""
    return bool(_START.match(start.replace(b"\0", b"").decode("utf-8", errors="ignore").lstrip("\ufeff\ufffd")))


def sheets(path: Path) -> list[Sheet]:
    """A sheet for each list of objects. Raises FileRefused where the JSON is broken or too deep."""
    content = _content(path)
    found = list(islice(_tables(content, (), []), MAX_LISTS + 1))
    if len(found) > MAX_LISTS:
        raise FileRefused(path.name, f"tệp JSON có hơn {MAX_LISTS} danh sách", _ONE_LIST)
    if not found:
        raise FileRefused(path.name, "tệp JSON không có danh sách số liệu nào", _SEND_AGAIN)
    return found


def _content(path: Path) -> Any:
    encoding = delimited.encoding_of(path)
    if encoding is None or encoding == "cp1258":  # JSON is Unicode, always
        raise FileRefused(path.name, "tệp JSON không phải mã UTF-8", _SEND_AGAIN)
    written = path.read_text(encoding=encoding)
    _check_size(path, written)
    try:
        return json.loads(written, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        message = f"tệp JSON bị hỏng ở dòng {error.lineno}, cột {error.colno}"
        raise FileRefused(path.name, message, _SEND_AGAIN) from error
    except _Twice as error:
        raise FileRefused(path.name, f'tệp JSON ghi hai lần khóa "{error}" trong một mục', _SEND_AGAIN) from error
    except ValueError as error:  # a number of thousands of digits
        raise FileRefused(path.name, "tệp JSON có số không đọc được", _SEND_AGAIN) from error


class _Twice(Exception):
    """A key that stands twice in one object: which of the two values is meant nobody knows."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Twice(key[:40])
            seen.add(key)
    return made


def _check_size(path: Path, written: str) -> None:
    if written.count(",") > MAX_VALUES:
        raise FileRefused(path.name, "tệp JSON có quá nhiều mục", _ONE_LIST)
    depth = objects = 0
    for token in _TOKENS.finditer(written):
        mark = token.group()
        if mark in "[{":
            depth, objects = depth + 1, objects + 1
            if depth > MAX_DEPTH or objects > MAX_OBJECTS:
                message = "tệp JSON lồng nhau quá sâu" if depth > MAX_DEPTH else "tệp JSON có quá nhiều mục"
                raise FileRefused(path.name, message, _ONE_LIST)
        elif mark in "]}":
            depth -= 1


def _tables(value: Any, path: tuple[str, ...], titles: list[str]) -> Iterator[Sheet]:
    """Every list of objects below `value`, each with what stands around it as its titles."""
    if isinstance(value, dict):
        around = (f"{key[:_MAX_TITLE]}: {cell}"[:_MAX_TITLE] for key, cell in value.items() if _is_words(cell))
        own = [*titles, *islice(chain(_period(value), around), _MAX_TITLES - len(titles))]
        beside = list(islice((one for one in value.values() if isinstance(one, dict)), _MAX_BESIDE))
        for key, inner in value.items():
            if isinstance(inner, list):
                yield from _list(inner, (*path, key), own, beside)
            elif isinstance(inner, dict):
                yield from _tables(inner, (*path, key), own)
    elif isinstance(value, list):
        yield from _list(value, path, titles, [])


def _list(items: list[Any], path: tuple[str, ...], titles: list[str], beside: list[dict[str, Any]]) -> Iterator[Sheet]:
    objects = [item for item in items if isinstance(item, dict)]
    keys = list(dict.fromkeys(key for item in objects for key in item))[:MAX_KEYS]
    if len(keys) < 2:
        return
    totals = [one for one in beside if len(keys) > 2 and len(set(keys) & set(one)) >= 3]
    named = (str(cell)[:_MAX_TITLE] for one in totals for cell in one.values() if _is_words(cell))
    lines = [*titles, *islice(named, _MAX_TITLES)]

    def rows() -> Iterator[Row]:
        for number, line in enumerate(lines):
            yield Row(number - len(lines), [line])
        yield Row(0, ["", *keys])
        for number, item in enumerate(objects, 1):
            yield Row(number, ["", *(_cell(item.get(key)) for key in keys)])
        for number, one in enumerate(totals, len(objects) + 1):
            figures = (cell if isinstance(cell := _cell(one.get(key)), int | float) else "" for key in keys)
            yield Row(number, [_TOTAL, *figures])

    yield Sheet(".".join(path)[:_MAX_TITLE] or "JSON", list(islice(rows(), delimited.PEEK_ROWS)), rows)


def _cell(value: Any) -> Cell:
    return value if isinstance(value, str | int | float | bool) else ""


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _period(value: dict[str, Any]) -> list[str]:
    """`{"fromDate": "2026-08-01", "toDate": "2026-08-31"}` as a title of a form says it."""
    days = []
    for words in (("fromdate", "startdate", "tungay", "from"), ("todate", "enddate", "denngay", "to")):
        told = [cell for key, cell in value.items() if key.replace("_", "").casefold() in words]
        found = re.match(r"(\d{4})-(\d\d)-(\d\d)", str(told[0])) if told else None
        if found:
            days.append("/".join(reversed(found.groups())))
        elif told and re.match(r"\d{1,2}/\d{1,2}/\d{4}$", str(told[0])):
            days.append(str(told[0]))
    return [f"Từ ngày {days[0]} đến ngày {days[1]}"] if len(days) == 2 else []
