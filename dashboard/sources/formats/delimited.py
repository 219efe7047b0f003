"""Text tables (.csv, .tsv, .txt): any usual encoding and separator, streamed line by line."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Generator, Iterator
from itertools import islice
from operator import methodcaller
from pathlib import Path

from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.formats.legacy_encodings import (
    choose_legacy_encoding,
    count_our_words,
    has_lost_letters,
    name_legacy_encoding,
    refuse_lost_letters,
)
from dashboard.sources.formats.sheet import Sheet, SheetRow, TextForm, is_blank

# A year's dossiers of a big province (2 million lines) weigh about 400 MB; rows are streamed.
MAX_BYTES = 1_000_000_000
# Longer than any row of a form; without it a file of one endless line would fill the memory.
MAX_LINE = 1_000_000
PEEK_ROWS = 120
# The rows of a smaller file are kept once they are read, as those of a workbook are: a form is gone
# through by the recognition, the reader and whoever tells what was left out.
_MOST_KEPT_BYTES = 1_000_000
SEPARATORS = {
    ";": write_message("chấm phẩy"),
    ",": write_message("phẩy"),
    "\t": "tab",
    "|": write_message("gạch đứng"),
}
_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters that no text has.
_NOT_TEXT = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27, 26})
# What old programs put behind the end of a text; within it nobody knows what is missing.
_PADDING = "\0\x1a"
# Of a file in UTF-8 at most this part is broken; with more it is another encoding.
_STRAY_SHARE = 0.02


def detect_encoding(path: Path) -> str | None:
    """The encoding in which the whole file is text, or None: it is not text.

    Raises FileRefused where it is text but for some bytes, and says where they are.
    """
    with path.open("rb") as stream:
        start = stream.read(65_536)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            if _decodes(path, encoding):
                return encoding
            if encoding == "utf-8-sig":
                _refuse_stray_bytes(path, start)
            return None
    if has_lost_letters(start.decode("utf-8", errors="replace")):
        raise refuse_lost_letters(path)
    if legacy := choose_legacy_encoding(start):
        return legacy if _decodes(path, legacy) else None
    guesses = ["utf-8", "cp1258"]
    # UTF-16 without its mark: every other byte of plain letters is 0
    if start.rstrip(b"\0\x1a").count(0) > len(start) // 10:
        guesses = ["utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"]
        decoded_start = start.decode(guesses[0], errors="replace")
        if "\n" not in decoded_start or not any(
            separator in decoded_start for separator in SEPARATORS
        ):
            return None
    if _decodes(path, guesses[0]):
        return guesses[0]
    _refuse_stray_bytes(path, start)
    return next((encoding for encoding in guesses[1:] if _decodes(path, encoding)), None)


def _refuse_stray_bytes(path: Path, start: bytes) -> None:
    """UTF-8 with a few broken letters, or a NUL or Ctrl-Z in the middle, is damaged: whatever else
    its bytes could be, they are not that.
    """
    decoded_start = start.decode("utf-8", errors="replace")
    broken = decoded_start.count("\ufffd")
    letters = sum(letter > "\x7f" for letter in decoded_start) - broken
    if count_our_words(decoded_start) < 2 or broken > max(_STRAY_SHARE * letters, 8):
        return
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if b"\0" in line or b"\x1a" in line:
                raise FileRefused(
                    path.name,
                    write_message(
                        "dòng {number} có ký tự điều khiển (NUL hoặc Ctrl-Z) nên tệp có thể bị cắt",
                        number=number,
                    ),
                    write_message("hãy xuất lại tệp, hoặc mở bằng Excel và lưu lại dạng .xlsx"),
                )
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise FileRefused(
                    path.name,
                    write_message(
                        "dòng {number} có byte lạ, không đúng mã UTF-8 như các dòng khác",
                        number=number,
                    ),
                    write_message("hãy sửa chữ ở dòng đó hoặc xuất lại tệp với mã UTF-8"),
                ) from error


def _has_control_inside(text: str, ended: bool) -> bool:
    """Whether a NUL or Ctrl-Z stands before more text. `ended`: one stood at the end before."""
    body = text.rstrip(_PADDING + "\r\n")
    return any(mark in body for mark in _PADDING) or (ended and bool(body))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    ended = False
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                text = decoder.decode(block)
                if _has_control_inside(text, ended):
                    return False
                body = block.rstrip(b"\0\x1a\r\n")
                if encoding == "cp1258" and body.translate(None, _NOT_TEXT) != body:
                    return False
                ended = ended or text.rstrip("\r\n").endswith(tuple(_PADDING))
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def read_lines(path: Path, encoding: str) -> Generator[str, None, None]:
    with path.open(encoding=encoding, newline="") as stream:
        first = True
        while line := stream.readline(MAX_LINE):
            if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
                message = write_message("có dòng dài hơn 1 triệu ký tự")
                remedy = write_message("hãy kiểm tra dấu xuống dòng rồi xuất lại tệp")
                raise FileRefused(path.name, message, remedy)
            # Excel's own hint about the separator is not a row of the table.
            is_hint = first and line.strip().casefold().startswith("sep=")
            first = False
            if line[-1] in _PADDING:
                line = line.rstrip(_PADDING)
            yield "\n" if is_hint else line


def _read_rows(path: Path, encoding: str, separator: str) -> Iterator[SheetRow]:
    lines = read_lines(path, encoding)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = width = 0
    # strict: a quote that is never closed would otherwise swallow all rows below it, silently.
    while True:
        number += 1
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.close()  # the error may be kept for long, and with it the open file
            # a quote that is never closed is found at the end, but stands where its row begins
            is_open = "end of data" in str(error)
            line = first_line if is_open else reader.line_num
            raise MisplacedQuote(path, line, width) from error
        width = max(width, len(cells))
        if not all(map(is_blank, cells)):
            is_wrapped = any(map(_STARTS_FORMULA, cells))
            yield SheetRow(number, list(map(_unwrap_formula, cells)) if is_wrapped else [*cells])


_STARTS_FORMULA = methodcaller("startswith", '="')


def _unwrap_formula(cell: str) -> str:
    """`="0012"`, by which programs keep Excel from making a number of it, as `0012`."""
    is_wrapped = cell.startswith('="') and cell.endswith('"') and len(cell) > 3
    return cell[2:-1] if is_wrapped else cell


class MisplacedQuote(FileRefused):
    """A quote within a cell, or one that is never closed; `line` is where it stands,
    `width` how many cells the rows before it have at most.
    """

    def __init__(self, path: Path, line: int, width: int):
        super().__init__(
            path.name,
            write_message("dòng {line}: dấu nháy kép đặt sai hoặc không khép lại", line=line),
            write_message("hãy sửa dòng đó hoặc xuất lại tệp dạng .xlsx"),
        )
        self.line = line
        self.width = width


def read_text_sheets(path: Path) -> list[Sheet]:
    """The file read with each separator in turn; the reading in which a table is found is the right
    one.

    Raises FileRefused where the file is not text.
    """
    encoding = detect_encoding(path)
    if encoding is None:
        message = write_message("không phải bảng tính hoặc văn bản đọc được")
        raise FileRefused(
            path.name, message, write_message("hãy gửi tệp .xlsx, .xls, .ods hoặc .csv (mã UTF-8)")
        )

    is_kept = path.stat().st_size <= _MOST_KEPT_BYTES

    def rows_opener(separator: str) -> Callable[[], Iterator[SheetRow]]:
        kept: list[SheetRow] = []

        def open_rows() -> Iterator[SheetRow]:
            if not is_kept:
                return _read_rows(path, encoding, separator)
            if not kept:
                kept.extend(_read_rows(path, encoding, separator))
            return iter(kept)

        return open_rows

    sheets: list[Sheet] = []
    refusal: MisplacedQuote | None = None
    for separator, word in SEPARATORS.items():
        open_rows = rows_opener(separator)
        try:
            peek = list(islice(_read_rows(path, encoding, separator), PEEK_ROWS))
        except MisplacedQuote as error:
            # a stray quote in one reading; another may be right, and that gets furthest
            if refusal is None or (error.width, error.line) > (refusal.width, refusal.line):
                refusal = error
            continue
        if any(len(row.cells) > 1 for row in peek):
            form = TextForm(encoding, separator)
            sheets.append(
                Sheet(
                    write_message("dấu {word}", word=word),
                    peek,
                    open_rows,
                    alternative=True,
                    text=form,
                    old_encoding=name_legacy_encoding(encoding) or "",
                )
            )
    widest = max((len(row.cells) for sheet in sheets for row in sheet.peek), default=0)
    if refusal is not None and (not sheets or refusal.width > widest):
        raise refusal
    if not sheets:
        message = write_message("không thấy bảng nào trong tệp")
        remedy = write_message("hãy xuất lại tệp với cột cách nhau bằng dấu chấm phẩy")
        raise FileRefused(path.name, message, remedy)
    return sheets
