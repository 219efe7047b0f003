"""A JSON list of flat records as a sheet: its keys are the heading row, each record is a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.errors import FileRefused
from dashboard.sources.sheet import Row, Sheet

# A million readings weigh about 150 MB as JSON; the whole list is held in memory.
MAX_BYTES = 200_000_000
PEEK_ROWS = 120
_REMEDY = 'hãy gửi một danh sách bản ghi dạng [{"commune_code": "04792", …}, …]'


def sheets(path: Path) -> list[Sheet]:
    """The list as the one sheet of the file. Raises FileRefused where it is no list of flat records."""
    try:
        told = json.loads(path.read_bytes())
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

    peek = [row for row, _ in zip(rows(), range(PEEK_ROWS), strict=False)]
    return Sheet("JSON", peek, rows)
