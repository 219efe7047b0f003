"""Device inventories: one device a row with its state, counts per type in rows, or types as
columns.

All become `<device>_available`, declared: what is broken is not available; what a row says is
needed becomes `<device>_needed`. A type that an inventory does not name for a commune stays
unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import pandas as pd

from dashboard import reference, text
from dashboard.batch import READING_COLUMNS, Batch
from dashboard.measures import DEVICES
from dashboard.messages import quote_name, write_message
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import Cell, SheetRow, Unreadable, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces, qualifiers, subjects
from dashboard.sources.recognise.column_judgement import MOST_OF_A_COMMUNE
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField, HeadingVocabulary
from dashboard.sources.recognise.measure_words import DEVICE_WORDS
from dashboard.sources.recognise.plausible import require_plausible
from dashboard.sources.recognise.table import SheetTable

# Which device a row of an inventory means, and whether it can be used, in any wording.

_MORE_WORDS = {
    "computer": "Máy tính xách tay | Laptop | Máy tính bàn | Máy tính All in one | PC | Máy trạm "
    "| computer",
    "scanner": "Máy quét tài liệu | Máy scan tài liệu | Máy quét văn bản | document scanner",
    "photocopier": "Máy photocoppy | Máy phô-tô | Máy photocopy đa chức năng | Máy phô tô cóp pi "
    "| photocopier",
    "queue_machine": "Máy xếp hàng tự động | Hệ thống xếp hàng tự động | Hệ thống lấy số tự động "
    "| queue machine",
    "display": "Màn hình thông tin | Màn hình công khai | Tivi hiển thị | display",
    "kiosk": "Ki ốt tra cứu | Máy tra cứu thông tin",
}
DEVICE_HEADINGS = {code: f"{words} | {_MORE_WORDS[code]}" for code, words in DEVICE_WORDS.items()}
_VOCABULARY = HeadingVocabulary(
    [FileField(code, headings) for code, headings in DEVICE_HEADINGS.items()], names_things=True
)
_LOT_WORDS = re.compile(r"[^\W\d_]{2}|\b(?:19|20)\d\d\b")
# Words that make another thing of it: a monitor, a tablet, a pocket calculator, parts.
_OTHER_THINGS = re.compile(
    "|".join(
        rf"(?:^| ){text.make_spelling_key(words)}(?= |$)"
        for words in (
            "màn hình máy tính",
            "máy tính bảng",
            "máy tính cầm tay",
            "máy tính tiền",
            "bàn phím",
            "chuột",
            "mực",
            "phụ kiện",
            "linh kiện",
            "phần mềm",
            "dây",
            "bàn",
            "ghế",
        )
    )
)
_DESK_WORDS = tuple(
    text.make_spelling_key(words) for words in ("máy tính để bàn", "máy tính bàn", "bàn tra cứu")
)

_BROKEN = (
    "hỏng",
    "hư hỏng",
    "hư",
    "bị lỗi",
    "lỗi",
    "không hoạt động",
    "không sử dụng được",
    "không dùng được",
    "chờ sửa",
    "đang sửa",
    "sửa chữa",
    "thanh lý",
    "mất",
    "không đạt",
    "ngừng hoạt động",
    "broken",
    "xuống cấp không sử dụng",
    "không sử dụng",
    "ngừng sử dụng",
)
_USABLE = (
    "đang sử dụng",
    "sử dụng tốt",
    "sử dụng",
    "sử dụng được",
    "đang dùng",
    "dùng được",
    "dùng tốt",
    "tốt",
    "còn tốt",
    "hoạt động",
    "hoạt động tốt",
    "bình thường",
    "ổn định",
    "mới",
    "đạt",
    "in use",
    "ok",
    "có",
    "khá",
    "trung bình",
)


def _any_of_phrases(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:^| )(?:{'|'.join(map(text.make_spelling_key, words))})(?= |$)")


_IS_BROKEN = _any_of_phrases(_BROKEN)
_IS_USABLE = _any_of_phrases(_USABLE)
_NOT_BROKEN = _any_of_phrases(
    (
        "không hỏng",
        "chưa hỏng",
        "không hư",
        "không lỗi",
        "không bị hỏng",
        "đã sửa xong",
        "đã sửa chữa xong",
    )
)
_UNCLEAR = _any_of_phrases(
    ("chưa sử dụng", "chưa lắp", "chưa hoạt động", "không tốt", "chưa đạt", "chưa bàn giao")
)


@lru_cache(maxsize=5_000)
def recognise_device(written: str) -> str | None:
    """The device that a type in any wording means ("Máy scan HP ScanJet 2600"); None for any other
    thing.
    """
    if written in DEVICE_WORDS:
        return written
    field_match = _VOCABULARY.field_of((text.normalize_text(written),))
    if field_match is not None:
        return field_match[0]
    key = f" {text.make_spelling_key(written)} "
    if _OTHER_THINGS.search(key) and not any(f" {words} " in key for words in _DESK_WORDS):
        return None
    device_by_spelling = {
        f" {text.make_spelling_key(spelling)} ": code
        for code, field in _VOCABULARY.fields.items()
        for spelling in field.spellings
    }
    inside = [words for words in device_by_spelling if words in key]
    longest = [
        words for words in inside if not any(words in other and words != other for other in inside)
    ]
    devices = {device_by_spelling[words] for words in longest}
    return devices.pop() if len(devices) == 1 else None


def read_usability(cell: Cell) -> bool | None:
    """Whether a device in this state can be used; None where nothing is said. Raises Unreadable
    where unclear.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, bool | int | float):
        if cell in (0, 1):
            return bool(cell)
        raise Unreadable(
            write_message("không rõ là dùng được hay hỏng"),
            write_message('hãy ghi "Đang sử dụng" hoặc "Hỏng"'),
        )
    return _judge_usability(str(cell))


