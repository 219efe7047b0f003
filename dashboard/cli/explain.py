"""`print_file_explanation` and `create_form`: how a file is understood, and forms that are
understood for sure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard.cli import console
from dashboard.errors import DashboardError
from dashboard.forms.columns import FORMS
from dashboard.messages import quote_name, quote_names, write_message
from dashboard.settings import Settings
from dashboard.sources.recognise.explain import ExplainedTable, explain_file
from dashboard.sources.recognise.layouts import load_layouts, locate_layout_file

_COLUMN_HEADS = (
    write_message("cột"),
    write_message("tiêu đề trong tệp"),
    write_message("trường"),
    write_message("vì sao"),
    write_message("phép cộng"),
    write_message("còn có thể là"),
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
    lines: list[str] = [f"{console.make_printable(Path(options.file).name)}:"]
    if explanation.unread_sheets:
        names = quote_names(map(console.make_printable, explanation.unread_sheets))
        lines.append(write_message("Không đọc trang: {sheets}", sheets=names))
    lines += explanation.facts
    for table in explanation.tables:
        lines += ["", *_describe_table(table)]
    if explanation.refused:
        reason = console.make_printable(explanation.refused)
        lines += ["", write_message("Không nhận tệp này: {reason}", reason=reason)]
    console.print_lines(lines)
    return console.REFUSED if explanation.refused else console.DONE


def _describe_table(table: ExplainedTable) -> list[str]:
    """One table: where it stands, its columns with the reasons, its sums, what was passed over."""
    first, last = table.heading_rows
    if first == last:
        rows = write_message("dòng {row}", row=first)
    else:
        rows = write_message("dòng {first}–{last}", first=first, last=last)
    lines: list[str] = [
        write_message("{kind_code} ({kind})", kind_code=table.kind_code, kind=table.kind_name)
    ]
    if table.layout:
        layout = console.make_printable(table.layout)
        lines.append(write_message('Mẫu biểu đã dạy: "{layout}"', layout=layout))
    sheet = console.make_printable(table.sheet)
    lines.append(write_message('Trang: "{sheet}"', sheet=sheet))
    lines.append(write_message("Tiêu đề: {rows}", rows=rows))
    lines += [table.turned, ""] if table.turned else [""]
    columns_read = [
        (c.letter, quote_name(c.heading), c.field, c.reason, c.checks, c.rivals)
        for c in table.columns
        if c.field
    ]
    lines += console.format_table(_COLUMN_HEADS, columns_read)
    if table.sums:
        lines += ["", write_message("Phép cộng của biểu:")]
        lines += [f"  {console.make_printable(words)}" for words in table.sums]
    ignored = [
        write_message('  "{heading}": {reason}', heading=c.heading, reason=c.reason)
        for c in table.columns
        if not c.field
    ]
    if ignored:
        lines += ["", write_message("Bỏ qua:"), *map(console.make_printable, ignored)]
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
