"""Tables that portals and Excel write as markup: HTML named `.xls`, "Single File Web Page" (MHTML)
and XML Spreadsheet 2003.

Used by `workbook_child.py` inside its limits, so nothing of this package may be imported here. The
workbook that comes out answers as calamine's does: merged blocks, hidden rows and columns, sheets.
Both parsers give events and build no tree, fetch nothing, and refuse a document type of its own,
which is where entities that grow or that read other files are declared.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any, NamedTuple

from lxml import etree
from python_calamine import SheetTypeEnum, SheetVisibleEnum

# Cells that hold something, in all tables; a list of 200,000 dossiers has 2,6 million.
MOST_FILLED_CELLS = 4_000_000
MOST_COLUMNS = 1_000
_MOST_SPANNED_ROWS = 10_000
_DEEPEST_TABLE = 12
# A table of fewer filled cells in a row than this holds titles, or lays out the page.
_LEAST_TABLE_CELLS = 3
_MOST_HEADING_ROWS = 5
Merge = tuple[tuple[int, int], tuple[int, int]]


class MarkupRefused(Exception):
    """Such a file cannot be read; `refusal_code` is what the parent puts into words."""

    def __init__(self, refusal_code: str):
        super().__init__(refusal_code)
        self.refusal_code = refusal_code


@dataclass
class MarkupSheet:
    """A sheet that answers as one of calamine's; rows and columns are counted from 0."""

    name: str
    rows: dict[int, list[Any]] = field(default_factory=dict)
    merged_cell_ranges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    is_visible: bool = True

    @property
    def typ(self) -> Any:
        return SheetTypeEnum.WorkSheet

    @property
    def visible(self) -> Any:
        return SheetVisibleEnum.Visible if self.is_visible else SheetVisibleEnum.Hidden

    @property
    def start(self) -> tuple[int, int] | None:
        return (min(self.rows), 0) if self.rows else None

    @property
    def total_height(self) -> int:
        return max(self.rows, default=-1) + 1

    @property
    def total_width(self) -> int:
        return max(map(len, self.rows.values()), default=0)

    def iter_rows(self) -> Iterator[list[Any]]:
        for number in range(self.total_height):
            yield self.rows.get(number, [])

    def write_cell(self, row: int, column: int, value: Any) -> None:
        if column >= MOST_COLUMNS:
            raise MarkupRefused("memory")
        cells = self.rows.setdefault(row, [])
        cells += [""] * (column + 1 - len(cells))
        cells[column] = value


class MarkupBook:
    """The sheets of such a file, as calamine's workbook gives its own."""

    def __init__(self, sheets: list[MarkupSheet]):
        self.sheets_metadata = sheets

    def get_sheet_by_index(self, index: int) -> MarkupSheet:
        return self.sheets_metadata[index]


def open_markup_book(content: bytes) -> MarkupBook:
    """Raises MarkupRefused, or what the parsers raise."""
    start = content[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<html" not in start.lower():
        sheets = _read_spreadsheet_xml(content)
        if not any(sheet.rows for sheet in sheets):
            raise MarkupRefused("markup")
    elif start.startswith(b"<"):
        sheets = _Page(_decode_page(content, "")).make_sheets()
    else:
        sheets = _read_web_archive(content)
    if not any(sheet.rows for sheet in sheets):
        raise MarkupRefused("no_table")
    return MarkupBook(sheets)


# --- web pages ---------------------------------------------------------------------------------

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_FRAMES = re.compile(r"<frameset\b", re.IGNORECASE)
_EXCEL_PAGE = re.compile(r"urn:schemas-microsoft-com:office:excel", re.IGNORECASE)
_HIDDEN_SHEET = re.compile(r"<x:Visible>Sheet(?:Very)?Hidden</x:Visible>", re.IGNORECASE)
_WORKSHEET = re.compile(
    r"<x:ExcelWorksheet>\s*<x:Name>(.*?)</x:Name>.*?(?:HRef=[\"']([^\"']*)[\"'].*?)?"
    r"</x:ExcelWorksheet>",
    re.IGNORECASE | re.DOTALL,
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_FIGURE = re.compile(r"^[-–]?\d[\d.,/:\s]*%?$")
# What no reader of the page sees.
_UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "xml", "textarea"})
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "caption", "center", "hr", "form"}
)
_SECTIONS = {"thead": 0, "tfoot": 2}
_VOID = frozenset({"br", "hr", "img", "input", "col", "meta", "link", "area", "base", "wbr"})


