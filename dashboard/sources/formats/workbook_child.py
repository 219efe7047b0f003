"""Runs as a process of its own: opens one workbook for `workbook.py` and answers with its rows.

What is markup and no workbook (HTML, MHTML, XML Spreadsheet 2003) is read by `markup_tables.py`.

A parser that meets a hostile workbook may ask for 500 GB or never end, and that kills the process
it runs in. So it runs in this one, inside limits of memory and processor time, and only plain cells
leave it. Protocol: one pickled dict about the sheets, then, for each sheet index read from standard
input, lists of (row number from 1, cells) ending with an empty list. Blank rows are left out.

It starts anew for each workbook: modules that few files need are imported where they are needed.
"""

from __future__ import annotations

import io
import os
import re
import sys
import zipfile

# as `pickle` has it, without the module in Python around it
from _pickle import dumps as dump_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PEEK_ROWS = 120
CHUNK_ROWS = 400
MAX_SHEETS = 100
# As the parent allows for what is not encrypted.
MAX_UNPACKED = 600_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_READ_ONLY_PASSWORD = "VelvetSweatshop"
# Cells of a sheet's box, blank ones included: one value in the last corner makes 17 thousand
# million.
MAX_CELLS = 12_000_000


# A sheet's text beyond this is looked through for hidden rows only, not cell by cell.
MAX_CELL_SCAN = 200_000_000
_PERCENT_FORMATS = {b"9", b"10"}
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_OPENDOCUMENT_TAG = re.compile(
    rb"<table:(table|table-row|table-column|table-cell|covered-table-cell)(?=[\s/>])[^>]*>"
)
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</)")
_STORED = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]+)</")
_TERM = re.compile(
    r"\s*([+-]?)\s*(?:SUM\(([^()]*)\)|\$?([A-Z]{1,3})\$?(\d+)|(\d+(?:\.\d+)?))\s*(?=[+-]|$)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?$", re.IGNORECASE)
# A sum of a sum of a sum: deeper than that a sheet turns in a circle.
_DEEPEST_SUM = 20
# Blank rows at the end of a sheet are repeated a million times.
_MOST_REPEATED = 10_000


def _read_attribute(tag: bytes, name: bytes) -> bytes:
    match = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return match[1] if match else b""


def _unescape(written: bytes) -> str:
    """The name of a sheet as a program shows it."""
    name = written.decode("utf-8", "replace")
    if "&" not in name:
        return name
    from html import unescape

    return unescape(name)


def _is_invisible(tag: bytes, measure: bytes) -> bool:
    """Whether a row or column is hidden, or drawn to nothing."""
    extent = _read_attribute(tag, measure)
    return _read_attribute(tag, b"hidden") in (b"1", b"true") or bool(
        re.fullmatch(rb"0(?:\.0+)?", extent)
    )


def _number_column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


