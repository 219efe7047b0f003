"""What no commune and no office can have: a date or a code that slipped into a column of figures.

The largest value of a measure stands in dashboard/measures.py, each with its reason.
"""

from __future__ import annotations

from datetime import date

from dashboard.measures import MEASURES
from dashboard.messages import Message, write_message
from dashboard.sources.formats.sheet import Unreadable

# The busiest ward receives about 500 dossiers a day, and no backlog is larger than its year; a
# department has the dossiers of many wards.
MOST_IN_HAND = 200_000
_MOST_A_DAY = 3_000
_MOST_OF_A_DEPARTMENT = 10


def require_plausible(measure: str, value: float) -> float:
    """The value, where one commune can have it; raises Unreadable, with the most that it can."""
    most = MEASURES[measure].most
    if value <= most:
        return value
    if MEASURES[measure].type == "mbps":
        raise Unreadable(
            write_message("lớn hơn mọi đường truyền của cấp xã"),
            write_message("hãy nhập tốc độ đo được (Mbps) hoặc để trống"),
        )
    raise Unreadable(
        write_message(
            "lớn khác thường nên không nhận (một xã có nhiều nhất {most:,.0f})", most=most
        ),
        write_message("hãy kiểm tra xem số có lệch cột không, sửa lại hoặc để trống"),
    )


def find_implausible_count(
    counts: dict[str, float], first: date, last: date, *, is_commune: bool
) -> tuple[str, Message, Message] | None:
    """The name of a count that one unit cannot have in a period, why and what to do; None where
    all can be.
    """
    days = (last - first).days + 1
    most = MOST_IN_HAND + _MOST_A_DAY * days
    if not is_commune:
        most *= _MOST_OF_A_DEPARTMENT
    too_large = next((name for name, count in counts.items() if count > most), None)
    if too_large is None:
        return None
    unit = write_message("một xã") if is_commune else write_message("một đơn vị")
    return (
        too_large,
        write_message(
            "lớn khác thường nên không nhận dòng này ({unit} có nhiều nhất "
            "{most:,.0f} hồ sơ trong {days:,.0f} ngày)",
            unit=unit,
            most=most,
            days=days,
        ),
        write_message("hãy kiểm tra xem số có lệch cột không, rồi sửa lại"),
    )