@lru_cache(maxsize=2_000)
def _judge_usability(written: str) -> bool:
    key = text.make_spelling_key(written)
    if key in {"1", "x"} or _NOT_BROKEN.search(key):
        return True
    if key == "0" or _IS_BROKEN.search(key):
        return False
    if _IS_USABLE.search(key) and not _UNCLEAR.search(key):
        return True
    raise Unreadable(
        write_message("không rõ là dùng được hay hỏng"),
        write_message('hãy ghi "Đang sử dụng" hoặc "Hỏng"'),
    )


# A country's computers, one a row.
MOST_DEVICE_ROWS = 300_000
_IN_USE_HEADINGS = (
    "Đang dùng | Đang sử dụng | Sử dụng tốt | Hoạt động tốt | Dùng được | Sử dụng được "
    "| Còn sử dụng được | Tốt"
    "| Hoạt động | Còn tốt | Còn dùng được"
)
_BROKEN_HEADINGS = (
    "Hỏng | Bị hỏng | Hư hỏng | Số hỏng | Không sử dụng được | Không hoạt động | Hỏng, chờ sửa "
    "| Chờ sửa chữa"
)
_TOTAL_HEADINGS = "Có | Tổng số | Tổng cộng | Số lượng"
_DEVICE_COLUMNS = tuple(
    name for code in DEVICES for name in (code, f"{code}_in_use", f"{code}_broken")
)
_FIELDS = (
    *communes.COMMUNE_FIELDS,
    FileField(
        "type",
        "Loại thiết bị | Tên thiết bị | Thiết bị | Chủng loại | Loại máy | Tên tài sản | Tài sản "
        "| Danh mục thiết bị"
        "| Loại tài sản | Tên máy | Danh mục | Chủng loại thiết bị | Tên loại thiết bị "
        "| Thiết bị, tài sản | device"
        "| device type",
        values.read_words,
    ),
    FileField(
        "asset",
        "Mã tài sản | Số serial | Serial | Số hiệu | Mã thiết bị | Số hiệu tài sản | Số seri "
        "| Số máy",
    ),
    FileField(
        "quantity", "Số lượng | SL | Hiện có | Tổng số | Tổng cộng | quantity", values.read_count
    ),
    FileField(
        "needed",
        "Cần | Cần có | Số lượng cần | Số cần | Định mức | Cần trang bị | Số cần có",
        values.read_count,
        parents="",  # "Máy tính > Cần" is a column of a declaration
    ),
    FileField("in_use", _IN_USE_HEADINGS, values.read_count),
    FileField("broken", _BROKEN_HEADINGS, values.read_count),
    FileField(
        "state",
        "Tình trạng | Trạng thái | Hiện trạng | Tình trạng sử dụng | Tình trạng hoạt động "
        "| Chất lượng | state | status"
        "| Tình trạng thiết bị | Trạng thái sử dụng | Tình trạng kỹ thuật | Hiện trạng sử dụng",
        read_usability,
    ),
    *(
        FileField(code, f"{words}; {words} > {_TOTAL_HEADINGS}", values.read_count)
        for code, words in DEVICE_HEADINGS.items()
    ),
    *(
        FileField(f"{code}_in_use", f"{words} > {_IN_USE_HEADINGS}", values.read_count)
        for code, words in DEVICE_HEADINGS.items()
    ),
    *(
        FileField(f"{code}_broken", f"{words} > {_BROKEN_HEADINGS}", values.read_count)
        for code, words in DEVICE_HEADINGS.items()
    ),
)
_DeviceCounts = Counter[tuple[str, str]]  # (commune, measure) -> how many