class SheetMarkup:
    """What the parser keeps to itself of a sheet of an .xlsx: hidden rows and columns (from 0), and
    cells that are not what they seem.

    A broken formula (#REF!) is no blank, a percentage no count, and a formula whose result was
    never stored no blank either: simple sums are added up, others stand there as they are written.
    """

    def __init__(self) -> None:
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.errors: dict[tuple[int, int], str] = {}
        self.percentages: set[tuple[int, int]] = set()
        self.formulas: dict[tuple[int, int], str] = {}
        self.results: dict[tuple[int, int], Any] = {}
        # only of files whose parser does not tell them
        self.merged: list[tuple[tuple[int, int], tuple[int, int]]] = []

    def scan(self, markup: bytes, percent_styles: set[bytes]) -> None:
        for tag in _ROW.findall(markup) if b"hidden" in markup or b' ht="0' in markup else ():
            if _is_invisible(tag, b"ht"):
                self.hidden_rows.append(int(_read_attribute(tag, b"r") or 0) - 1)
        for tag in _COLUMN.findall(markup[: markup.find(b"sheetData")]):
            if _is_invisible(tag, b"width"):
                first = int(_read_attribute(tag, b"min")) - 1
                last = min(int(_read_attribute(tag, b"max")), 1_000)
                self.hidden_columns += range(first, last)
        is_plain = not percent_styles and b't="e"' not in markup and b"<f" not in markup
        if is_plain or len(markup) > MAX_CELL_SCAN:
            return
        for match in _CELL.finditer(markup):
            self._scan_cell(match[1], match[2] or b"", percent_styles)

    def _scan_cell(self, attributes: bytes, content: bytes, percent_styles: set[bytes]) -> None:
        reference = _REFERENCE.match(_read_attribute(attributes, b"r").decode())
        if reference is None or not content:
            return
        position = (int(reference[2]) - 1, _number_column(reference[1]))
        stored = _STORED.search(content)
        cell_type = _read_attribute(attributes, b"t")
        formula = _FORMULA.search(content)
        if cell_type == b"e" and stored:
            self.errors[position] = stored[1].decode("utf-8", "replace")
        elif formula and not stored and cell_type != b"str":
            self.formulas[position] = (formula[1] or b"?").decode("utf-8", "replace")
        elif cell_type in (b"", b"n") and _read_attribute(attributes, b"s") in percent_styles:
            self.percentages.add(position)

    def compute_formulas(self, rows: list[list[Any]]) -> None:
        for position, formula in self.formulas.items():
            value = self._evaluate(formula, rows, 0)
            self.results[position] = f"={formula}" if value is None else value

    def _evaluate(self, formula: str, rows: list[list[Any]], depth: int) -> Any:
        """The value of sums and differences of cells; None of any other formula."""
        end = 0
        total = 0.0
        while end < len(formula):
            term = _TERM.match(formula, end)
            if term is None or (end and not term[1]) or depth > _DEEPEST_SUM:
                return None
            end = term.end()
            if term[2] is not None:
                values = self._list_values(term[2], rows, depth)
            elif term[3]:
                values = [self._look_up(int(term[4]) - 1, _number_column(term[3]), rows, depth)]
            else:
                values = [float(term[5])]
            numbers = [0.0 if value == "" else value for value in values or [None]]
            if not all(isinstance(number, float) for number in numbers):
                return None
            total += -sum(numbers) if term[1] == "-" else sum(numbers)
        return total

    def _list_values(self, arguments: str, rows: list[list[Any]], depth: int) -> list[Any] | None:
        values: list[Any] = []
        for argument in re.split("[,;]", arguments):
            reference = _REFERENCE.match(argument.strip())
            if reference is None:
                return None
            first = int(reference[2]) - 1
            last = int(reference[4] or reference[2]) - 1
            left = _number_column(reference[1])
            right = _number_column(reference[3] or reference[1])
            if (last - first + 1) * (right - left + 1) > 10_000:
                return None
            values += [
                self._look_up(row, column, rows, depth)
                for row in range(first, last + 1)
                for column in range(left, right + 1)
            ]
        return values

    def _look_up(self, row: int, column: int, rows: list[list[Any]], depth: int) -> Any:
        if (row, column) in self.errors or (row, column) in self.percentages:
            return None
        if (row, column) in self.formulas:
            return self._evaluate(self.formulas[row, column], rows, depth + 1)
        is_inside = row < len(rows) and column < len(rows[row])
        value = rows[row][column] if is_inside else ""
        return float(value) if isinstance(value, int | float) else value

    def correct(self, row: int, cells: list[Any]) -> list[Any]:
        """The cells of a row (from 0) as a person sees them."""
        for column, cell in enumerate(cells):
            position = (row, column)
            if position in self.errors:
                cells[column] = self.errors[position]
            elif position in self.results:
                cells[column] = self.results[position]
            elif position in self.percentages and isinstance(cell, int | float):
                cells[column] = f"{cell * 100:.10g}%".replace(".", ",")
        return cells


def _list_percent_styles(archive: zipfile.ZipFile, names: dict[str, str]) -> set[bytes]:
    """The numbers of the cell styles that print a percentage."""
    if "xl/styles.xml" not in names:
        return set()
    markup = archive.read(names["xl/styles.xml"])
    formats = set(_PERCENT_FORMATS)
    for tag in re.findall(rb"<(?:\w+:)?numFmt\b[^>]*>", markup):
        if b"%" in _read_attribute(tag, b"formatCode"):
            formats.add(_read_attribute(tag, b"numFmtId"))
    block = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", markup, re.DOTALL)
    styles = re.findall(rb"<(?:\w+:)?xf\b[^>]*>", block[0]) if block else []
    return {
        str(number).encode()
        for number, tag in enumerate(styles)
        if _read_attribute(tag, b"numFmtId") in formats
    }


