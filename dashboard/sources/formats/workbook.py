"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) and what passes for one (HTML, MHTML, XML
Spreadsheet 2003), read in a fenced process of their own.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.formats.sheet import MergedBlock, Sheet, SheetRow, fill_merged_down

# A province's declaration weighs 25 kB and a list of 1.000 certificates 75 kB: 50 MB is 600 times
# that.
MAX_BYTES = 50_000_000
# What the parts of a workbook may unpack to, all together, and how many parts it may have.
MAX_UNPACKED = 600_000_000
MAX_PARTS = 5_000
# The fence around the parser: address space, processor seconds, and seconds on the clock.
MEMORY = 2_000_000_000
CPU_SECONDS = 60
SECONDS = 120
# The rows of a sheet with fewer cells are kept once they are read: a form is gone through by the
# recognition, the reader and whoever tells what was left out.
_MOST_KEPT_CELLS = 200_000
_CHILD = Path(__file__).with_name("workbook_child.py")

_SAVE_AGAIN = write_message("hãy mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại")
_KEEP_TABLE = write_message("hãy chép riêng bảng số liệu sang một tệp mới rồi gửi lại")
_TOO_BIG = write_message("bảng tính bung ra quá lớn so với một biểu số liệu")
_PASSWORD = (
    write_message("tệp có mật khẩu nên không đọc được"),
    write_message("hãy bỏ mật khẩu (Tệp > Thông tin > Bảo vệ) rồi gửi lại"),
)

# What the child says of markup, and what a clerk can do about it.
_MARKUP_REFUSALS = {
    "no_table": (
        write_message(
            "là trang web (HTML) không có bảng số liệu nào, có thể là trang đăng nhập hoặc báo lỗi"
        ),
        write_message("hãy đăng nhập lại phần mềm nguồn, xuất lại tệp và mở thử trước khi gửi"),
    ),
    "frames": (
        write_message("chỉ là khung của trang web (HTML), số liệu nằm trong thư mục đi kèm"),
        write_message("hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại"),
    ),
    "doctype": (
        write_message("là tệp XML có phần khai báo DOCTYPE, không đọc vì lý do an toàn"),
        write_message("hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại"),
    ),
    "markup": (
        write_message("là tệp XML bị hỏng hoặc không đầy đủ"),
        write_message("hãy xuất lại tệp, hoặc mở bằng Excel và lưu dạng .xlsx rồi gửi lại"),
    ),
}


@lru_cache(maxsize=1)
def _find_parsers() -> str:
    """The folder in which the parsers are installed; they are not loaded here."""
    spec = find_spec("python_calamine")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent.parent)


def refuse_password(path: Path) -> FileRefused:
    return FileRefused(path.name, *_PASSWORD)


