"""What a dossier list's columns may be called, and which columns are never read: those that may
hold a person.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.formats.sheet import Cell, TextForm
from dashboard.sources.recognise import communes
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable, is_ragged

# A column that may hold a person is not read, whatever else its heading says.
_PERSONAL = re.compile(
    r"\b(?:nguoi|ho ten|ho va ten|ho dem|chu ho so|to chuc|ca nhan|cong dan|doanh nghiep"
    r"|cccd|cmnd|cmt|cmtnd|can cuoc|dinh danh ca nhan|chung minh|ho chieu"
    r"|dien thoai|sdt|dt|mobile|phone|email|e mail|thu dien tu"
    r"|dia chi|noi o|thuong tru|tam tru|ngay sinh|nam sinh|sinh ngay|gioi tinh|dan toc"
    r"|ma so thue|mst|tai khoan|can bo|chuyen vien|cong chuc|ghi chu|noi dung|trich yeu)\b"
)
DOSSIER_FIELDS = (
    FileField(
        "code",
        "Mã hồ sơ | Số hồ sơ | Mã số hồ sơ | Mã HS | Mã biên nhận | Số biên nhận | Mã hồ sơ TTHC"
        "| Số biên nhận hồ sơ | dossier code | dossier no",
    ),
    FileField(
        "procedure_code",
        "Mã TTHC | Mã thủ tục | Mã thủ tục hành chính | Mã số TTHC | Mã TT | Mã số thủ tục"
        "| procedure code | service code",
    ),
    FileField(
        "field",
        "Lĩnh vực | Lĩnh vực thủ tục | Tên lĩnh vực | Lĩnh vực TTHC"
        "| Lĩnh vực thủ tục hành chính | Tên lĩnh vực thủ tục",
    ),
    FileField(
        "commune",
        "Đơn vị tiếp nhận | Cơ quan tiếp nhận | Nơi tiếp nhận | Đơn vị tiếp nhận hồ sơ"
        "| Nơi tiếp nhận hồ sơ | Cơ quan tiếp nhận hồ sơ | Tên đơn vị tiếp nhận "
        "| Cơ quan, đơn vị | Cơ quan | Tên cơ quan, đơn vị | Tên cơ quan | gov agency name "
        f"| {communes.COMMUNE_FIELDS[0].headings}",
    ),
    FileField(
        "commune_code",
        f"Mã đơn vị tiếp nhận | Mã cơ quan tiếp nhận | Mã định danh đơn vị tiếp nhận | Mã định danh"
        f"| Mã định danh đơn vị | Mã cơ quan | {communes.COMMUNE_FIELDS[1].headings}",
    ),
    communes.COMMUNE_FIELDS[2],
    FileField(
        "deciding",
        "Đơn vị giải quyết | Cơ quan giải quyết | Đơn vị xử lý | Cơ quan xử lý | Cơ quan thực hiện"
        "| Đơn vị thực hiện | Đơn vị thụ lý | Cơ quan thụ lý | Đơn vị giải quyết hồ sơ "
        "| Nơi giải quyết"
        "| Cơ quan có thẩm quyền giải quyết | Đơn vị xử lý hồ sơ | Đơn vị xử lý chính "
        "| Đơn vị chủ trì giải quyết",
    ),
    FileField(
        "received_at",
        "Ngày tiếp nhận | Ngày nhận | Ngày giờ tiếp nhận | Thời gian tiếp nhận "
        "| Thời điểm tiếp nhận"
        "| Ngày nhận hồ sơ | Ngày tiếp nhận hồ sơ | Ngày, giờ tiếp nhận | Thời gian nhận "
        "| received at | receive date",
    ),
    FileField(
        "submitted_at",
        "Ngày nộp | Ngày nộp hồ sơ | Thời gian nộp | Ngày gửi | Ngày đăng ký | submit date",
    ),
    FileField(
        "due",
        "Ngày hẹn trả | Ngày hẹn trả kết quả | Ngày hẹn | Hẹn trả | Hạn trả | Hạn xử lý "
        "| Hạn giải quyết"
        "| Ngày hẹn trả KQ | Thời hạn trả | Hạn trả kết quả | Thời hạn trả kết quả "
        "| Thời gian hẹn trả | due | due date",
    ),
    FileField(
        "finished_at",
        "Ngày kết thúc xử lý | Ngày kết thúc | Ngày hoàn thành | Ngày xử lý xong | Ngày có kết quả"
        "| Ngày giải quyết xong | Thời gian kết thúc xử lý | Ngày hoàn thành xử lý "
        "| Thời điểm kết thúc | finished at"
        "| Ngày hoàn tất | Ngày kết thúc giải quyết | Thời gian hoàn thành | Thời điểm hoàn thành"
        "| Thời điểm hoàn tất | Thời điểm xử lý xong | Thời gian xử lý xong "
        "| Thời điểm giải quyết xong"
        "| Ngày giờ hoàn thành | Ngày giờ kết thúc | Thời điểm có kết quả | Thời gian kết thúc"
        "| Thời điểm kết thúc xử lý | Ngày hoàn thành hồ sơ | completed at | finish date",
    ),
    FileField(
        "returned_at",
        "Ngày trả kết quả | Ngày trả | Ngày trả KQ | Thời gian trả kết quả | release date",
    ),
    FileField(
        "state",
        "Trạng thái | Tình trạng | Trạng thái hồ sơ | Trạng thái xử lý | Tình trạng hồ sơ | state"
        "| dossier status text"
        "| Tình trạng xử lý | Tình trạng giải quyết | Trạng thái giải quyết",
    ),
    FileField(
        "channel",
        "Hình thức tiếp nhận | Hình thức nộp | Hình thức nộp hồ sơ | Kênh tiếp nhận | Kênh nộp "
        "| channel"
        "| Phương thức tiếp nhận | Phương thức nộp | Nguồn tiếp nhận | Cách thức nộp "
        "| Hình thức nhận hồ sơ",
    ),
    FileField(
        "digitised",
        "Số hóa thành phần hồ sơ | Số hóa | Số hóa hồ sơ | Số hóa TPHS | Hồ sơ số hóa"
        "| Số hóa thành phần HS | Số hóa khi tiếp nhận",
    ),
)
# Fields with few different texts, each of which is understood once.
GROUPED_FIELDS = frozenset(
    {
        "procedure_code",
        "field",
        "commune",
        "commune_code",
        "deciding",
        "state",
        "channel",
        "digitised",
    }
)
MOMENT_FIELDS = ("received_at", "submitted_at", "due", "finished_at", "returned_at")
REQUIRED_FIELDS = (
    (1, ("code",)),
    (1, ("commune", "commune_code", "deciding")),
    (1, ("received_at", "submitted_at")),
    (1, ("state",)),
)


def choose_dossier_columns(table: SheetTable) -> dict[str, int]:
    """Field to the place of its column, without any column whose heading speaks of a person.

    A list with one column of units only, the deciding ones, was accepted by them too.
    """
    indexes = {
        name: column.index
        for name, column in table.head.columns.items()
        if not _PERSONAL.search(text.strip_tones(column.heading))
    }
    if not {"commune", "commune_code"} & set(indexes) and "deciding" in indexes:
        indexes["commune"] = indexes.pop("deciding")
    return indexes


# The columns of a long list, a piece of rows at a time; columns that nobody declared never get
# here.
#
# A text file goes through pandas' parser, which is told which columns to keep: what a person's
# name or number is, is not even made a string. A file with a quote that its own line does not
# close goes through the strict reader of `delimited` (it would swallow rows in silence), and so do
# workbooks through theirs.

# Small enough for the processor's cache: pieces of 100,000 rows take a third longer.
CHUNK_ROWS = 20_000
_BLOCK = 1 << 20
_NOT_READ_TO_END = (
    write_message("không đọc được trọn tệp vì có dấu nháy kép đặt sai"),
    write_message("hãy sửa tệp hoặc xuất lại dạng .xlsx"),
)


@dataclass(frozen=True)
class DossierChunk:
    """Some rows: `numbers` as the spreadsheet program shows them; per field its cells.

    A field of `grouped` has its cells as (codes, different texts), other fields as an array of
    objects.
    """

    numbers: np.ndarray
    cells: dict[str, np.ndarray]
    grouped: dict[str, tuple[np.ndarray, list[str]]]
    # rows with another number of cells than the head: what they say stands in other columns
    ragged: np.ndarray


def read_chunks(
    table: SheetTable, path: Path | None, columns: dict[str, int], grouped: frozenset[str]
) -> Iterator[DossierChunk]:
    """All rows below the head, ROWS at a time. `columns`: field to the place of its column."""
    form = table.sheet.text
    is_as_written = not table.sheet.is_part and not table.sheet.turned
    if form is not None and path is not None and is_as_written:
        lines = _count_whole_lines(path, form, table.text_width)
        if lines is not None:
            return _parse_text_chunks(table, path, form, columns, grouped, lines)
    return _read_row_chunks(table, columns, grouped)


@dataclass(frozen=True)
class _WholeLines:
    """Lines of a text file of which each closes the quotes that it opens.

    `quoted`: how many there are if any has a quote, else 0; `ragged`: numbers of those with another
    number of cells than the head.
    """

    quoted: int
    ragged: frozenset[int]


def _count_whole_lines(path: Path, form: TextForm, width: int) -> _WholeLines | None:
    """The lines of the file; None where a quote goes on over the end of its line."""
    if form.encoding.startswith(("utf-16", "dashboard-entities")):
        return None  # its marks are not single bytes, or stand within letters
    lines = quotes = 0
    ragged: list[int] = []
    rest = b""
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            written = rest + block
            end = written.rfind(b"\n") + 1 if block else len(written)
            rest = written[end:]
            if end:
                letters = np.frombuffer(written[:end], dtype=np.uint8)
                marks = letters == ord('"')
                ends = np.flatnonzero(letters == ord("\n"))
                if not block and letters[-1] != ord("\n"):
                    ends = np.append(ends, len(letters))
                separators = letters == ord(form.separator)
                if marks.any():
                    is_inside = np.cumsum(marks) % 2 == 1
                    before_ends = np.minimum(ends, len(letters) - 1)
                    if is_inside[before_ends].any():
                        return None
                    separators &= ~is_inside
                    quotes += int(marks.sum())
                ragged += (
                    lines + 1 + _find_ragged_lines(letters, separators, ends, width)
                ).tolist()
                lines += len(ends)
            if not block:
                return _WholeLines(lines if quotes else 0, frozenset(ragged))


def _find_ragged_lines(
    letters: np.ndarray, separators: np.ndarray, ends: np.ndarray, width: int
) -> np.ndarray:
    """Positions of the lines whose cells are not `width`; blank ones at the end may be more."""
    positions = np.flatnonzero(separators)
    counts = np.diff(np.searchsorted(positions, ends), prepend=0)
    lengths = np.diff(ends, prepend=-1)
    ragged = np.flatnonzero((counts != width - 1) & (lengths > 2))
    starts = ends - lengths + 1
    is_ragged_line = [
        counts[line] < width - 1
        or bool(
            letters[positions[positions.searchsorted(starts[line]) + width - 1] + 1 : ends[line]]
            .tobytes()
            .strip(b' \t\r",;|')
        )
        for line in ragged
    ]
    return ragged[np.array(is_ragged_line, dtype=bool)] if len(ragged) else ragged


def _parse_text_chunks(
    table: SheetTable,
    path: Path,
    form: TextForm,
    columns: dict[str, int],
    grouped: frozenset[str],
    lines: _WholeLines,
) -> Iterator[DossierChunk]:
    indexes = sorted(set(columns.values()))
    # Called "utf-8", the bytes are parsed as they are; a mark at their start is above the head
    # anyway.
    encoding = "utf-8" if form.encoding == "utf-8-sig" else form.encoding
    try:
        # As objects: "category" would take 1.000650 for a number and lose its zeros.
        with pd.read_csv(
            path,
            sep=form.separator,
            encoding=encoding,
            header=None,
            names=range(indexes[-1] + 1),
            usecols=indexes,
            dtype=object,
            skiprows=table.head.last_row,
            skip_blank_lines=False,
            na_filter=False,
            quoting=csv.QUOTE_MINIMAL if lines.quoted else csv.QUOTE_NONE,
            chunksize=CHUNK_ROWS,
            index_col=False,
        ) as reader:
            start = table.head.last_row + 1
            for frame in reader:
                cells = {field: frame[index].to_numpy() for field, index in columns.items()}
                numbers = np.arange(start, start + len(frame))
                ragged = np.isin(numbers, list(lines.ragged))
                yield _make_chunk(numbers, cells, grouped, ragged)
                start += len(frame)
            # a quote in the middle of a cell opened one that a later line closed
            if start <= lines.quoted:
                raise FileRefused(path.name, *_NOT_READ_TO_END)
    except pd.errors.EmptyDataError:  # nothing below the head
        return
    except pd.errors.ParserError as error:
        raise FileRefused(path.name, *_NOT_READ_TO_END) from error


def _read_row_chunks(
    table: SheetTable, columns: dict[str, int], grouped: frozenset[str]
) -> Iterator[DossierChunk]:
    below = (row for row in table.sheet.rows() if row.number > table.head.last_row)
    while rows := list(islice(below, CHUNK_ROWS)):
        cells = {
            field: _make_object_array(
                [row.cells[index] if index < len(row.cells) else "" for row in rows]
            )
            for field, index in columns.items()
        }
        width = table.text_width
        ragged = np.array([bool(width) and is_ragged(row, width) for row in rows], dtype=bool)
        yield _make_chunk(np.array([row.number for row in rows]), cells, grouped, ragged)


def _make_chunk(
    numbers: np.ndarray,
    cells: dict[str, np.ndarray],
    grouped: frozenset[str],
    ragged: np.ndarray,
) -> DossierChunk:
    grouped_cells = {}
    for field in grouped:
        codes, different = pd.factorize(cells.pop(field))
        grouped_cells[field] = codes, [_convert_to_text(cell) for cell in different]
    return DossierChunk(numbers, cells, grouped_cells, ragged)


def _make_object_array(cells: list[Cell]) -> np.ndarray:
    column = np.empty(len(cells), dtype=object)
    column[:] = ["" if cell is None else cell for cell in cells]
    return column


def _convert_to_text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