def _open_content(path: str) -> io.BytesIO:
    """The workbook's bytes as any program opens them: decrypted where the password is Excel's own
    for "mark as read-only", which asks nobody, and with parts named as the standard says.
    """
    with open(path, "rb") as stream:
        content = io.BytesIO(stream.read())
    if content.getvalue().startswith(_OLE) and _ENCRYPTED in content.getvalue():
        content = _decrypt(content)
    if zipfile.is_zipfile(content):
        with zipfile.ZipFile(content) as archive:
            if any("\\" in part.orig_filename for part in archive.infolist()):
                content = _rename_parts(archive)
    content.seek(0)
    return content


def _decrypt(content: io.BytesIO) -> io.BytesIO:
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
    from python_calamine import PasswordError

    decrypted = io.BytesIO()
    try:
        office_file = msoffcrypto.OfficeFile(content)
        office_file.load_key(password=_READ_ONLY_PASSWORD)
        office_file.decrypt(decrypted)
    except (InvalidKeyError, DecryptionError) as error:
        raise PasswordError("another password") from error
    if not zipfile.is_zipfile(decrypted):
        raise PasswordError("another password")
    with zipfile.ZipFile(decrypted) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise MemoryError
    return decrypted


def _rename_parts(archive: zipfile.ZipFile) -> io.BytesIO:
    """The same archive with "/" in its parts' names: some programs write "\\"."""
    renamed = io.BytesIO()
    with zipfile.ZipFile(renamed, "w") as target:
        for part in archive.infolist():
            target.writestr(part.orig_filename.replace("\\", "/"), archive.read(part))
    return renamed


def _read_markup(path: io.BytesIO) -> dict[str, SheetMarkup]:
    """Per name of a sheet what its markup says; nothing for files that are no .xlsx."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        names = {name.replace("\\", "/"): name for name in archive.namelist()}
        if "content.xml" in names:
            return _read_opendocument(archive.read(names["content.xml"]))
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(names):
            return {}
        percent_styles = _list_percent_styles(archive, names)
        relations = archive.read(names["xl/_rels/workbook.xml.rels"])
        targets = {
            _read_attribute(tag, b"Id"): _read_attribute(tag, b"Target").decode()
            for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", relations)
        }
        markups = {}
        workbook = archive.read(names["xl/workbook.xml"])
        for tag in re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", workbook):
            target = targets.get(_read_attribute(tag, rb"\w+:id"), "").replace("\\", "/")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                name = _unescape(_read_attribute(tag, b"name"))
                markups[name] = SheetMarkup()
                markups[name].scan(archive.read(names[part]), percent_styles)
        return markups


def _read_opendocument(content: bytes) -> dict[str, SheetMarkup]:
    """Per name of a sheet of an .ods its rows and columns that are collapsed or filtered out, and
    its merged blocks, of which calamine tells nothing.
    """
    markups: dict[str, SheetMarkup] = {}
    markup = SheetMarkup()
    row = column = cell = 0
    for match in _OPENDOCUMENT_TAG.finditer(content):
        tag = match[0]
        kind = match[1]
        if kind == b"table":
            name = _unescape(_read_attribute(tag, b"table:name"))
            markup = markups[name] = SheetMarkup()
            row = column = cell = 0
            continue
        is_hidden = _read_attribute(tag, b"table:visibility") in (b"collapse", b"filter")
        if kind == b"table-row":
            repeated = _read_count(tag, b"table:number-rows-repeated")
            if is_hidden:
                markup.hidden_rows += range(row, row + min(repeated, _MOST_REPEATED))
            row = row + repeated
            cell = 0
            continue
        repeated = _read_count(tag, b"table:number-columns-repeated")
        if kind == b"table-column":
            if is_hidden:
                markup.hidden_columns += range(column, column + min(repeated, _MOST_REPEATED))
            column += repeated
            continue
        rows = _read_count(tag, b"table:number-rows-spanned")
        columns = _read_count(tag, b"table:number-columns-spanned")
        if rows > 1 or columns > 1:
            top = row - 1  # the row's own tag has been counted
            markup.merged.append(((top, cell), (top + rows - 1, cell + columns - 1)))
        cell += repeated
    return markups


def _read_count(tag: bytes, name: bytes) -> int:
    """A number in a tag; 1 where it has none."""
    return int(_read_attribute(tag, name) or 1)


def _list_hidden(sheet: Any) -> SheetMarkup:
    """What a sheet itself says of its hidden rows and columns; nothing in calamine's."""
    markup = SheetMarkup()
    markup.hidden_rows = list(getattr(sheet, "hidden_rows", ()))
    markup.hidden_columns = list(getattr(sheet, "hidden_columns", ()))
    return markup


