"""What a line above a table, or a column beside its figures, says they are limited to.

A portal prints the filter that was chosen ("Hình thức nộp: Trực tuyến") over its report, and
offices write a column "Lĩnh vực" or "Cơ sở" beside each unit's name. Such figures are right, and as
the unit's figure wrong. A filter that lets everything through ("Tất cả") limits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest

from dashboard import text
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.formats.sheet import Cell, SheetRow, format_cell_text, is_blank
from dashboard.sources.recognise import periods
from dashboard.sources.recognise.table import SheetTable, spell_column_letter

_FILTER_LABEL = (
    r"(?:theo |ten |ma )?(?:nhom )?(?:linh vuc|thu tuc(?: hanh chinh)?|tthc"
    r"|kenh(?: tiep nhan| nop)?|(?:hinh thuc|phuong thuc)(?: nop| tiep nhan| nhan)?"
    r"|loai (?:ho so|thu tuc|dich vu|tthc)|muc do(?: dich vu(?: cong)?| dvc| tthc)?|muc dvc"
    r"|doi tuong(?: nop)?|nguoi nop|(?:trang thai|tinh trang)(?: xu ly)?)(?: ho so)?"
)
_FILTER = re.compile(rf"(?:^|[;,|(\-] ?| ){_FILTER_LABEL} ?: ?")
_IS_FILTER_LABEL = re.compile(rf"{_FILTER_LABEL} ?:?")
_PLACE_LABEL = re.compile(
    r"(?:ten )?(?:bo phan|quay|phong(?: ban)?|dia diem|co so|tru so|diem (?:tiep nhan|lam viec))"
)
_PERIOD_LABEL = re.compile(
    r"(?:so lieu |cua )?(?:thang|quy|nam|ky|tuan|giai doan|thoi ky)(?: bao cao| so lieu)?"
)
_LABELS = (_IS_FILTER_LABEL, _PLACE_LABEL, _PERIOD_LABEL)
_EVERYTHING = re.compile(
    r"^[\W_]*(?:$|(?:tat ca|toan bo|moi|tong|chung|all|cac|ca|day du|khong loc|chon)\b)"
)
# "Trạng thái: Đã phê duyệt" is the report's own.
_BOTH_WAYS = re.compile(
    r"truc tuyen.*truc tiep|truc tiep.*truc tuyen|tiep nhan"
    r"|\b(?:bao cao|duyet|da gui|chinh thuc)\b"
)
# One of several places of a unit; "Thôn 3, xã Sơn Hà" is an address, "Một cửa" the centre itself.
_ONE_PLACE = re.compile(
    r"\b(?:co so|diem|quay|tru so|khu|phong)\b ?(?:so )?(?:\d|chinh|phu|ii|cu\b|moi\b)"
    r"|\b(?:van phong|phong|ban|cong an|quan su|hoi|doan)\b"
)
_CENTRE = re.compile(r"mot cua|trung tam|pvhcc|hanh chinh cong|tiep nhan")
# Behind these stands somebody's name, which no message may repeat.
_PERSON_LABEL = re.compile(r"(?:^|[;,|(\-] ?| )(?:doi tuong|nguoi)(?: nop)?(?: ho so)?(?: ?:|$)")
# A row above a table with more cells than this is no line of filters.
_MOST_FILTER_CELLS = 8
_PART_REMEDY = write_message(
    "hãy gửi số của cả đơn vị, mỗi đơn vị một dòng; nếu đúng là số của cả đơn vị thì hãy bỏ "
    "dòng hoặc cột đó rồi gửi lại"
)


def drop_open_filters(line: str) -> str:
    """A title (without tones) without its filters that let everything through."""
    for start, value, end in reversed(list(_split_filters(line))):
        if _lets_everything_through(value):
            line = line[:start] + line[end:]
    return line


def _split_filters(line: str) -> Iterator[tuple[int, str, int]]:
    """Where each filter of a line starts, its value, and where that ends."""
    labels = list(_FILTER.finditer(line))
    for label, following in zip_longest(labels, labels[1:]):
        end = following.start() if following else len(line)
        yield label.start(), line[label.end() : end], end


def refuse_filter(table: SheetTable) -> None:
    """Raises FileRefused where a filter that was chosen is printed above the table."""
    for written, line in _list_filter_lines(table):
        for _, value, _ in _split_filters(line):
            if not _lets_everything_through(value):
                message = write_message(
                    'dòng "{line}" phía trên bảng cho thấy số liệu chỉ là một phần hồ sơ, '
                    "không phải mọi hồ sơ của đơn vị",
                    line=_leave_out_person(written)[:80],
                )
                raise FileRefused(table.file, message, _PART_REMEDY)


def _leave_out_person(written: str) -> str:
    label = _PERSON_LABEL.search(text.strip_tones(written))
    return f"{written[: label.end()]} …" if label else written


def _list_filter_lines(table: SheetTable) -> Iterator[tuple[str, str]]:
    """The lines above a table as written and without tones: cell by cell, and each filter whose
    value stands in the cell to its right."""
    for title in table.head.titles:
        yield title, text.strip_tones(title)
    for row in table.sheet.peek:
        words = list(filter(None, map(format_cell_text, row.cells)))
        if row.number >= table.head.first_row or len(words) > _MOST_FILTER_CELLS:
            continue
        plain = list(map(text.strip_tones, words))
        for label, value, written in zip(plain, plain[1:], words, strict=False):
            if _IS_FILTER_LABEL.fullmatch(label) and not _IS_FILTER_LABEL.fullmatch(value):
                shown = f"{written.rstrip(' :')}: {words[plain.index(value)]}"
                yield shown, f"{label.rstrip(' :')}: {value}"


def _lets_everything_through(value: str) -> bool:
    return bool(_EVERYTHING.search(value) or _BOTH_WAYS.search(value))


def refuse_limited_rows(
    table: SheetTable, rows: Sequence[SheetRow], period: tuple[date, date], *, of_dossiers: bool
) -> None:
    """Raises FileRefused where a column that is no field says that the rows are of one field, one
    way, one place, or of another period than the table."""
    for column in table.head.ignored_columns:
        label = _make_label(column.heading)
        if not any(pattern.fullmatch(label) for pattern in _LABELS):
            continue
        for row in rows:
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if is_blank(cell):
                continue
            is_part = _limits_row(label, cell, of_dossiers)
            if is_part or _is_other_period(label, cell, period):
                raise _refuse_column(table, column.heading, column.index, row, cell, is_part)


def _make_label(heading: str) -> str:
    return text.strip_tones(re.sub(r"\([^()]*\)", "", heading.split(" > ")[-1])).strip(" :.")


def _refuse_column(
    table: SheetTable, heading: str, index: int, row: SheetRow, cell: Cell, is_part: bool
) -> FileRefused:
    letter = spell_column_letter(index)
    value = format_cell_text(cell).removesuffix(".0")[:40]
    if _PERSON_LABEL.search(_make_label(heading)):
        value = "…"
    if is_part:
        message = write_message(
            'cột "{heading}" ({letter}) cho thấy mỗi dòng chỉ là một phần của đơn vị '
            '(dòng {row}: "{value}")',
            heading=heading,
            letter=letter,
            row=row.number,
            value=value,
        )
        return FileRefused(table.file, message, _PART_REMEDY)
    message = write_message(
        'cột "{heading}" ({letter}) ghi "{value}" ở dòng {row}, khác kỳ hoặc ngày của biểu',
        heading=heading,
        letter=letter,
        row=row.number,
        value=value,
    )
    remedy = write_message(
        "hãy sửa kỳ ở tiêu đề (hoặc --period, --as-of) cho đúng với cột đó, mỗi kỳ một tệp"
    )
    return FileRefused(table.file, message, remedy)


def _limits_row(label: str, cell: Cell, of_dossiers: bool) -> bool:
    if not isinstance(cell, str):
        return False
    value = text.strip_tones(cell)
    if _PLACE_LABEL.fullmatch(label):
        return bool(_ONE_PLACE.search(value)) and not _CENTRE.search(value)
    is_filter = of_dossiers and _IS_FILTER_LABEL.fullmatch(label)
    return bool(is_filter) and not _lets_everything_through(value)


def _is_other_period(label: str, cell: Cell, period: tuple[date, date]) -> bool:
    """Whether a cell of a column of months, years or periods is not of the table's period."""
    if not _PERIOD_LABEL.fullmatch(label) or not isinstance(cell, str | float | int):
        return False
    first, last = period
    written = format_cell_text(cell).removesuffix(".0")
    stated = periods.find_period_in_title([written])
    years = set(map(int, re.findall(r"\b20\d\d\b", written)))
    if stated is not None:
        is_within = first == last and stated[0] <= last <= stated[1]
        return stated != period and not is_within
    if years and not years <= {first.year, last.year}:
        return True
    number = re.fullmatch(r"(?:[tT]|[tT]háng )?(\d{1,2})", written)
    if label.startswith("thang") and number and not years:
        is_one_month = (last - first).days <= 31
        return int(number[1]) != last.month or not is_one_month
    return False