def _decode_page(content: bytes, stated: str) -> str:
    """The page's text. UTF-8 that is whole proves itself; else what the page says of itself."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"<\0" in content[:64]:
        return content.decode("utf-16-le", "replace")
    named = _CHARSET.search(content[:8192])
    encodings = ["utf-8-sig", stated, named[1].decode("ascii", "replace") if named else ""]
    for encoding in [*encodings, "cp1258"]:
        try:
            return content.decode(encoding) if encoding else content.decode("utf-8-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1258", "replace")


class _WrittenCell:
    """A cell as the page has it: pieces of text, and tables within it."""

    __slots__ = ("across", "down", "is_hidden", "number", "parts")

    def __init__(self, attributes: Any, is_hidden: bool):
        self.parts: list[Any] = []
        self.across = _read_span(attributes.get("colspan"), MOST_COLUMNS)
        self.down = _read_span(attributes.get("rowspan"), _MOST_SPANNED_ROWS)
        self.number = attributes.get("x:num") or ""
        self.is_hidden = is_hidden

    @property
    def value(self) -> Any:
        words = _squeeze_words(_join_parts(self.parts))
        if self.number and "%" not in words:
            try:
                return float(self.number)
            except ValueError:
                return words
        return words


class _WrittenRow(NamedTuple):
    section: int
    cells: list[_WrittenCell]
    is_hidden: bool


class _WrittenTable:
    def __init__(self, is_hidden: bool):
        self.rows: list[_WrittenRow] = []
        self.hidden_columns: list[int] = []
        self.columns = 0
        self.section = 1
        self.is_hidden = is_hidden
        self.cell: _WrittenCell | None = None

    def lays_out(self) -> bool:
        """Whether it only holds other tables in their places on the page."""
        nested = [part for part in self._list_parts() if isinstance(part, _WrittenTable)]
        return any(len(table.rows) >= max(len(self.rows), 2) for table in nested) or any(
            table.lays_out() for table in nested
        )

    def _list_parts(self) -> Iterator[Any]:
        return (part for row in self.rows for cell in row.cells for part in cell.parts)


def _read_span(written: str | None, most: int) -> int:
    if not written or not written.strip().isdecimal():
        return 1
    number = int(written)
    return min(number, most) if number else most  # 0: down to the end


def _join_parts(parts: list[Any]) -> str:
    pieces = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        else:
            pieces += [_join_parts(cell.parts) + " " for row in part.rows for cell in row.cells]
    return "".join(pieces)


def _squeeze_words(words: str) -> str:
    # a no-break space is a letter of text that was encoded twice ("à" is "Ã" and one)
    lines = (_SPACES.sub(" ", line).strip(" ") for line in words.split("\v"))
    return "\n".join(line for line in lines if line.strip())


class _PageEvents:
    """What the parser of HTML calls; `parts` are the page's texts and tables in their order."""

    def __init__(self, is_excel: bool):
        self.parts: list[Any] = []
        self._tables: list[_WrittenTable] = []
        self._unseen: list[str] = []
        self._cells = 0
        self._is_excel = is_excel

    def start(self, tag: str, attributes: Any) -> None:
        tag = tag.lower()
        if self._unseen:
            if tag not in _VOID:
                self._unseen.append(tag)
            return
        is_hidden = "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))
        table = self._tables[-1] if self._tables else None
        if tag == "table":
            if len(self._tables) >= _DEEPEST_TABLE:
                raise MarkupRefused("memory")
            self._tables.append(_WrittenTable(is_hidden))
        elif tag in ("thead", "tbody", "tfoot") and table:
            table.section = _SECTIONS.get(tag, 1)
            table.cell = None
        elif tag == "col" and table:
            width = _read_span(attributes.get("span"), MOST_COLUMNS)
            if is_hidden:
                table.hidden_columns += range(table.columns, table.columns + width)
            table.columns += width
        elif tag == "tr" and table:
            table.rows.append(_WrittenRow(table.section, [], is_hidden))
            table.cell = None
        elif tag in ("td", "th") and table:
            if not table.rows:
                table.rows.append(_WrittenRow(table.section, [], False))
            table.cell = _WrittenCell(attributes, is_hidden)
            table.rows[-1].cells.append(table.cell)
            self._count_cell()
        elif tag == "input":
            self._write_input(attributes)
        elif self._is_unseen(tag, attributes, is_hidden):
            self._unseen.append(tag)
        elif tag == "br" or tag in _BLOCKS:
            self._write("\v")

    def _is_unseen(self, tag: str, attributes: Any, is_hidden: bool) -> bool:
        if tag in _UNSEEN or (tag == "option" and "selected" not in attributes):
            return True
        return is_hidden and tag not in _VOID and not self._continues_text()

    def _continues_text(self) -> bool:
        """Excel hides the end of a long text with a style of its own; a portal its sorting key."""
        if not self._is_excel or not self._tables or self._tables[-1].cell is None:
            return False
        return bool(_join_parts(self._tables[-1].cell.parts).strip())

    def _count_cell(self) -> None:
        self._cells += 1
        if self._cells > MOST_FILLED_CELLS:
            raise MarkupRefused("memory")

    def _write_input(self, attributes: Any) -> None:
        input_type = (attributes.get("type") or "text").lower()
        if input_type in ("checkbox", "radio"):
            self._write("x" if "checked" in attributes else "")
        elif input_type in ("text", "number", "date"):
            self._write(attributes.get("value") or "")

    def end(self, tag: str) -> None:
        tag = tag.lower()
        if self._unseen:
            if tag in self._unseen:
                while self._unseen.pop() != tag:
                    pass
            return
        if tag == "table" and self._tables:
            finished = self._tables.pop()
            target = self._tables[-1] if self._tables else None
            if target is None:
                self.parts.append(finished)
            elif target.cell is not None:
                target.cell.parts.append(finished)
        elif tag in ("td", "th", "tr") and self._tables:
            self._tables[-1].cell = None
        elif tag in _BLOCKS:
            self._write("\v")

    def data(self, words: str) -> None:
        if not self._unseen:
            self._write(words.replace("\v", " "))

    def _write(self, words: str) -> None:
        if not self._tables:
            self.parts.append(words)
        elif self._tables[-1].cell is not None:
            self._tables[-1].cell.parts.append(words)

    def comment(self, words: str) -> None:
        pass

    def close(self) -> list[Any]:
        while self._tables:  # the file breaks off
            self.end("table")
        return self.parts


