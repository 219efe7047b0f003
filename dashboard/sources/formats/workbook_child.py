"""Runs as a process of its own: opens one workbook for `workbook.py` and answers with its rows.

A parser that meets a hostile workbook may ask for 500 GB or never end, and that kills the process
it runs in. So it runs in this one, inside limits of memory and processor time, and only plain cells
leave it. Protocol: one pickled dict about the sheets, then, for each sheet index read from standard
input, lists of (row number from 1, cells) ending with an empty list. Blank rows are left out.
"""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress
from typing import Any

PEEK_ROWS = 120
CHUNK_ROWS = 400
MAX_SHEETS = 100
# Cells of a sheet's box, blank ones included: one value in the last corner makes 17 thousand
# million.
MAX_CELLS = 12_000_000


def _send_message(message: Any) -> None:
    sys.stdout.buffer.write(pickle.dumps(message, protocol=5))
    sys.stdout.buffer.flush()


def _read_rows(sheet: Any, limit: int | None = None) -> Any:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if limit is not None and number > (sheet.start or (0, 0))[0] + limit:
            return
        if any(cell != "" for cell in cells):
            yield number, cells


def _describe_sheet(sheet: Any) -> dict[str, Any]:
    too_big = sheet.total_height * sheet.total_width > MAX_CELLS
    return {
        "name": sheet.name,
        "merged": [] if too_big else (sheet.merged_cell_ranges or []),
        "height": sheet.total_height,
        "width": sheet.total_width,
        "peek": [] if too_big else list(_read_rows(sheet, PEEK_ROWS)),
    }


def main(path: str) -> None:
    from python_calamine import (
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        workbook = CalamineWorkbook.from_path(path)
        metadata = list(workbook.sheets_metadata)
        wanted = [
            index for index, sheet in enumerate(metadata) if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        visible = [index for index in wanted if metadata[index].visible == SheetVisibleEnum.Visible]
        chosen = (visible or wanted)[: MAX_SHEETS + 1]
        sheets = [workbook.get_sheet_by_index(index) for index in chosen[:MAX_SHEETS]]
        _send_message(
            {
                "sheets": [_describe_sheet(sheet) for sheet in sheets],
                "more": len(chosen) > MAX_SHEETS,
            }
        )
        for line in sys.stdin:
            chunk = []
            for row in _read_rows(sheets[int(line)]):
                chunk.append(row)
                if len(chunk) == CHUNK_ROWS:
                    _send_message(chunk)
                    chunk = []
            if chunk:
                _send_message(chunk)
            _send_message([])
    except PasswordError:
        _send_message({"error": "password"})
    except MemoryError:
        _send_message({"error": "memory"})
    except BaseException as error:  # a panic of the parser arrives as a BaseException of its own
        _send_message({"error": "damaged", "kind": type(error).__name__})


if __name__ == "__main__":
    memory, seconds = int(sys.argv[2]), int(sys.argv[3])
    # A system without such limits still has the clock's, which the parent keeps.
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    main(sys.argv[1])
