"""What portals export as "Excel" and is markup: HTML, MHTML and XML Spreadsheet 2003.

Each writing of a form must say what the same form as .xlsx says.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from html import escape
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from tests.sources.forms import (
    COLUMNS,
    TITLES,
    Grid,
    form,
    head_of,
    in_cp1258,
    some_communes,
    written,
)
from tests.sources.forms import save_xlsx as write_xlsx

CODES = some_communes("51", 8)
TODAY = date(2026, 11, 22)
HEAD, HEAD_MERGES = head_of(COLUMNS)
Blocks = Sequence[tuple[int, int, int, int]]
TITLE_ROWS = len(TITLES) + 1
MERGES = [
    (top + TITLE_ROWS, left, bottom + TITLE_ROWS, right) for top, left, bottom, right in HEAD_MERGES
]


def read(path: Path, **options: Any) -> Batch:
    return sources.read_file(path, today=TODAY, **options)


def save(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def refuse(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        read(path)
    return refusal.value


def expected(tmp_path: Path) -> dict[str, dict[str, Any]]:
    plain = read(write_xlsx(tmp_path / "plain.xlsx", form(CODES), MERGES))
    assert len(written(plain)) == len(CODES)
    return written(plain)


def cell_words(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def html_table(grid: Grid, merges: Blocks = (), encode: Any = escape, tag: str = "td") -> str:
    """The grid with colspan and rowspan where it is merged."""
    covered = {
        (row, column): (top, left)
        for top, left, bottom, right in merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    spans = {
        (top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merges
    }
    lines = []
    for row, cells in enumerate(grid):
        line = []
        for column, cell in enumerate(cells):
            corner = covered.get((row, column))
            if corner and corner != (row, column):
                continue
            down, across = spans.get((row, column), (1, 1))
            span = f" rowspan={down}" * (down > 1) + f' colspan="{across}"' * (across > 1)
            line.append(f"<{tag}{span}>{encode(cell_words(cell))}</{tag}>")
        lines.append(f"<tr>{''.join(line)}</tr>")
    return f"<table border=1>{''.join(lines)}</table>"


def html_page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


def test_an_html_table_is_read_like_the_workbook(tmp_path: Path) -> None:
    page = html_page(html_table(form(CODES), MERGES), "<style>td {mso-number-format:'0'}</style>")
    assert written(read(save(tmp_path / "bieu.xls", page))) == expected(tmp_path)


def test_titles_above_the_table_are_its_titles(tmp_path: Path) -> None:
    table = html_table(form(CODES)[TITLE_ROWS:], HEAD_MERGES)
    frame = "<table><tr><td>UBND TỈNH QUẢNG NGÃI</td><td>CỘNG HÒA XÃ HỘI</td></tr></table>"
    titles = f"{frame}<h3>{TITLES[0][0]}</h3><p>Số liệu <b>tính đến 16h</b> ngày 13/07/2025</p>"
    batch = read(save(tmp_path / "a.xls", f"<meta charset=utf-8>{titles}<div>{table}</div>"))
    assert written(batch) == expected(tmp_path)
    assert batch.as_of == datetime(2025, 7, 13, 16)


def test_a_table_within_the_layout_of_its_page_is_read(tmp_path: Path) -> None:
    table = html_table(form(CODES)[TITLE_ROWS:], HEAD_MERGES)
    page = f"<table><tr><td>{TITLES[1][0]}</td></tr><tr><td><br>{table}</td></tr></table>"
    assert written(read(save(tmp_path / "a.xls", html_page(page)))) == expected(tmp_path)


def test_entities_and_breaks_are_letters(tmp_path: Path) -> None:
    def encode(words: str) -> str:
        return "".join(f"&#{ord(sign)};" if ord(sign) > 127 else sign for sign in escape(words))

    table = (
        html_table(form(CODES), MERGES, encode).replace(" ", "&nbsp;").replace("<td&nbsp;", "<td ")
    )
    table = table.replace("&nbsp;colspan", " colspan").replace("<table&nbsp;", "<table ")
    assert written(read(save(tmp_path / "a.xls", html_page(table)))) == expected(tmp_path)
    broken = html_table(form(CODES), MERGES).replace("Đường truyền ", "Đường<br>\n   truyền<br/>")
    assert written(read(save(tmp_path / "b.xls", html_page(broken)))) == expected(tmp_path)


@pytest.mark.parametrize(
    ("encoding", "meta"),
    [
        ("cp1258", "windows-1258"),
        ("utf-16", ""),
        ("utf-8-sig", "iso-8859-1"),
        ("utf-8", "windows-1252"),
        ("utf-8", "không-có"),
    ],
)
def test_the_encoding_is_what_the_page_says_or_proves(
    tmp_path: Path, encoding: str, meta: str
) -> None:
    page = html_page(
        html_table(form(CODES), MERGES),
        f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else "",
    )
    content = (
        in_cp1258(page.replace("không-có", "")) if encoding == "cp1258" else page.encode(encoding)
    )
    assert written(read(save(tmp_path / "a.xls", content))) == expected(tmp_path)


def test_a_thousand_in_html_is_a_thousand(tmp_path: Path) -> None:
    grid: Grid = [
        ["TÌNH HÌNH GIẢI QUYẾT HỒ SƠ tháng 10/2026 tỉnh Quảng Ngãi"],
        ["STT", "Đơn vị", "Tiếp nhận", "Đã giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn"],
    ]
    names = ["Xã Sơn Hà", "Xã Sơn Hạ", "Xã Ba Tơ", "Xã Trà Bồng"]
    grid += [[n, name, "1.234", "1.000", "0", "998", "2"] for n, name in enumerate(names, 1)]
    batch = read(save(tmp_path / "a.xls", html_page(html_table(grid))))
    assert set(batch.dossiers["received"]) == {1234}
    assert set(batch.dossiers["resolved"]) == {1000}


def test_excels_own_number_counts_not_its_display(tmp_path: Path) -> None:
    grid = form(CODES)
    page = html_table(grid, MERGES)
    speeds = [cell for cells in grid[TITLE_ROWS + 2 :] for cell in cells if "Mbps" in str(cell)]
    assert speeds
    for speed in speeds:
        number = str(speed).removesuffix(" Mbps").replace(",", ".")
        page = page.replace(f"<td>{speed}</td>", f'<td align=right x:num="{number}">###</td>')
    assert written(read(save(tmp_path / "a.xls", html_page(page)))) == expected(tmp_path)


def test_a_percentage_in_excels_html_is_no_count(tmp_path: Path) -> None:
    grid = form(CODES)
    page = html_table(grid, MERGES)
    for n in range(40):
        page = page.replace(f"<td>{n}</td>", f'<td x:num="0.{n:02}">{n}%</td>')
    batch = read(save(tmp_path / "a.xls", html_page(page)))
    taken = {code for values in written(batch).values() for code in values}
    assert "signature_issued" not in taken


def test_several_tables_are_several_sheets_with_their_own_days(tmp_path: Path) -> None:
    first = form(CODES[:4])[TITLE_ROWS:]
    second = form(CODES[4:])[TITLE_ROWS:]
    page = html_page(
        "<h1>Tỉnh Quảng Ngãi</h1><p>Tính đến ngày 13/07/2025</p>"
        + html_table(first, HEAD_MERGES)
        + "<p>Tính đến ngày 14/07/2025</p>"
        + html_table(second, HEAD_MERGES)
        + "<p>Người lập biểu</p>"
    )
    batch = read(save(tmp_path / "a.xls", page))
    assert written(batch) == expected(tmp_path)
    assert batch.as_of.date() == date(2025, 7, 14)


def test_hidden_rows_columns_and_words_are_known_as_hidden(tmp_path: Path) -> None:
    grid = form(CODES)
    page = html_table(grid, MERGES)
    old = html_table([["9", *grid[-1][1:4], *["39"] * 13, "01/07/2025"]])
    hidden_row = old[old.index("<tr>") : old.index("</table>")].replace(
        "<tr>", "<tr style='display:none'>"
    )
    key = '<td><span style="display: none">20250701</span>'
    page = page.replace("</table>", f"{hidden_row}</table>").replace("<td>", key)
    batch = read(save(tmp_path / "a.xls", html_page(page)))
    assert written(batch) == expected(tmp_path)
    assert any("dòng ẩn" in problem.message for problem in batch.problems)


def test_a_sheet_of_inputs_is_read_by_what_is_filled_in(tmp_path: Path) -> None:
    page = html_table(form(CODES), MERGES)
    for n in range(40):
        page = page.replace(f"<td>{n}</td>", f"<td><input type=text value={n}></td>")
    choice = "<select><option>Không đạt<option selected>Đạt</select>"
    page = page.replace("<td>Đạt</td>", f"<td>{choice}</td>")
    assert written(read(save(tmp_path / "a.xls", html_page(page)))) == expected(tmp_path)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<!DOCTYPE html><html><body><form>Đăng nhập</form></body></html>", "trang đăng nhập"),
        ("<html><frameset><frame src='a_files/sheet001.htm'></frameset></html>", "khung"),
    ],
)
def test_a_page_without_figures_is_refused_for_that(tmp_path: Path, page: str, words: str) -> None:
    assert words in refuse(save(tmp_path / "a.xls", page)).message


def test_a_page_is_read_within_limits(tmp_path: Path) -> None:
    wide = "<table>" + "<tr><td colspan=900>1<td colspan=900>2<td>3</tr>" * 3 + "</table>"
    assert "quá lớn" in refuse(save(tmp_path / "a.xls", wide)).message
    deep = "<table><tr><td>" * 3000
    assert "quá lớn" in refuse(save(tmp_path / "b.xls", deep)).message
    tall = "<table>" + "<tr><td rowspan=99999999>1<td>2<td>3</tr>" * 50 + "</table>"
    assert refuse(save(tmp_path / "c.xls", tall)).message


# --- MHTML ---------------------------------------------------------------------------------------


def web_archive(pages: dict[str, str], encoding: str = "quoted-printable") -> bytes:
    parts = []
    for location, page in pages.items():
        content = page.encode()
        body = (
            quopri.encodestring(content)
            if encoding == "quoted-printable"
            else base64.encodebytes(content)
        )
        content_type = "text/html" if location.endswith("htm") else "text/xml"
        parts.append(
            f"------=_Part\r\nContent-Location: file:///C:/0E8A/{location}\r\n"
            f"Content-Transfer-Encoding: {encoding}\r\n"
            f'Content-Type: {content_type}; charset="utf-8"\r\n\r\n'.encode()
            + body
        )
    head = (
        b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; "
        b'boundary="----=_Part"\r\n\r\nThis document is a Single File Web Page.\r\n\r\n'
    )
    return head + b"\r\n".join(parts) + b"\r\n------=_Part--\r\n"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_single_file_web_page_is_read_sheet_by_sheet(tmp_path: Path, encoding: str) -> None:
    names = "".join(
        f"<x:ExcelWorksheet><x:Name>{name}</x:Name><x:WorksheetSource "
        f'HRef="bieu_files/sheet{n:03}.htm"/></x:ExcelWorksheet>'
        for n, name in enumerate(("Khối xã", "Khối phường", "Số cũ"), 1)
    )
    frame = html_page(
        "<frameset><frame src='bieu_files/sheet001.htm'></frameset>",
        f"<!--[if gte mso 9]><xml><x:ExcelWorkbook>{names}</x:ExcelWorkbook></xml><![endif]-->",
    )
    old = form(CODES)
    for cells in old[TITLE_ROWS + 2 :]:
        cells[5:17] = [39] * 12
    hidden = "<!--[if gte mso 9]><xml><x:Visible>SheetHidden</x:Visible></xml><![endif]-->"
    content = web_archive(
        {
            "bieu.htm": frame,
            "bieu_files/sheet001.htm": html_page(html_table(form(CODES[:4]), MERGES)),
            "bieu_files/sheet002.htm": html_page(html_table(form(CODES[4:]), MERGES)),
            "bieu_files/sheet003.htm": html_page(html_table(old, MERGES), hidden),
            "bieu_files/filelist.xml": "<xml/>",
        },
        encoding,
    )
    batch = read(save(tmp_path / "bieu.mht", content))
    assert written(batch) == expected(tmp_path)
    assert [problem.message for problem in batch.problems if "trang" in problem.message] == [
        'không đọc trang ẩn "Số cũ"'
    ]


# --- XML Spreadsheet 2003 ------------------------------------------------------------------------

_OFFICE = "urn:schemas-microsoft-com:office"
SPACES = f'xmlns="{_OFFICE}:spreadsheet" xmlns:ss="{_OFFICE}:spreadsheet" xmlns:x="{_OFFICE}:excel"'


def xml_cell(cell: Any) -> str:
    if isinstance(cell, date):
        return f'<Data ss:Type="DateTime">{cell.isoformat()}T00:00:00.000</Data>'
    if isinstance(cell, int | float):
        return f'<Data ss:Type="Number">{cell}</Data>'
    return f'<Data ss:Type="String">{escape(cell)}</Data>'


def xml_rows(grid: Grid, merges: Blocks = ()) -> str:
    """Blank cells and rows are left out, as Excel does; what follows has an index."""
    spans = {(top, left): (bottom - top, right - left) for top, left, bottom, right in merges}
    lines = []
    for row, cells in enumerate(grid):
        line = []
        for column, cell in enumerate(cells):
            if cell is not None:
                down, across = spans.get((row, column), (0, 0))
                span = f' ss:MergeDown="{down}"' * bool(down)
                span += f' ss:MergeAcross="{across}"' * bool(across)
                line.append(f'<Cell ss:Index="{column + 1}"{span}>{xml_cell(cell)}</Cell>')
        if line:
            lines.append(f'<Row ss:Index="{row + 1}">{"".join(line)}</Row>')
    return "".join(lines)


def xml_book(sheets: dict[str, str], prolog: str = "") -> str:
    pages = "".join(
        f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>'
        + "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
        * ("ẩn" in name)
        + "</Worksheet>"
        for name, rows in sheets.items()
    )
    styles = '<Styles><Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style></Styles>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{prolog}'
        '<?mso-application progid="Excel.Sheet"?>\n'
        f"<Workbook {SPACES}>{styles}{pages}</Workbook>"
    )


def test_an_xml_spreadsheet_is_read_like_the_workbook(tmp_path: Path) -> None:
    rows = xml_rows(form(CODES), MERGES)
    path = save(tmp_path / "a.xls", xml_book({"Biểu": rows}))
    assert written(read(path)) == expected(tmp_path)
    wide = xml_book({"Biểu": rows}).replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert written(read(save(tmp_path / "b.xml", wide, "utf-16"))) == expected(tmp_path)


def test_all_visible_sheets_of_an_xml_spreadsheet_are_read(tmp_path: Path) -> None:
    old = form(CODES)
    for cells in old[TITLE_ROWS + 2 :]:
        cells[5:17] = [39] * 12
    book = xml_book(
        {
            "Khối xã": xml_rows(form(CODES[:4]), MERGES),
            "Khối phường": xml_rows(form(CODES[4:]), MERGES),
            "Số cũ (ẩn)": xml_rows(old, MERGES),
        }
    )
    assert written(read(save(tmp_path / "a.xls", book))) == expected(tmp_path)


def test_a_merged_commune_counts_for_all_rows_of_markup(tmp_path: Path) -> None:
    grid: Grid = [
        ["THIẾT BỊ CỦA TRUNG TÂM tính đến ngày 13/07/2025, tỉnh Quảng Ngãi"],
        ["Đơn vị", "Loại thiết bị", "Số lượng", "Hỏng"],
        ["Xã Sơn Hà", "Máy tính", 5, 4],
        [None, "Máy scan", 3, 2],
        ["Xã Ba Tơ", "Máy tính", 7, 6],
        [None, "Máy scan", 2, 1],
    ]
    merges = [(0, 0, 0, 3), (2, 0, 3, 0), (4, 0, 5, 0)]
    plain = written(read(write_xlsx(tmp_path / "a.xlsx", grid, merges)))
    assert len(plain) == 2
    page = html_page(html_table(grid, merges))
    assert written(read(save(tmp_path / "b.xls", page))) == plain
    book = xml_book({"Biểu": xml_rows(grid, merges)})
    assert written(read(save(tmp_path / "c.xls", book))) == plain


def test_percentages_errors_and_formulas_of_an_xml_spreadsheet_are_no_counts(
    tmp_path: Path,
) -> None:
    column = [name for name, _ in COLUMNS].index("signature_issued") + 1
    rows = xml_rows(form(CODES), MERGES)
    for cell in (
        '<Cell ss:Index="7" ss:StyleID="p"><Data ss:Type="Number">1</Data></Cell>',
        '<Cell ss:Index="7" ss:Formula="=RC[-1]/0"><Data ss:Type="Error">#DIV/0!</Data></Cell>',
        '<Cell ss:Index="7" ss:Formula="=SUM(RC[-1])"/>',
    ):
        changed = re.sub(
            rf'<Cell ss:Index="{column}"><Data ss:Type="Number">\d+.*?</Cell>', cell, rows
        )
        assert changed != rows
        batch = read(save(tmp_path / "a.xls", xml_book({"Biểu": changed})))
        taken = {code for values in written(batch).values() for code in values}
        assert "signature_issued" not in taken
        assert any(problem.severity == "refused" for problem in batch.problems)


def test_moments_of_an_xml_spreadsheet_are_moments(tmp_path: Path) -> None:
    grid: Grid = [
        ["Mã hồ sơ", "Đơn vị tiếp nhận", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái"],
        *[
            [f"H48.113-261008-{n:04}", "UBND xã Sơn Hà", "đến", date(2026, 10, 12), "Đang xử lý"]
            for n in range(5)
        ],
    ]
    rows = xml_rows(grid).replace(
        '<Data ss:Type="String">đến</Data>',
        '<Data ss:Type="DateTime">2026-10-08T14:35:00.000</Data>',
    )
    batch = read(save(tmp_path / "a.xls", xml_book({"DS": rows})), province="51")
    frame = next(iter(batch.singles))
    assert set(frame["received_at"]) == {datetime(2026, 10, 8, 14, 35)}
    assert time(14, 35) == frame["received_at"].iloc[0].time()


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a [<!ENTITY b "hà"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://example.com/a.dtd">',
    ],
)
def test_a_document_type_is_refused_unread(tmp_path: Path, prolog: str) -> None:
    book = xml_book({"Biểu": xml_rows(form(CODES), MERGES)}, prolog).replace("Biểu", "Biểu &b;")
    assert "DOCTYPE" in refuse(save(tmp_path / "a.xls", book)).message


def test_a_broken_xml_spreadsheet_is_refused_as_broken(tmp_path: Path) -> None:
    book = xml_book({"Biểu": xml_rows(form(CODES), MERGES)})
    assert "hỏng" in refuse(save(tmp_path / "a.xls", book[:-300])).message