def check_archive(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse a zip bomb before any parser meets it: first by what it claims, then by unpacking it.

    The directory of a zip file can lie about sizes; unpacking (piece by piece, nothing is kept)
    finds a part that does not end where, or add up to what, the directory says.
    """
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileRefused(path.name, _TOO_BIG, _KEEP_TABLE)
    if any(part.flag_bits & 0x1 for part in parts):
        raise refuse_password(path)
    try:
        for part in parts:
            with archive.open(part) as stream:
                while stream.read(1 << 20):
                    pass
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        ValueError,
        OSError,
        RuntimeError,
    ) as error:
        raise FileRefused(
            path.name, write_message("tệp bị hỏng, không giải nén được trọn vẹn"), _SAVE_AGAIN
        ) from error
    except Exception as error:
        # zlib.error, lzma.LZMAError and the like share no base class
        if type(error).__module__ not in {"zlib", "lzma", "_lzma", "bz2", "struct"}:
            raise
        raise FileRefused(
            path.name, write_message("tệp bị hỏng, không giải nén được trọn vẹn"), _SAVE_AGAIN
        ) from error


class _PlainMessage(pickle.Unpickler):
    """Texts, numbers and moments: whatever else a parser that was taken over would have this
    process make or call is refused.
    """

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in {"date", "datetime", "time", "timedelta"}:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no cell")


class Workbook:
    """An open workbook: `sheets` with the first rows of each; close it when done."""

    def __init__(self, path: Path):
        self._path = path
        self._kept_rows: dict[int, list[SheetRow]] = {}
        self._child = subprocess.Popen(
            # -S: nor does anything run that another package has left in the interpreter's start
            [
                *(sys.executable, "-I", "-S", str(_CHILD)),
                *(str(path), str(MEMORY), str(CPU_SECONDS), _find_parsers()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._timer = threading.Timer(SECONDS, self._child.kill)
        self._timer.daemon = True
        self._timer.start()
        try:
            self.sheets = self._read_sheets()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._timer.cancel()
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        self._child.wait()

    def _receive_message(self) -> Any:
        assert self._child.stdout is not None
        try:
            message = _PlainMessage(self._child.stdout).load()
        except (EOFError, pickle.UnpicklingError) as error:
            # The fence killed the parser, or the parser asked for more memory than there is.
            raise FileRefused(self._path.name, _TOO_BIG, _KEEP_TABLE) from error
        match message:
            case {"error": "password"}:
                raise refuse_password(self._path)
            case {"error": "memory"}:
                raise FileRefused(self._path.name, _TOO_BIG, _KEEP_TABLE)
            case {"error": code} if code in _MARKUP_REFUSALS:
                raise FileRefused(self._path.name, *_MARKUP_REFUSALS[code])
            case {"error": _}:
                raise FileRefused(
                    self._path.name,
                    write_message("tệp bị hỏng hoặc không phải bảng tính"),
                    _SAVE_AGAIN,
                )
        return message

    def _read_sheets(self) -> list[Sheet]:
        description = self._receive_message()
        if description["more"]:
            raise FileRefused(
                self._path.name, write_message("sổ tính có quá nhiều trang"), _KEEP_TABLE
            )
        sheets = []
        for index, sheet in enumerate(description["sheets"]):
            if sheet["height"] and sheet["width"] and not sheet["peek"]:
                remedy = write_message(
                    "hãy xóa các dòng, cột trống có định dạng ở cuối bảng rồi gửi lại"
                )
                raise FileRefused(
                    self._path.name,
                    write_message(
                        'trang "{name}" dài {height} dòng, rộng {width} cột, quá lớn so với một '
                        "biểu số liệu",
                        name=sheet["name"],
                        height=sheet["height"],
                        width=sheet["width"],
                    ),
                    remedy,
                )
            merged = sheet["merged"]
            peek = [SheetRow(number, cells) for number, cells in sheet["peek"]]
            sheets.append(
                Sheet(
                    sheet["name"],
                    list(fill_merged_down(peek, merged)),
                    partial(
                        self._fill_rows,
                        index,
                        merged,
                        is_kept=sheet["height"] * sheet["width"] <= _MOST_KEPT_CELLS,
                    ),
                    merged,
                    frozenset(sheet["hidden_rows"]),
                    frozenset(sheet["hidden_columns"]),
                    height=sheet["height"],
                    is_hidden=sheet["hidden"],
                )
            )
        return sheets

    def _fill_rows(
        self, index: int, merged: list[MergedBlock], *, is_kept: bool
    ) -> Iterator[SheetRow]:
        if index in self._kept_rows:
            return iter(self._kept_rows[index])
        rows = self._rows(index)
        rows = fill_merged_down(rows, merged) if merged else rows
        if not is_kept:
            return rows
        self._kept_rows[index] = list(rows)
        return iter(self._kept_rows[index])

    def _rows(self, index: int) -> Iterator[SheetRow]:
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(f"{index}\n".encode())
            self._child.stdin.flush()
        except BrokenPipeError as error:
            raise FileRefused(self._path.name, _TOO_BIG, _KEEP_TABLE) from error
        while chunk := self._receive_message():
            for number, cells in chunk:
                yield SheetRow(number, cells)