class _Block:
    """Rows that stand together on the page: a line of text, or a table put onto its grid."""

    def __init__(self) -> None:
        self.sheet = MarkupSheet("")
        self.height = 0
        self.is_table = False
        self.is_heading = False

    @classmethod
    def from_text(cls, words: str) -> _Block:
        block = cls()
        block.sheet.write_cell(0, 0, words)
        block.height = 1
        return block

    @classmethod
    def from_table(cls, table: _WrittenTable) -> _Block:
        block = cls()
        block.sheet.is_visible = not table.is_hidden
        rows = sorted(table.rows, key=lambda row: row.section)
        block.height = len(rows)
        taken: dict[int, set[int]] = {}
        seen_columns: set[int] = set()
        unseen_columns: set[int] = set(table.hidden_columns)
        full_rows = 0
        has_figures = False
        for number, row in enumerate(rows):
            column = filled = 0
            if row.is_hidden:
                block.sheet.hidden_rows.append(number)
            occupied = taken.pop(number, set())
            for cell in row.cells:
                while column in occupied:
                    column += 1
                value = cell.value
                down = min(cell.down, len(rows) - number)
                if value != "":
                    filled += 1
                    has_figures |= not isinstance(value, str) or bool(_FIGURE.match(value))
                    block.sheet.write_cell(number, column, value)
                    (unseen_columns if cell.is_hidden else seen_columns).add(column)
                if cell.across > 1 or down > 1:
                    last = (number + down - 1, column + cell.across - 1)
                    block.sheet.merged_cell_ranges.append(((number, column), last))
                for below in range(number + 1, number + down):
                    taken.setdefault(below, set()).update(range(column, column + cell.across))
                column += cell.across
            full_rows += filled >= _LEAST_TABLE_CELLS
        hidden = unseen_columns - (seen_columns - set(table.hidden_columns))
        block.sheet.hidden_columns = sorted(hidden)
        block.is_heading = not has_figures and full_rows > 0 and len(rows) <= _MOST_HEADING_ROWS
        block.is_table = full_rows > 1 and not block.is_heading
        return block

    def has_digits(self) -> bool:
        return any(
            not isinstance(cell, str) or any(letter.isdigit() for letter in cell)
            for cells in self.sheet.rows.values()
            for cell in cells
        )