def _send_message(message: Any) -> None:
    sys.stdout.buffer.write(dump_message(message, protocol=5))
    sys.stdout.buffer.flush()


def _read_rows(sheet: Any, markup: SheetMarkup, limit: int | None = None) -> Any:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if limit is not None and number > (sheet.start or (0, 0))[0] + limit:
            return
        if markup.errors or markup.results or markup.percentages:
            cells = markup.correct(number - 1, list(cells))
        # a figure that is not 0 is found at once, each cell is compared only where there is none
        if any(cells) or cells.count("") < len(cells):
            yield number, cells


def _describe_sheet(sheet: Any, markup: SheetMarkup) -> dict[str, Any]:
    too_big = sheet.total_height * sheet.total_width > MAX_CELLS
    if markup.formulas and not too_big:
        markup.compute_formulas([list(cells) for cells in sheet.iter_rows()])
    return {
        "name": sheet.name,
        "merged": [] if too_big else (sheet.merged_cell_ranges or markup.merged),
        "height": sheet.total_height,
        "width": sheet.total_width,
        "hidden_rows": [row + 1 for row in markup.hidden_rows],
        "hidden_columns": markup.hidden_columns,
        "peek": [] if too_big else list(_read_rows(sheet, markup, PEEK_ROWS)),
    }


def main(path: str) -> None:
    from python_calamine import (
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    workbook: Any
    try:
        content = _open_content(path)
        is_markup = not content.getvalue().startswith((b"PK", _OLE))
        if is_markup:
            # this process sees no other folder of ours
            sys.path.append(os.path.dirname(__file__))
            from importlib import import_module

            workbook = import_module("markup_tables").open_markup_book(content.getvalue())
        else:
            workbook = CalamineWorkbook.from_filelike(content)
        metadata = list(workbook.sheets_metadata)
        wanted = [
            index for index, sheet in enumerate(metadata) if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        visible = [index for index in wanted if metadata[index].visible == SheetVisibleEnum.Visible]
        chosen = wanted[: MAX_SHEETS + 1]
        hidden = [index not in visible for index in chosen[:MAX_SHEETS]]
        sheets = [workbook.get_sheet_by_index(index) for index in chosen[:MAX_SHEETS]]
        by_name = {} if is_markup else _read_markup(content)
        markups = [by_name.get(sheet.name) or _list_hidden(sheet) for sheet in sheets]
        _send_message(
            {
                "sheets": [
                    # a book without any visible sheet hides nothing
                    {**_describe_sheet(sheet, markup), "hidden": bool(visible) and hides}
                    for sheet, markup, hides in zip(sheets, markups, hidden, strict=True)
                ],
                "more": len(chosen) > MAX_SHEETS,
            }
        )
        for line in sys.stdin:
            chunk = []
            for row in _read_rows(sheets[int(line)], markups[int(line)]):
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
        code = getattr(error, "refusal_code", "damaged")
        _send_message({"error": code, "kind": type(error).__name__})


if __name__ == "__main__":
    memory = int(sys.argv[2])
    seconds = int(sys.argv[3])
    # A system without such limits still has the clock's, which the parent keeps.
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, OSError, ValueError):
        pass
    # after the limits: the parsers' folder, which the interpreter does not look for by itself
    sys.path.append(sys.argv[4])
    main(sys.argv[1])