def read_device_inventory(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province. Raises FileRefused without as-of or province."""
    subjects.refuse_plan(table.file, table.head.titles)
    subjects.refuse_part_of_devices(table.file, table.head.titles)
    as_of = periods.find_as_of(context, table.head.titles)
    rows = list(table.rows(MOST_DEVICE_ROWS))
    batches = []
    for province, province_rows in provinces.split_rows_by_province(table, rows, context).items():
        problems = ProblemCollector(table)
        problems.judge_columns(rows, most_count=MOST_OF_A_COMMUNE)
        problems.warn_of_future(as_of.date(), context.today)
        count_devices = _count_by_row if table.has("type") else _count_by_column
        counts = count_devices(table, province_rows, province, problems)
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                as_of,
                len(province_rows),
                readings=_make_readings(counts, as_of.date(), problems),
                problems=problems.all(),
            )
        )
    return batches


def _make_readings(counts: _DeviceCounts, day: date, problems: ProblemCollector) -> pd.DataFrame:
    lines = []
    for (code, measure), count in sorted(counts.items()):
        try:
            value = require_plausible(measure, float(count))
        except Unreadable as error:
            commune = reference.load_communes().at[code, "name"]
            message = write_message(
                "{commune}, {device}: cộng được {count:,.0f}, {reason}",
                commune=quote_name(commune),
                device=DEVICES[measure.rsplit("_", 1)[0]],
                count=count,
                reason=error.message,
            )
            problems.add(message, error.remedy)
            continue
        lines.append((code, measure, value, "declared", day))
    return pd.DataFrame(lines, columns=READING_COLUMNS)


def _count_by_row(
    table: SheetTable, rows: list[SheetRow], province: str, problems: ProblemCollector
) -> _DeviceCounts:
    """Rows that name a type: one device each, or so many of it."""
    counts: _DeviceCounts = Counter()
    needed: dict[tuple[str, str], list[SheetRow]] = {}
    others: Counter[str] = Counter()
    for code, row in _skip_repeated(
        table, _rows_with_commune(table, rows, province, problems), problems
    ):
        written = str(table.cell(row, "type") or "")
        device = recognise_device(written)
        if device is None:
            if is_blank(written):
                problems.add(
                    write_message("không ghi loại thiết bị"),
                    write_message("hãy ghi loại thiết bị"),
                    row,
                    "type",
                )
            else:
                others[text.normalize_text(written)] += 1
            continue
        count = _count_available(table, row, ("quantity", "in_use", "broken"), problems)
        if count is not None:
            counts[code, f"{device}_available"] += int(count)
        if not is_blank(table.cell(row, "needed")):
            needed.setdefault((code, f"{device}_needed"), []).append(row)
    _add_needed(needed, counts, problems)
    if others:
        named_others = [f'"{values.quote_cell(name)}"' for name, _ in others.most_common(5)]
        message = write_message(
            "{count:,.0f} dòng là thiết bị khác ({named}); không tính",
            count=others.total(),
            named=named_others,
        )
        problems.add(
            message,
            write_message("hãy sửa tên loại nếu đó là thiết bị cần theo dõi"),
            severity="warning",
        )
    return counts


def _add_needed(
    needed: dict[tuple[str, str], list[SheetRow]],
    counts: _DeviceCounts,
    problems: ProblemCollector,
) -> None:
    """What a commune needs of a type, where one row says it: several may repeat it, or share it."""
    repeated = []
    for key, rows in needed.items():
        if len(rows) > 1:
            repeated.append(rows[1])
            continue
        value = problems.read(rows[0], "needed")
        if value is not None:
            counts[key] = int(value)
    if repeated:
        problems.add(
            write_message(
                "{count} lần số cần của một loại thiết bị đứng ở nhiều dòng của cùng đơn vị, "
                "không rõ là một số hay cộng lại; không nhận số cần đó",
                count=len(repeated),
            ),
            write_message("hãy ghi số cần của mỗi loại thiết bị một lần cho mỗi đơn vị"),
            repeated[0],
            "needed",
        )


def _count_by_column(
    table: SheetTable, rows: list[SheetRow], province: str, problems: ProblemCollector
) -> _DeviceCounts:
    """Rows of communes with the types as columns; two that differ contradict each other."""
    first_rows: dict[str, tuple[SheetRow, dict[str, int]]] = {}
    conflicts: set[str] = set()
    for code, row in _rows_with_commune(table, rows, province, problems):
        counts = {}
        for device in DEVICES:
            columns = (device, f"{device}_in_use", f"{device}_broken")
            if any(not is_blank(table.cell(row, name)) for name in columns):
                count = _count_available(table, row, columns, problems)
                if count is not None and _is_plausible(device, count, row, columns, problems):
                    counts[device] = int(count)
        first, first_counts = first_rows.setdefault(code, (row, counts))
        if first is not row:
            is_other = first_counts != counts
            conflicts |= {code} if is_other else set()
            problems.add_repeated_unit(first, row, is_conflict=is_other)
    return Counter(
        {
            (code, f"{device}_available"): count
            for code, (_, counts) in first_rows.items()
            if code not in conflicts
            for device, count in counts.items()
        }
    )


def _is_plausible(
    device: str,
    count: float,
    row: SheetRow,
    columns: tuple[str, str, str],
    problems: ProblemCollector,
) -> bool:
    try:
        require_plausible(f"{device}_available", count)
    except Unreadable as error:
        problems.add(error.message, error.remedy, row, columns[0])
        return False
    return True


def _rows_with_commune(
    table: SheetTable, rows: list[SheetRow], province: str, problems: ProblemCollector
) -> Iterator[tuple[str, SheetRow]]:
    for row in rows:
        code = communes.find_commune(province, table, row, problems)
        if code is not None:
            yield code, row


def _count_available(
    table: SheetTable, row: SheetRow, columns: tuple[str, str, str], problems: ProblemCollector
) -> float | None:
    """What can be used: as told, else all less the broken; None (with a problem noted) where it is
    not certain.
    """
    cells = [table.cell(row, name) for name in columns]
    total, in_use, broken = numbers = [problems.read(row, name) for name in columns]
    if any(
        value is None and not is_blank(cell) for value, cell in zip(numbers, cells, strict=True)
    ):
        return None
    usable = problems.read(row, "state") if columns[0] == "quantity" else None
    if columns[0] == "quantity" and usable is None and not is_blank(table.cell(row, "state")):
        return None
    if not any(map(table.has, columns)):
        if usable is None:
            problems.add(
                write_message("không ghi tình trạng"),
                write_message('hãy ghi "Đang sử dụng" hoặc "Hỏng"'),
                row,
                "state",
            )
            return None
        return float(usable)  # one device a row
    if total is not None and (in_use or 0) + (broken or 0) > total:
        message = write_message(
            "ít hơn số dùng được và hỏng cộng lại ({sum:,.0f}); không nhận",
            sum=(in_use or 0) + (broken or 0),
        )
        problems.add(message, write_message("hãy kiểm tra các số của dòng này"), row, columns[0])
        return None
    if total is None and in_use is None:
        if broken is not None:
            message = write_message("chỉ ghi số hỏng nên không rõ còn bao nhiêu dùng được")
            problems.add(message, write_message("hãy ghi tổng số"), row, columns[2])
        return None
    if usable is False:
        return 0.0
    return float(in_use) if in_use is not None else float(total) - float(broken or 0)


def _list_further_words(table: SheetTable, row: SheetRow) -> list[str]:
    """What a row says in columns that nobody reads: two lots of one type differ in it. Of numbers
    only years are; the first column may count the rows.
    """
    read = {index for column in table.head.columns.values() for index in column.indexes}
    cells = [cell for index, cell in enumerate(row.cells) if index and index not in read]
    return [text.make_spelling_key(str(cell)) for cell in cells if _LOT_WORDS.search(str(cell))]


def _skip_repeated(
    table: SheetTable, rows_with_commune: Iterator[tuple[str, SheetRow]], problems: ProblemCollector
) -> Iterator[tuple[str, SheetRow]]:
    """Each device once: by its asset number, or (counts) by commune, type, state and whatever else
    the row says, such as its room or year.
    """
    first_rows: dict[tuple[str, ...], SheetRow] = {}
    counted = any(map(table.has, ("quantity", "in_use", "broken")))
    for code, row in rows_with_commune:
        cell = table.cell(row, "asset")
        asset = "" if values.is_shortened(cell) else text.make_spelling_key(str(cell or ""))
        type_and_state = [
            text.make_spelling_key(str(table.cell(row, name) or "")) for name in ("type", "state")
        ]
        if asset:
            key: tuple[str, ...] = ("", type_and_state[0], asset)
        elif counted:
            key = (code, *type_and_state, *_list_further_words(table, row))
        else:
            key = (code, *type_and_state, str(row.number))
        first = first_rows.setdefault(key, row)
        if first is row:
            yield code, row
        else:
            if asset:
                subject = write_message("thiết bị này")
            else:
                subject = write_message("loại thiết bị này của đơn vị")
            message = write_message(
                "{subject} đã ghi ở dòng {number}; đã tính một lần",
                subject=subject,
                number=first.number,
            )
            problems.add(
                message,
                write_message("hãy bỏ bớt một dòng"),
                row,
                "type",
                "warning" if asset else "refused",
            )


KIND = FileKind(
    code="device_inventory",
    fields=_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (1, ("type", *_DEVICE_COLUMNS)),
        (1, ("quantity", "in_use", "broken", "state", *_DEVICE_COLUMNS)),
    ),
    read=read_device_inventory,
    thing_field="type",
    basis=qualifiers.DECLARED,
    excluding_headings=(
        "Cần",
        "Nhu cầu",
        "Cần có",
        "Định mức",
        "Yêu cầu",
        "Cần trang bị",
        "Số hiệu chứng thư",
        "Ngày hết hạn",
        "Ngày hết hiệu lực",
        "Mã hồ sơ",
        "Chủ hồ sơ",
        "Trước hạn",
        "Ngày kiểm tra",
        "Tiêu chí",
        "Ngày kê khai",
        "Tự đánh giá",
        "Số hiệu chứng thư số",
        "Kết quả kiểm tra",
    ),
)
