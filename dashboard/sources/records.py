"""A JSON list of flat records as a sheet: its keys are the heading row, each record is a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from dashboard.errors import FileRefused
from dashboard.sources.sheet import Row, Sheet

# A million readings weigh about 150 MB as JSON; the whole list is held in memory.
MAX_BYTES = 200_000_000
# A million records of a dozen values; each value costs memory far beyond its bytes in the file.
MAX_RECORDS = 1_200_000
MAX_VALUES = 12_000_000
MAX_KEYS = 200
PEEK_ROWS = 120
_REMEDY = 'hãy gửi một danh sách bản ghi dạng [{"commune_code": "04792", …}, …]'


def sheets(path: Path) -> list[Sheet]:
    """The list as the one sheet of the file. Raises FileRefused where it is no list of flat records."""
    written = path.read_bytes()
    # Counted before anything is made of it; marks within texts count too, which no real list notices.
    if written.count(b"{") + written.count(b"[") > MAX_RECORDS or written.count(b",") > MAX_VALUES:
        raise FileRefused(path.name, "tệp JSON có quá nhiều bản ghi", "hãy chia tệp thành nhiều phần")
    keys: set[str] = set()

    def note(record: dict[str, Any]) -> dict[str, Any]:
        keys.update(record)
        if len(keys) > MAX_KEYS:
            raise FileRefused(path.name, f"tệp JSON có hơn {MAX_KEYS} khóa khác nhau", _REMEDY)
        return record

    try:
        told = json.loads(written, object_hook=note)
    except (ValueError, RecursionError) as error:
        raise FileRefused(path.name, "tệp JSON bị hỏng hoặc không đầy đủ", _REMEDY) from error
    return [of_records(path, told)]


def of_records(path: Path, told: Any) -> Sheet:
    """A list of flat objects as a sheet; row 1 holds all their keys in the order of first appearance."""
    if not isinstance(told, list) or not told or not all(isinstance(record, dict) for record in told):
        raise FileRefused(path.name, "tệp JSON không phải danh sách bản ghi", _REMEDY)
    keys = list(dict.fromkeys(key for record in told for key in record))
    if any(isinstance(value, dict | list) for record in told for value in record.values()):
        raise FileRefused(path.name, "tệp JSON có bản ghi lồng nhau", _REMEDY)

    def rows() -> Iterator[Row]:
        yield Row(1, list(keys))
        for number, record in enumerate(told, start=2):
            yield Row(number, [record.get(key) for key in keys])

    peek = list(islice(rows(), PEEK_ROWS))
    return Sheet("JSON", peek, rows)
