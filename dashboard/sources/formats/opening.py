"""Opening what people send: by what is inside the file, never by its extension, within limits."""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from dashboard.errors import FileRefused
from dashboard.messages import Message, write_message
from dashboard.sources.formats import delimited, json_sheets, legacy_encodings, workbook
from dashboard.sources.formats.sheet import Sheet, SheetRow

# So many letters show in which encoding a workbook was written.
_MOST_LETTERS = 50_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEND_TABLE = write_message("hãy gửi bảng số liệu dạng .xlsx, .xls, .ods hoặc .csv")
_SAVE_AS = write_message("hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại")
# How a file starts, and what it is then.
_OTHER_FORMATS = (
    (b"%PDF", write_message("tệp PDF")),
    (b"\x89PNG", write_message("ảnh PNG")),
    (b"\xff\xd8\xff", write_message("ảnh JPEG")),
    (b"GIF8", write_message("ảnh GIF")),
    (b"Rar!", write_message("tệp nén RAR")),
    (b"7z\xbc\xaf\x27\x1c", write_message("tệp nén 7z")),
    (b"\x1f\x8b", write_message("tệp nén gzip")),
    (b"{\\rtf", write_message("văn bản RTF")),
    (b"SQLite format 3", write_message("cơ sở dữ liệu SQLite")),
)
# How a web page begins, an archive of one ("Single File Web Page"), and a spreadsheet as XML.
_WEB_PAGE = re.compile(
    rb"<(?:!doctype html|!--|html|head|meta|table|body|div|style|title|center|font|p|br|h[1-6]|b"
    rb"|span|script|link|form|thead|tbody|tr|base)\b|<\?xml[^>]*>\s*(?:<!doctype html|<html)"
)
_WEB_ARCHIVE = re.compile(
    rb"(?:mime-version|from|content-type|snapshot-content-location|subject|date|x-[\w-]+):"
    rb"(?=.*(?:multipart/related|text/html))",
    re.DOTALL,
)
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"


def digest_file(path: Path) -> str:
    """SHA-256 of the file's bytes, as 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class ContentStamp(NamedTuple):
    """What a file holds at a moment; two equal ones have nothing written in between."""

    size: int
    changed_ns: int
    sha256: str


class FileChanging(FileRefused):
    """Somebody wrote the file while it was read: what was read is no moment's content."""


def stamp_content(path: Path) -> ContentStamp:
    status = path.stat()
    return ContentStamp(status.st_size, status.st_mtime_ns, digest_file(path))


@contextmanager
def refuse_changes(path: Path) -> Iterator[ContentStamp]:
    """Raises FileChanging at the end where the file is not what it was, also in place of what was
    refused for half a file.
    """
    before = stamp_content(path)
    try:
        yield before
    except FileRefused as refusal:
        if stamp_content(path) == before:
            raise
        raise _make_changing_error(path) from refusal
    if stamp_content(path) != before:
        raise _make_changing_error(path)


def _make_changing_error(path: Path) -> FileChanging:
    return FileChanging(
        path.name,
        write_message("tệp còn đang được ghi trong khi đọc, chưa nạp gì"),
        write_message("hãy nạp lại khi đã ghi xong"),
    )


@contextmanager
def open_sheets(path: Path) -> Iterator[list[Sheet]]:
    """The sheets of any file that can be a table; any other is refused with what to do."""
    try:
        status = path.stat()
        # before it is opened: a pipe would wait for a writer for ever
        _refuse_no_file(path, status.st_mode)
        size = status.st_size
        with path.open("rb") as stream:
            start = stream.read(2048)
    except OSError as error:
        raise FileRefused(
            path.name,
            write_message("không mở được tệp"),
            write_message("hãy kiểm tra đường dẫn và quyền đọc"),
        ) from error
    if not size:
        raise FileRefused(
            path.name,
            write_message("tệp rỗng, không có số liệu"),
            write_message("hãy kiểm tra và gửi lại tệp"),
        )
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE)):
        _refuse_too_large(
            path,
            size,
            workbook.MAX_BYTES,
            write_message("sổ tính"),
            write_message("hãy chép riêng bảng số liệu sang tệp mới"),
        )
        check = _check_zip if start.startswith(b"PK") else _check_ole
        check(path)
        with closing(workbook.Workbook(path)) as book:
            yield _convert_old_letters(path, book.sheets)
        return
    _refuse_others(path, start)
    if _looks_like_markup(path, start):
        _refuse_too_large(
            path,
            size,
            workbook.MAX_BYTES,
            write_message("trang web"),
            write_message("hãy xuất lại dạng .csv hoặc .xlsx"),
        )
        with closing(workbook.Workbook(path)) as book:
            yield _convert_old_letters(path, book.sheets)
        return
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        _refuse_too_large(
            path,
            size,
            json_sheets.MAX_RECORDS_BYTES,
            write_message("tệp JSON"),
            write_message("hãy chia tệp thành nhiều phần"),
        )
        yield json_sheets.open_record_sheets(path)
        return
    if json_sheets.looks_like_json_object(start):
        _refuse_too_large(
            path,
            size,
            json_sheets.MAX_JSON_BYTES,
            write_message("tệp JSON"),
            write_message("hãy chia nhỏ rồi gửi từng phần"),
        )
        yield json_sheets.open_line_sheets(path) or json_sheets.open_json_sheets(path)
        return
    _refuse_too_large(
        path,
        size,
        delimited.MAX_BYTES,
        write_message("tệp văn bản"),
        write_message("hãy chia tệp theo tháng rồi gửi từng phần"),
    )
    yield delimited.read_text_sheets(path)


