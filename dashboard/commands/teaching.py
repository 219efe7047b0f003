"""`explain` and `template`: how a file is understood, and forms that are understood for sure."""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard.commands import telling
from dashboard.errors import DashboardError
from dashboard.settings import Settings
from dashboard.sources import explaining
from dashboard.sources.layouts import in_use
from dashboard.templates.forms import FORMS

_HEADS = ("cột", "tiêu đề trong tệp", "trường", "nhận ra")


def explain(settings: Settings, asked: argparse.Namespace) -> int:
    """Say how a file is understood; nothing is imported, and no cell below the headings is printed."""
    telling.known_province(asked.province)
    told = explaining.explain(
        Path(asked.file),
        province=asked.province,
        as_of=asked.as_of,
        period=asked.period,
        today=settings.today(),
        layouts=in_use(asked.layout),
    )
    first, last = told.heading_rows
    rows = f"dòng {first}" if first == last else f"dòng {first}–{last}"
    taken = [(c.letter, c.heading, c.field, c.how) for c in told.columns if c.field]
    passed = [f'  "{c.heading}": {c.how}' for c in told.columns if not c.field]
    others = [name for name in told.sheets if name != told.sheet]
    telling.say(
        [
            f"{telling.printable(Path(asked.file).name)}: {told.kind} ({told.kind_name})",
            *([f'Mẫu biểu đã dạy: "{telling.printable(told.layout)}"'] if told.layout else []),
            f'Trang: "{telling.printable(told.sheet)}"'
            + (f"; không đọc: {', '.join(map(telling.printable, others))}" if others else ""),
            f"Tiêu đề: {rows}",
            *told.facts,
            "",
            *telling.table(_HEADS, taken),
            *(["", "Bỏ qua:", *map(telling.printable, passed)] if passed else []),
            *(["", f"Không nhận tệp này: {telling.printable(told.refused)}"] if told.refused else []),
        ]
    )
    return telling.REFUSED if told.refused else telling.DONE


def template(settings: Settings, asked: argparse.Namespace) -> int:
    """Write a form for a province's communes; a file that is there already is never overwritten."""
    from dashboard.templates.workbook import write

    telling.known_province(asked.province)
    path = Path(asked.output or f"mau_{asked.kind}_{asked.province}.xlsx")
    try:
        write(FORMS[asked.kind], asked.province, asked.as_of or settings.today(), path)
    except FileExistsError:
        raise DashboardError(f"Đã có tệp {path}; hãy chọn tên khác bằng --output") from None
    except OSError as error:
        raise DashboardError(f"Không ghi được {path} ({error.strerror}); hãy chọn nơi khác bằng --output") from error
    print(path)
    return telling.DONE
