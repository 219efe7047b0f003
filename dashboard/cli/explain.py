"""`print_file_explanation` and `create_form`: how a file is understood, and forms that are
understood for sure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard.cli import console
from dashboard.cli.language import quote_vietnamese
from dashboard.errors import DashboardError
from dashboard.forms.columns import FORMS
from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.sources.recognise.explain import ExplainedTable, explain_file
from dashboard.sources.recognise.layouts import load_layouts, locate_layout_file

_COLUMN_HEADS = (
    "cột",
    "tiêu đề trong tệp",
    "trường",
    "vì sao",
    "phép cộng",
    "còn có thể là",
)


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
    lines = [f"{console.make_printable(Path(options.file).name)}:"]
    if explanation.unread_sheets:
        names = ", ".join(map(console.make_printable, explanation.unread_sheets))
        lines.append(f"Không đọc trang: {names}")
    lines += explanation.facts
    for table in explanation.tables:
        lines += ["", *_describe_table(table)]
    if explanation.refused:
        reason = console.make_printable(explanation.refused)
        lines += ["", f"Không nhận tệp này: {reason}"]
    console.print_lines(quote_vietnamese(lines))
    return console.REFUSED if explanation.refused else console.DONE


def _describe_table(table: ExplainedTable) -> list[str]:
    """One table: where it stands, its columns with the reasons, its sums, what was passed over."""
    first, last = table.heading_rows
    rows = f"dòng {first}" if first == last else f"dòng {first}–{last}"
    lines = [f"{table.kind_code} ({table.kind_name})"]
    if table.layout:
        lines.append(f'Mẫu biểu đã dạy: "{console.make_printable(table.layout)}"')
    lines += [f'Trang: "{console.make_printable(table.sheet)}"', f"Tiêu đề: {rows}"]
    lines += [table.turned, ""] if table.turned else [""]
    columns_read = [
        (c.letter, c.heading, c.field, c.reason, c.checks, c.rivals)
        for c in table.columns
        if c.field
    ]
    lines += console.format_table(_COLUMN_HEADS, columns_read)
    if table.sums:
        lines += ["", "Phép cộng của biểu:"]
        lines += [f"  {console.make_printable(words)}" for words in table.sums]
    ignored = [f'  "{c.heading}": {c.reason}' for c in table.columns if not c.field]
    if ignored:
        lines += ["", "Bỏ qua:", *map(console.make_printable, ignored)]
    return lines


def create_form(settings: Settings, options: argparse.Namespace) -> int:
    """Write a form for a province's communes; a file that is there already is never overwritten."""
    from dashboard.forms.workbook import write_form

    console.check_province(options.province)
    path = Path(options.output or f"mau_{options.kind}_{options.province}.xlsx")
    try:
        write_form(FORMS[options.kind], options.province, options.as_of or settings.today(), path)
    except FileExistsError:
        raise DashboardError(
            write_message("Đã có tệp {path}; hãy chọn tên khác bằng --output", path=path)
        ) from None
    except OSError as error:
        raise DashboardError(
            write_message(
                "Không ghi được {path} ({strerror}); hãy chọn nơi khác bằng --output",
                path=path,
                strerror=error.strerror,
            )
        ) from error
    print(path)
    return console.DONE