class _Page:
    """A web page as sheets: one for each table with rows, below the texts that stand above it."""

    def __init__(self, written: str, name: str = ""):
        self._name = name
        self._is_hidden = bool(_HIDDEN_SHEET.search(written))
        self.has_frames = bool(_FRAMES.search(written))
        names = [unescape(match[1]) for match in _WORKSHEET.finditer(written)]
        if not name and len(names) == 1:
            self._name = names[0]
        parser = etree.HTMLParser(
            target=_PageEvents(bool(_EXCEL_PAGE.search(written[:4096]))),
            encoding="utf-8",
            no_network=True,
            huge_tree=True,
        )
        markup = written.encode("utf-8", "replace")
        try:
            parser.feed(markup)
            self._parts = parser.close()
        except etree.XMLSyntaxError as error:
            raise MarkupRefused("no_table") from error

    def make_sheets(self) -> list[MarkupSheet]:
        if self.has_frames and not any(isinstance(part, _WrittenTable) for part in self._parts):
            raise MarkupRefused("frames")
        blocks = list(_list_blocks(self._parts))
        ends = [index for index, block in enumerate(blocks) if block.is_table]
        if not ends:
            if not any(isinstance(part, _WrittenTable) for part in self._parts):
                return []
            ends = [len(blocks) - 1]
        preamble = [block for block in blocks[: ends[0]] if not block.is_heading]
        sheets = []
        row_number = start = 0
        for order, end in enumerate(ends):
            last = len(blocks) if end == ends[-1] else end + 1
            own = blocks[start:last]
            sheet = MarkupSheet(self._name_sheet(order, len(ends)))
            sheet.is_visible = blocks[end].sheet.is_visible and not self._is_hidden
            if order:
                has_own_words = any(block.has_digits() for block in own[: end - start])
                # what stands over the whole page; its days give way to those over this table
                above = [block for block in preamble if not (has_own_words and block.has_digits())]
                own = above + own
            for block in own:
                _add_block(sheet, block, row_number)
                row_number += block.height
            sheets.append(sheet)
            start = last
        return sheets

    def _name_sheet(self, order: int, count: int) -> str:
        if count == 1:
            return self._name or "Trang web"
        return f"{self._name} (bảng {order + 1})" if self._name else f"Bảng {order + 1}"


def _list_blocks(parts: list[Any], depth: int = 0) -> Iterator[_Block]:
    pieces: list[str] = []
    for part in [*parts, None]:
        if isinstance(part, str):
            pieces.append(part)
            continue
        for line in _squeeze_words("".join(pieces)).split("\n"):
            if line:
                yield _Block.from_text(line)
        pieces = []
        if part is None:
            continue
        if depth < _DEEPEST_TABLE and part.lays_out():
            for row in part.rows:
                for cell in row.cells:
                    yield from _list_blocks(cell.parts, depth + 1)
        else:
            block = _Block.from_table(part)
            if block.sheet.rows:
                yield block


def _add_block(sheet: MarkupSheet, block: _Block, offset: int) -> None:
    for number, cells in block.sheet.rows.items():
        sheet.rows[offset + number] = cells
    sheet.hidden_rows += [offset + number for number in block.sheet.hidden_rows]
    if block.is_table:
        sheet.hidden_columns += block.sheet.hidden_columns
    sheet.merged_cell_ranges += [
        ((offset + top, left), (offset + bottom, right))
        for (top, left), (bottom, right) in block.sheet.merged_cell_ranges
    ]


# --- MHTML -------------------------------------------------------------------------------------


