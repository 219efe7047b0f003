"""Forms that are not a row a unit: a commune a column, a criterion a row, a commune in the title.

Such a sheet is written again as a row a commune, and then recognised, read and checked like any
other; nothing here decides what a heading means. Tried only where a file holds no known table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dashboard import names, reference, text
from dashboard.messages import Message, write_message
from dashboard.sources.formats.sheet import Cell, Sheet, SheetRow, format_cell_text, is_blank
from dashboard.sources.recognise.table import is_signature

# Turned is only what is small: a form of one province, or of one commune.
_MOST_ROWS = 110
_MOST_COLUMNS = 400
_LEAST_COMMUNES = 2
_LEAST_LABELS = 2
_LEAST_HEAD_CELLS = 3
# A unit above its dossiers stands alone, or behind its number.
_MOST_UNIT_CELLS = 2
_COUNTED = re.compile(r"\s*[:(\-–]\s*(?:có |gồm )?\d+\s*(?:hồ sơ|hs|cts)\b.*$", re.IGNORECASE)
_UNIT = "Đơn vị"
_NOTES = {
    "across": write_message(
        "biểu ghi mỗi xã một cột; đã đọc như mỗi xã một dòng, nên dòng "
        "trong lời báo là thứ tự của cột xã"
    ),
    "down": write_message(
        "biểu ghi mỗi tiêu chí một dòng; đã đọc như mỗi tiêu chí một cột, "
        "nên cột trong lời báo là tên tiêu chí"
    ),
    "lines": write_message(
        "mỗi đơn vị có nhiều dòng; đã đọc như mỗi đơn vị một dòng, nên cột trong lời báo là "
        "tên cột và tên dòng"
    ),
    "above": write_message(
        "tên đơn vị đứng thành dòng riêng; đã coi các dòng dưới đó là của đơn vị ấy"
    ),
    "wrapped": write_message(
        "tên đơn vị xuống dòng sang ô dưới; đã nối lại khi hai phần thành tên một đơn vị"
    ),
    "minutes": write_message(
        "biên bản của một đơn vị, tên đơn vị chỉ có ở tiêu đề; đã coi mọi dòng là của đơn vị đó"
    ),
    "titled": write_message("tên đơn vị chỉ có ở tiêu đề; đã coi mọi dòng là của đơn vị đó"),
}
_CRITERIA = {
    text.make_spelling_key(words)
    for words in (
        *("Tiêu chí", "Chỉ tiêu", "Nội dung", "Hạng mục", "Tên tiêu chí", "Nội dung kê khai"),
        *("Nội dung báo cáo", "Chỉ tiêu báo cáo", "Thiết bị", "Tên thiết bị", "Loại thiết bị"),
    )
}
_CHECKED_CRITERIA = _CRITERIA | {
    text.make_spelling_key(words)
    for words in ("Nội dung kiểm tra", "Tiêu chí kiểm tra", "Hạng mục kiểm tra", "Điều kiện")
}
_VALUES = {
    text.make_spelling_key(words)
    for words in ("Giá trị", "Số lượng", "Số liệu", "Kết quả", "Kê khai", "Hiện trạng", "Số hồ sơ")
}
_ORDINALS = {text.make_spelling_key(words) for words in ("STT", "TT", "Số TT", "Số thứ tự")}
_UNITS = {text.make_spelling_key(words) for words in ("ĐVT", "Đơn vị tính", "Đơn vị đo")}
_NOTES_HEADINGS = {
    text.make_spelling_key(words) for words in ("Ghi chú", "Diễn giải", "Giải trình")
}
# What was found on the spot is no declaration, and a criterion beside it has its own reader.
_FOUND = re.compile(r"\b(?:kiem tra|khao sat|phuc tra|bien ban|thuc te|tham dinh|doi chieu)\b")
_MINUTES = re.compile(r"\bbien ban\b|\b(?:ket qua|phieu) (?:kiem tra|khao sat|phuc tra|lam viec)\b")
# "Hôm nay, ngày 10/11/2026, tại Trung tâm Phục vụ hành chính công xã Bình Sơn, chúng tôi gồm:"
_VISITED = re.compile(
    r"(?:\btại|đơn vị được kiểm tra|nơi kiểm tra|địa điểm)(?:\s*:)?\s+(?:[^,;:()]{0,60}?\s)??"
    r"(?P<name>(?:xã|phường|đặc khu)\s+[^,;:()\d]{2,40}?)\s*(?:[,;.(–-]|$)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"^(?:(?:tên )?(?:đơn vị|cơ quan|địa phương)(?: báo cáo| kê khai)?\s*:?\s*)?"
    r"(?:(?:ủy|uỷ) ban nhân dân|ubnd|trung tâm phục vụ hành chính công)?\s*"
    r"(?P<name>(?:xã|phường|đặc khu)\s+[^,;:()\d]{2,40}?)"
    r"(?:\s*[,\-–(]\s*(?:tỉnh|thành phố)\s+[^,;:()\d]+\)?)?[.\s]*$",
    re.IGNORECASE,
)
# A row that says only this is a part of the row above it: "Trước hạn", "- Quá hạn".
_PART = re.compile(
    r"^[-–+*•]|^trong do\b|^(?:da |bi )?(?:truoc|som|dung|qua|tre|trong|chua den) han$"
    r"|^(?:dung va truoc|truoc va dung) han$|^truc t(?:uyen|iep)\b|^(?:qua )?(?:buu chinh|bcci)\b"
)
_PART_MARK = re.compile(r"^(?:[-–+*•]\s*|trong đó\s*:?\s*[-–+]?\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class _Label:
    row: SheetRow
    heading: str


def turn_sheet(sheet: Sheet) -> Sheet | None:
    """The sheet with a row a commune, where it is plainly one of these forms; else None."""
    if sheet.is_hidden or sheet.alternative:
        return None
    return _turn_communes_across(sheet) or _turn_criteria_down(sheet)


def add_unit_of_title(sheet: Sheet) -> Sheet | None:
    """The sheet with the commune of its title, or of its tab, as a further column of each row; None
    where they name none, or several.
    """
    if sheet.text or sheet.is_hidden:
        return None
    head = next(
        (place for place, row in enumerate(sheet.peek) if _count_words(row) >= _LEAST_HEAD_CELLS),
        len(sheet.peek),
    )
    unit = _find_unit(sheet, head)
    if unit is None or _names_units_below(sheet, head):
        return None
    width = max((len(row.cells) for row in sheet.peek), default=0)

    def add(rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        for row in rows:
            filled = sum(not is_blank(cell) for cell in row.cells)
            if filled < 3 or len(row.cells) > width or is_signature(row):
                yield row
                continue
            is_head = not any(map(_holds_digit, row.cells))
            cell: Cell = _UNIT if is_head else unit
            yield SheetRow(row.number, [*row.cells, *[""] * (width - len(row.cells)), cell])

    return replace(
        sheet, peek=list(add(sheet.peek)), rows=lambda: add(sheet.rows()), turned="titled"
    )


def _count_words(row: SheetRow) -> int:
    return len({format_cell_text(cell) for cell in row.cells} - {""})


def _names_units_below(sheet: Sheet, head: int) -> bool:
    """Whether a unit stands in a row of its own among the rows of the list: then it is not all of
    them that are the title's.
    """
    first = sheet.peek[head].number if head < len(sheet.peek) else 0
    for row in sheet.rows():
        if row.number <= first or _count_words(row) > _MOST_UNIT_CELLS:
            continue
        if is_signature(row):
            return False
        for cell in row.cells:
            match = _OFFICE.match(_COUNTED.sub("", format_cell_text(cell)))
            if match and names.list_provinces_of_name(match["name"]):
                return True
    return False


def add_unit_of_minutes(sheet: Sheet) -> Sheet | None:
    """The minutes of a visit to one commune, with that commune beside each criterion; None where
    the words above the table are no minutes, or name no commune, or several.
    """
    rows = _read_all(sheet) if not (sheet.is_hidden or sheet.alternative) else None
    for place, head in enumerate(rows or ()):
        keys = [text.make_spelling_key(format_cell_text(cell)) for cell in head.cells]
        if not (set(keys) & _CHECKED_CRITERIA) or len(list(filter(None, keys))) < 2:
            continue
        above = (rows or [])[:place]
        lines = [text.normalize_text(format_cell_text(cell)) for row in above for cell in row.cells]
        lines = [line for line in lines if line]
        unit = _find_unit(replace(sheet, peek=above), place) or _find_visited(lines)
        if unit is None or not any(_MINUTES.search(text.strip_tones(line)) for line in lines):
            return None
        width = len(head.cells)
        table: list[list[Cell]] = [[*head.cells, _UNIT]]
        for row in (rows or [])[place + 1 :]:
            if is_signature(row):
                break
            cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
            table.append([*cells, unit if sum(not is_blank(cell) for cell in cells) > 1 else ""])
        return _write_sheet(sheet, above, table, "minutes")
    return None


def _find_visited(lines: Iterable[str]) -> str | None:
    """The one commune at which these lines say that somebody was."""
    units = {match["name"] for line in lines for match in _VISITED.finditer(line)}
    return _choose_only_unit(units)


def tell_turned(sheet: Sheet) -> Message | None:
    """What was done to a sheet, for whoever imports it; None where nothing was."""
    return _NOTES.get(sheet.turned)


def find_common_province(sheets: Iterable[Sheet]) -> str:
    """The one province that has the communes that these sheets' titles name; "" where they name
    fewer than two, or several provinces have them.
    """
    units = {unit for sheet in sheets if (unit := _find_unit(sheet, len(sheet.peek)))}
    provinces = [set(names.list_provinces_of_name(unit)) for unit in units]
    if len(provinces) < 2:
        return ""
    common = set.intersection(*provinces)
    return reference.load_province_names()[common.pop()] if len(common) == 1 else ""


def _holds_digit(cell: Cell) -> bool:
    return any(letter.isdigit() for letter in format_cell_text(cell))


def _read_all(sheet: Sheet) -> list[SheetRow] | None:
    rows: list[SheetRow] = []
    for row in sheet.rows():
        if len(rows) > _MOST_ROWS or len(row.cells) > _MOST_COLUMNS:
            return None
        if row.number not in sheet.hidden_rows:
            rows.append(row)
    return rows


def _turn_communes_across(sheet: Sheet) -> Sheet | None:
    rows = _read_all(sheet)
    for place, head in enumerate(rows or ()):
        written = [format_cell_text(cell) for cell in head.cells]
        communes = [
            index
            for index, cell in enumerate(written)
            if index not in sheet.hidden_columns and _is_commune(cell)
        ]
        if len(communes) < _LEAST_COMMUNES:
            continue
        # a name that no commune has is told by the reader, as in any other form
        communes = [
            index
            for index, cell in enumerate(written)
            if index in communes or (index not in sheet.hidden_columns and _OFFICE.match(cell))
        ]
        first = communes[0]
        others = [
            cell
            for index, cell in enumerate(written)
            if index > first and cell and index not in communes and not _sums(cell)
        ]
        if not first or others:
            return None
        labels = _list_labels((rows or [])[place + 1 :], written[:first])
        if len(labels) < _LEAST_LABELS:
            return None
        table: list[list[Cell]] = [[_UNIT, *(label.heading for label in labels)]]
        table += [
            [head.cells[index], *(label.row.get_cell(index) for label in labels)]
            for index in communes
        ]
        return _write_sheet(sheet, (rows or [])[:place], table, "across")
    return None


def _turn_criteria_down(sheet: Sheet) -> Sheet | None:
    rows = _read_all(sheet)
    for place, head in enumerate(rows or ()):
        written = [format_cell_text(cell) for cell in head.cells]
        keys = [text.make_spelling_key(cell) for cell in written]
        criterion = next((index for index, key in enumerate(keys) if key in _CRITERIA), None)
        if criterion is None or len(list(filter(None, keys))) < 2:
            continue
        above = (rows or [])[:place]
        unit = _find_unit(sheet, place)
        values = [
            index
            for index, key in enumerate(keys)
            if index > criterion and key and key not in _UNITS | _NOTES_HEADINGS | _ORDINALS
        ]
        words = [format_cell_text(cell) for row in above for cell in row.cells]
        if unit is None or not values or any(_is_found(line) for line in (*words, *written)):
            return None
        labels = _list_labels((rows or [])[place + 1 :], written[: values[0]])
        if len(labels) < _LEAST_LABELS:
            return None
        says_only_values = len(values) == 1 and keys[values[0]] in _VALUES
        columns = [
            (
                label.heading if says_only_values else f"{label.heading} > {written[index]}",
                label.row.get_cell(index),
            )
            for label in labels
            for index in values
        ]
        table: list[list[Cell]] = [[_UNIT, *(heading for heading, _ in columns)]]
        table.append([unit, *(cell for _, cell in columns)])
        return _write_sheet(sheet, above, table, "down")
    return None


def _is_found(words: str) -> bool:
    return bool(_FOUND.search(text.strip_tones(words)))


def _list_labels(rows: list[SheetRow], headings: list[str]) -> list[_Label]:
    """The rows under the head with what each is about: its words, those of the row that it is a
    part of, and its unit.
    """
    keys = [text.make_spelling_key(cell) for cell in headings]
    ordinal = next((index for index, key in enumerate(keys) if key in _ORDINALS), None)
    unit = next((index for index, key in enumerate(keys) if key in _UNITS), None)
    wordy = [index for index in range(len(keys)) if index not in (ordinal, unit)]
    labels: list[_Label] = []
    parent = ""
    for row in rows:
        if is_signature(row):
            break
        written = [format_cell_text(row.get_cell(i)) for i in wordy]
        levels = list(dict.fromkeys(filter(None, written)))
        if not levels:
            continue
        words = " > ".join(levels)
        is_numbered = ordinal is not None and not is_blank(row.get_cell(ordinal))
        is_part = len(levels) == 1 and (
            bool(_PART.search(text.strip_tones(words))) or (ordinal is not None and not is_numbered)
        )
        own_words = _PART_MARK.sub("", words)
        heading = f"{parent} > {own_words}" if is_part and parent else own_words
        if not is_part:
            parent = words
        measured = "" if unit is None else format_cell_text(row.get_cell(unit))
        labels.append(_Label(row, f"{heading} ({measured})" if measured else heading))
    return labels


def _write_sheet(sheet: Sheet, above: list[SheetRow], table: list[list[Cell]], how: str) -> Sheet:
    start = above[-1].number + 1 if above else 1
    rows = [*above, *(SheetRow(start + place, cells) for place, cells in enumerate(table))]
    return Sheet(
        sheet.name,
        rows,
        lambda: iter(rows),
        old_encoding=sheet.old_encoding,
        height=len(rows),
        titles_above=sheet.titles_above,
        turned=how,
    )


def _is_commune(cell: str) -> bool:
    return 0 < len(cell) < 80 and bool(names.list_provinces_of_name(cell))


def _sums(cell: str) -> bool:
    key = text.strip_tones(cell)
    return key.startswith(("tong", "cong", "toan tinh", "ghi chu"))


def _find_unit(sheet: Sheet, place: int) -> str | None:
    """The one commune that the first rows name, each in a line of its own; else that of the tab."""
    written = [format_cell_text(cell) for row in sheet.peek[:place] for cell in row.cells if cell]
    units = [match["name"] for line in written if (match := _OFFICE.match(line))]
    if not any(map(names.list_provinces_of_name, units)):
        tab = _OFFICE.match(format_cell_text(sheet.name))
        units = [tab["name"]] if tab else []
    return _choose_only_unit(units)


def _choose_only_unit(written: Iterable[str]) -> str | None:
    """The name of a commune that all of these spell; None where they are of several, or of none."""
    units = [unit for unit in written if names.list_provinces_of_name(unit)]
    different = {names.make_name_key(unit) for unit in units}
    return units[0] if len(different) == 1 else None