def _convert_old_letters(path: Path, sheets: list[Sheet]) -> list[Sheet]:
    """The sheets with the letters that an old font (.VnTime, VNI-Times) prints; as they are where
    they are Unicode. Raises FileRefused where the letters are lost."""
    words = [
        cell
        for sheet in sheets
        for row in sheet.peek
        for cell in row.cells
        if isinstance(cell, str) and cell
    ]
    written = "\n".join(dict.fromkeys(words))[:_MOST_LETTERS]
    if legacy_encodings.has_lost_letters(written):
        raise legacy_encodings.refuse_lost_letters(path)
    decoder = legacy_encodings.choose_cell_decoder(written)
    if decoder is None:
        return sheets
    encoding, decode_cell = decoder

    def convert_row(row: SheetRow) -> SheetRow:
        cells = [decode_cell(cell) if type(cell) is str else cell for cell in row.cells]
        return SheetRow(row.number, cells)

    def open_converted(sheet: Sheet) -> Callable[[], Iterator[SheetRow]]:
        return lambda: map(convert_row, sheet.rows())

    return [
        replace(
            sheet,
            name=decode_cell(sheet.name),
            peek=[convert_row(row) for row in sheet.peek],
            rows=open_converted(sheet),
            old_encoding=encoding,
        )
        for sheet in sheets
    ]


def _refuse_no_file(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        remedy = write_message("hãy nạp từng tệp, hoặc dùng lệnh watch để nạp mọi tệp của thư mục")
        raise FileRefused(
            path.name or str(path), write_message("là thư mục, không phải tệp"), remedy
        )
    if not stat.S_ISREG(mode):
        raise FileRefused(
            path.name,
            write_message("không phải tệp thường (là ống dẫn hoặc thiết bị)"),
            write_message("hãy chép ra tệp rồi nạp lại"),
        )


def _refuse_too_large(
    path: Path, size: int, most_bytes: int, format_name: Message, remedy: Message
) -> None:
    if size > most_bytes:
        message = write_message(
            "tệp nặng {megabytes} MB, {format_name} chỉ nhận đến {most_megabytes} MB",
            megabytes=size // 1_000_000,
            format_name=format_name,
            most_megabytes=most_bytes // 1_000_000,
        )
        raise FileRefused(path.name, message, remedy)


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
            if any(name.startswith("word/") for name in names):
                raise FileRefused(
                    path.name, write_message("là văn bản Word, không phải bảng tính"), _SEND_TABLE
                )
            if any(name.startswith("ppt/") for name in names):
                raise FileRefused(
                    path.name,
                    write_message("là bài trình chiếu, không phải bảng tính"),
                    _SEND_TABLE,
                )
            if not any(name.startswith("xl/") for name in names) and "content.xml" not in names:
                raise FileRefused(
                    path.name,
                    write_message("là tệp nén, không phải bảng tính"),
                    write_message("hãy giải nén trước; {send_table}", send_table=_SEND_TABLE),
                )
            workbook.check_archive(path, archive)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise FileRefused(
            path.name, write_message("tệp bị hỏng, không giải nén được trọn vẹn"), _SAVE_AS
        ) from error


def _check_ole(path: Path) -> None:
    content = path.read_bytes()  # at most workbook.MAX_BYTES

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return  # the child tries Excel's own password, and refuses any other
    if not has("Workbook") and not has("Book"):
        word = write_message("văn bản Word") if has("WordDocument") else write_message("tệp Office")
        raise FileRefused(
            path.name, write_message("là {word}, không phải bảng tính", word=word), _SEND_TABLE
        )


def _refuse_others(path: Path, start: bytes) -> None:
    for mark, format_name in _OTHER_FORMATS:
        if start.startswith(mark):
            raise FileRefused(
                path.name,
                write_message("là {format_name}, không phải bảng tính", format_name=format_name),
                _SEND_TABLE,
            )


def _looks_like_markup(path: Path, start: bytes) -> bool:
    """Whether it is a web page or a spreadsheet as XML; any other XML is refused."""
    markup = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if _WEB_PAGE.match(markup) or _WEB_ARCHIVE.match(markup):
        return True
    if not markup.startswith((b"<?xml", b"<workbook", b"<ss:workbook")):
        return False
    if _SPREADSHEET_XML in markup:
        return True
    raise FileRefused(path.name, write_message("là tệp XML, không phải bảng tính .xlsx"), _SAVE_AS)
