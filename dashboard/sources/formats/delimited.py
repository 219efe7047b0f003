"""Text tables (.csv, .tsv, .txt): any usual encoding and separator, streamed line by line."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from dashboard.errors import FileRefused
from dashboard.sources.formats.sheet import Sheet, SheetRow, TextForm, is_blank

# A year's dossiers of a big province (2 million lines) weigh about 400 MB; rows are streamed.
MAX_BYTES = 1_000_000_000
# Longer than any row of a form; without it a file of one endless line would fill the memory.
MAX_LINE = 1_000_000
PEEK_ROWS = 120
SEPARATORS = {";": "chấm phẩy", ",": "phẩy", "\t": "tab", "|": "gạch đứng"}
_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters that no text has.
_NOT_TEXT = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27, 26})


def detect_encoding(path: Path) -> str | None:
    """The encoding in which the whole file is text, or None: it is not text."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding if _decodes(path, encoding) else None
    guesses = ["utf-8", "cp1258"]
    # UTF-16 without its mark: every other byte of plain letters is 0
    if start.count(0) > len(start) // 10:
        guesses = ["utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"]
        decoded_start = start.decode(guesses[0], errors="replace")
        if "\n" not in decoded_start or not any(
            separator in decoded_start for separator in SEPARATORS
        ):
            return None
    return next((encoding for encoding in guesses if _decodes(path, encoding)), None)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                text = decoder.decode(block)
                if "\0" in text or (
                    encoding == "cp1258" and block.translate(None, _NOT_TEXT) != block
                ):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def read_lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as stream:
        first = True
        while line := stream.readline(MAX_LINE):
            if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
                message, remedy = (
                    "có dòng dài hơn 1 triệu ký tự",
                    "hãy kiểm tra dấu xuống dòng rồi xuất lại tệp",
                )
                raise FileRefused(path.name, message, remedy)
            # Excel's own hint about the separator is not a row of the table.
            yield "\n" if first and line.strip().casefold().startswith("sep=") else line
            first = False


def _read_rows(path: Path, encoding: str, separator: str) -> Iterator[SheetRow]:
    reader = csv.reader(read_lines(path, encoding), delimiter=separator, strict=True)
    number = 0
    # strict: a quote that is never closed would otherwise swallow all rows below it, silently.
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"dòng {number}: dấu nháy kép đặt sai hoặc không khép lại"
            raise FileRefused(
                path.name, message, "hãy sửa dòng đó hoặc xuất lại tệp dạng .xlsx"
            ) from error
        if not all(map(is_blank, cells)):
            yield SheetRow(number, list(cells))


def read_text_sheets(path: Path) -> list[Sheet]:
    """The file read with each separator in turn; the reading in which a table is found is the right
    one.

    Raises FileRefused where the file is not text.
    """
    encoding = detect_encoding(path)
    if encoding is None:
        message = "không phải bảng tính hoặc văn bản đọc được"
        raise FileRefused(path.name, message, "hãy gửi tệp .xlsx, .xls, .ods hoặc .csv (mã UTF-8)")

    def rows_opener(separator: str) -> Callable[[], Iterator[SheetRow]]:
        return lambda: _read_rows(path, encoding, separator)

    sheets, refusal = [], None
    for separator, word in SEPARATORS.items():
        try:
            peek = list(islice(rows_opener(separator)(), PEEK_ROWS))
        except FileRefused as error:
            refusal = error  # a stray quote in one reading; another may be right
            continue
        if any(len(row.cells) > 1 for row in peek):
            form = TextForm(encoding, separator)
            sheets.append(
                Sheet(f"dấu {word}", peek, rows_opener(separator), alternative=True, text=form)
            )
    if not sheets:
        if refusal is not None:
            raise refusal
        message, remedy = (
            "không thấy bảng nào trong tệp",
            "hãy xuất lại tệp với cột cách nhau bằng dấu chấm phẩy",
        )
        raise FileRefused(path.name, message, remedy)
    return sheets
