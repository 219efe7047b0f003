"""What only a whole column of numbers shows: its unit, its decimal mark, and what a spreadsheet
program has eaten.

Each judgement returns why the column cannot be trusted and the way out, or None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from dashboard import text
from dashboard.measures import FASTEST_MBPS
from dashboard.messages import Message, write_message
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import Cell, Unreadable

Doubt = tuple[Message, Message]
# "0.087" is no thousands.
_THREE_DECIMALS = re.compile(r"^[1-9]\d{0,2}\.\d{3}$")
_LARGE_UNIT = re.compile(
    r"(?:\(|\b(?:đơn vị(?: tính)?|đvt)\s*:?\s*)\s*"
    r"(nghìn|ngàn|triệu|tỷ|trăm|chục|vạn|%|1\.?0[0.]*0(?!\d))",
    re.IGNORECASE,
)
# "_": "download_kbps" is how programs name a column.
_SPEED_UNIT = re.compile(r"(?<![^\W_])([kmgt]?)\s*(?:bps|bits?/s|(?<=[kmgt])b/s)\b", re.IGNORECASE)
_BYTES = re.compile(r"(?<![^\W_])[KMG]?(?:B/s|Bps|[Bb]ytes?)\b")
# "1.000" became 1: beside texts of thousands a number below this may be thousands.
SMALL = 100
# Faster lines are rare among communes.
_FAST_MBPS = 1_000


def find_unit_doubt_of_counts(heading: str, titles: Sequence[str]) -> Doubt | None:
    """A heading or a title line that says the counts are thousands or percentages."""
    for line in (heading, *titles):
        if unit := _LARGE_UNIT.search(text.normalize_text(line)):
            return (
                write_message('ghi theo đơn vị "{unit}", không phải số đếm', unit=unit[1]),
                write_message("hãy ghi số lượng đầy đủ, không theo nghìn hay phần trăm"),
            )
    return None


def find_speed_scale(heading: str) -> float | None:
    """The factor to Mbps of the unit that a heading names; 1 where it names none, None where it is
    in bytes.
    """
    if _BYTES.search(heading):
        return None
    units = {unit.lower() for unit in _SPEED_UNIT.findall(text.normalize_text(heading))}
    if not units:
        return 1.0
    return values.SPEED_SCALES[units.pop()] if len(units) == 1 else None


def find_doubt_of_bare_speeds(heading: str, cells: Sequence[Cell]) -> Doubt | None:
    """Speeds that no word gives a unit and that are kilobits or bytes, or lines that no commune
    has: most of them above 1 Gbps, or one above every line."""
    if _SPEED_UNIT.search(text.normalize_text(heading)):
        return None
    numbers = []
    for cell in cells:
        with suppress(Unreadable):
            if not isinstance(cell, str) or cell.strip().replace(".", "").isdecimal():
                numbers.append(values.read_decimal(cell) or 0.0)
    filled = [number for number in numbers if number > 0]
    fast = sum(number > _FAST_MBPS for number in filled)
    if filled and (2 * fast > len(filled) or max(filled) > FASTEST_MBPS):
        return (
            write_message(
                "có tốc độ {speed:,.0f} mà không ghi đơn vị, "
                "không rõ là Mbps, Kbps hay đơn vị khác",
                speed=max(filled),
            ),
            write_message("hãy ghi đơn vị vào tên cột, ví dụ Tốc độ (Mbps)"),
        )
    return None


def uses_decimal_point_in_speeds(cells: Sequence[Cell]) -> bool:
    """Whether `8.204` in this column is eight: no decimal comma, and the thousandths are not all 0.

    Measuring programs write three decimals; as thousands of Mbps they would be lines that no
    commune has.
    """
    written = [cell.strip() for cell in cells if isinstance(cell, str)]
    if any("," in cell for cell in written):
        return False
    grouped = [cell for cell in written if _THREE_DECIMALS.match(cell.split(" ")[0])]
    uneven = [cell for cell in grouped if not cell.split(" ")[0].endswith("000")]
    return len(uneven) > 1 or (values.uses_decimal_point(cells) and bool(grouped))


def find_doubt_of_speeds(cells: Sequence[Cell]) -> Doubt | None:
    """Three decimals after a point that may be thousands as well."""
    if uses_decimal_point_in_speeds(cells) or values.uses_decimal_point(cells):
        return None
    grouped = [
        cell.strip()
        for cell in cells
        if isinstance(cell, str) and _THREE_DECIMALS.match(cell.strip().split(" ")[0])
    ]
    if any(not cell.split(" ")[0].endswith("000") for cell in grouped):
        return (
            write_message(
                'có số ghi "{example}", không rõ dấu chấm là dấu thập phân hay dấu phân nghìn',
                example=grouped[0],
            ),
            write_message("hãy ghi số thập phân với dấu phẩy, ví dụ 8,2"),
        )
    return None


def find_doubt_of_counts(cells: Sequence[Cell]) -> Doubt | None:
    """Counts of which a spreadsheet program made shares, or ate the mark between thousands."""
    numbers = _list_numbers(cells)
    if all(map(float.is_integer, set(numbers))):
        return None
    parts = [number for number in numbers if 0 < number < 1]
    if parts and 2 * sum(number <= 1 for number in numbers) >= len(numbers):
        return (
            write_message("là cột tỷ lệ (có số lẻ giữa 0 và 1), không phải số lượng"),
            write_message("hãy nhập số lượng hoặc để trống"),
        )
    broken = [number for number in numbers if number > 1 and number != int(number)]
    finely_broken = [number for number in broken if round(number, 1) != number]
    if finely_broken or len(broken) > 1:
        return _describe_eaten_mark(f"{broken[0]:.10g}".replace(".", ","))
    return None


def has_doubtful_small_numbers(cells: Sequence[Cell]) -> bool:
    """Whether numbers below 100 in this column may be thousands: texts such as `1.234` stand beside
    them, which a program in another locale left as they were.
    """
    words = {cell.strip() for cell in cells if isinstance(cell, str)}
    if not any(map(_THREE_DECIMALS.match, words)):
        return False
    numbers = _list_numbers(cells)
    return bool(numbers) and all(0 < number < SMALL for number in numbers if number)


def _list_numbers(cells: Sequence[Cell]) -> list[float]:
    """The cells that are numbers and no texts; of a column of thousands each is looked at once."""
    return [
        float(cell)  # type: ignore[arg-type]
        for cell in cells
        if cell.__class__ is float or cell.__class__ is int
    ]


def _describe_eaten_mark(example: str) -> Doubt:
    return (
        write_message(
            "có số lẻ ({example}): bảng tính có thể đã hiểu dấu phân nghìn là "
            "dấu thập phân (1.234 thành 1,234; 1.000 thành 1)",
            example=example,
        ),
        write_message("hãy nhập lại cột này bằng số nguyên, không có dấu phân nghìn"),
    )
