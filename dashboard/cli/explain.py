"""`print_file_explanation` and `create_form`: how a file is understood, and forms that are
understood for sure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard.cli import console
from dashboard.errors import DashboardError
from dashboard.forms.columns import FORMS
from dashboard.settings import Settings
from dashboard.sources.recognise.explain import explain_file
from dashboard.sources.recognise.layouts import load_layouts, locate_layout_file

_COLUMN_HEADS = ("cột", "tiêu đề trong tệp", "trường", "nhận ra")


def print_file_explanation(settings: Settings, options: argparse.Namespace) -> int:
    """Say how a file is understood; nothing is imported, and no cell below the headings
    is printed.
    """
    console.check_province(options.province)
    explanation = explain_file(
        Path(options.file),
        province=options.province,
        as_of=options.as_of,
        period=options.period,
        today=settings.today(),
        layouts=load_layouts(locate_layout_file(options.layout, [options.file])),
    )
    first, last = explanation.heading_rows
    rows = f"dòng {first}" if first == last else f"dòng {first}–{last}"
    columns_read = [
        (c.letter, c.heading, c.field, c.reason) for c in explanation.columns if c.field
    ]
    columns_ignored = [f'  "{c.heading}": {c.reason}' for c in explanation.columns if not c.field]
    other_sheets = [name for name in explanation.sheets if name != explanation.sheet]
    console.print_lines(
        [
            f"{console.make_printable(Path(options.file).name)}: {explanation.kind_code} "
            f"({explanation.kind_name})",
            *(
                [f'Mẫu biểu đã dạy: "{console.make_printable(explanation.layout)}"']
                if explanation.layout
                else []
            ),
            f'Trang: "{console.make_printable(explanation.sheet)}"'
            + (
                f"; không đọc: {', '.join(map(console.make_printable, other_sheets))}"
                if other_sheets
                else ""
            ),
            f"Tiêu đề: {rows}",
            *explanation.facts,
            "",
            *console.format_table(_COLUMN_HEADS, columns_read),
            *(
                ["", "Bỏ qua:", *map(console.make_printable, columns_ignored)]
                if columns_ignored
                else []
            ),
            *(
                ["", f"Không nhận tệp này: {console.make_printable(explanation.refused)}"]
                if explanation.refused
                else []
            ),
        ]
    )
    return console.REFUSED if explanation.refused else console.DONE


def create_form(settings: Settings, options: argparse.Namespace) -> int:
    """Write a form for a province's communes; a file that is there already is never overwritten."""
    from dashboard.forms.workbook import write_form

    console.check_province(options.province)
    path = Path(options.output or f"mau_{options.kind}_{options.province}.xlsx")
    try:
        write_form(FORMS[options.kind], options.province, options.as_of or settings.today(), path)
    except FileExistsError:
        raise DashboardError(f"Đã có tệp {path}; hãy chọn tên khác bằng --output") from None
    except OSError as error:
        raise DashboardError(
            f"Không ghi được {path} ({error.strerror}); hãy chọn nơi khác bằng --output"
        ) from error
    print(path)
    return console.DONE