def _read_web_archive(content: bytes) -> list[MarkupSheet]:
    """The pages of a "Single File Web Page", under the names that its frame gives them."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    pages: list[tuple[str, str]] = []
    names: dict[str, str] = {}
    for part in message.walk():
        if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        written = _decode_page(payload, part.get_content_charset() or "")
        location = str(part.get("Content-Location") or "")
        for match in _WORKSHEET.finditer(written):
            if match[2]:
                names[_name_file(match[2])] = unescape(match[1])
        pages.append((_name_file(location), written))
    sheets: list[MarkupSheet] = []
    for file_name, written in pages:
        page = _Page(written, names.get(file_name, ""))
        if not page.has_frames and "tabstrip" not in file_name:
            sheets += page.make_sheets()
    taken: dict[str, int] = {}
    for sheet in sheets:
        taken[sheet.name] = taken.get(sheet.name, 0) + 1
        if taken[sheet.name] > 1:
            sheet.name = f"{sheet.name} {taken[sheet.name]}"
    return sheets


def _name_file(location: str) -> str:
    return re.split(r"[/\\:]", location)[-1].lower()


# --- XML Spreadsheet 2003 ----------------------------------------------------------------------

_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_TIME_ONLY = "1899-12-31T"
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"


class _SpreadsheetEvents:
    """What the parser of XML calls; gathers the sheets."""

    def __init__(self) -> None:
        self.sheets: list[MarkupSheet] = []
        self._row = self._column = self._next_row = self._next_column = self._described = 0
        self._percent_styles: set[str] = set()
        self._style = ""
        self._row_style = ""
        self._cell_style = ""
        self._formula = ""
        self._value_type = ""
        self._words: list[str] | None = None
        self._cells = 0

    def doctype(self, *_: Any) -> None:
        raise MarkupRefused("doctype")

    def start(self, tag: str, attributes: Any) -> None:
        name = tag.removeprefix(_SPREADSHEET)
        get = {key.removeprefix(_SPREADSHEET): value for key, value in attributes.items()}.get
        match name:
            case "Style":
                self._style = get("ID") or ""
            case "NumberFormat" if "%" in (get("Format") or "") or get("Format") == "Percent":
                self._percent_styles.add(self._style)
            case "Worksheet":
                self.sheets.append(MarkupSheet(get("Name") or f"Sheet{len(self.sheets) + 1}"))
                self._next_row = self._described = 0
            case "Column":
                first = _read_index(get("Index"), self._described)
                self._described = first + 1 + int(get("Span") or 0)
                if get("Hidden") == "1":
                    last = min(self._described, MOST_COLUMNS)
                    self.sheets[-1].hidden_columns += range(first, last)
            case "Row":
                self._row = _read_index(get("Index"), self._next_row)
                self._next_row = self._row + 1 + int(get("Span") or 0)
                self._next_column = 0
                self._row_style = get("StyleID") or ""
                if get("Hidden") == "1":
                    self.sheets[-1].hidden_rows.append(self._row)
            case "Cell":
                self._start_cell(get)
            case "Data":
                self._value_type = get("Type") or "String"
                self._words = []
        if tag == _VISIBLE:
            self._words = []

    def _start_cell(self, get: Any) -> None:
        self._column = _read_index(get("Index"), self._next_column)
        across = int(get("MergeAcross") or 0)
        down = int(get("MergeDown") or 0)
        self._next_column = self._column + 1 + across
        self._cell_style = get("StyleID") or self._row_style
        self._formula = get("Formula") or ""
        self._cells += 1
        if self._cells > MOST_FILLED_CELLS or self._next_column > MOST_COLUMNS:
            raise MarkupRefused("memory")
        if across or down:
            corner = (self._row + down, self._column + across)
            self.sheets[-1].merged_cell_ranges.append(((self._row, self._column), corner))

    def data(self, words: str) -> None:
        if self._words is not None:
            self._words.append(words)

    def end(self, tag: str) -> None:
        if tag == _VISIBLE and self._words is not None and self.sheets:
            self.sheets[-1].is_visible = "Hidden" not in "".join(self._words)
            self._words = None
        elif tag == f"{_SPREADSHEET}Data" and self._words is not None:
            value = self._convert_value("".join(self._words))
            self._words = None
            if value != "":
                self.sheets[-1].write_cell(self._row, self._column, value)
                self._formula = ""
        elif tag == f"{_SPREADSHEET}Cell" and self._formula:
            # its result was never stored: no blank, and nobody knows the figure
            self.sheets[-1].write_cell(self._row, self._column, self._formula)

    def _convert_value(self, words: str) -> Any:
        written = words.strip()
        try:
            match self._value_type if written else "":
                case "Number" if self._cell_style in self._percent_styles:
                    return f"{float(written) * 100:.10g}%".replace(".", ",")
                case "Number":
                    return float(written)
                case "DateTime" if written.startswith(_TIME_ONLY):
                    return datetime.fromisoformat(written).time()
                case "DateTime":
                    return datetime.fromisoformat(written)
                case "Boolean":
                    return written in ("1", "true")
        except ValueError:
            return words
        return words

    def close(self) -> list[MarkupSheet]:
        return self.sheets


def _read_index(written: str | None, following: int) -> int:
    """Where a row, column or cell stands: as it says itself, else behind the one before it."""
    index = int(written) - 1 if written else following
    if index < 0:
        raise MarkupRefused("markup")
    return index


def _read_spreadsheet_xml(content: bytes) -> list[MarkupSheet]:
    parser = etree.XMLParser(
        target=_SpreadsheetEvents(),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        parser.feed(content.lstrip())
        sheets: list[MarkupSheet] = parser.close()
    except (etree.XMLSyntaxError, ValueError, OverflowError) as error:
        raise MarkupRefused("markup") from error
    return sheets
