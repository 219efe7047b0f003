"""The verdict of /ho-so: sentences that the figures carry, and none that they do not."""

from __future__ import annotations

from datetime import date

from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.dossiers import ProvinceDossiers, assess_dossiers
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.year_before import YearBefore, select_year_before
from dashboard.web.dossiers.verdict import list_verdict_lines
from dashboard.workdays import load_calendar
from tests.indicators.throughput.counting import UNITS, Row, frame, row
from tests.indicators.throughput.test_places_before import COMMUNES, RULE

AUGUST = ("2026-08-01", "2026-08-31")
JULY = ("2026-07-01", "2026-07-31")
AUGUST_BEFORE = ("2025-08-01", "2025-08-31")


WHOLE_AUGUST = Period(date(2026, 8, 1), date(2026, 8, 31))


def tell(rows: list[Row], period: Period = WHOLE_AUGUST) -> dict[str, str]:
    counts = DossierCounts(frame(rows), UNITS)
    calendar = load_calendar()
    dossiers: ProvinceDossiers = assess_dossiers(
        counts, DossierCounts(frame([]), ()), COMMUNES, period, RULE, (), calendar
    )
    year_before: YearBefore | None = None
    if dossiers.period_figures is not None:
        year_before = select_year_before(dossiers.period_figures, counts, calendar)
    return {line.label: line.words for line in list_verdict_lines(dossiers, year_before)}


def month(span: tuple[str, str], received: int, resolved: int, in_time: int) -> list[Row]:
    """One report of all three communes; the last two had nothing."""

    def silent(unit: str) -> Row:
        return row(unit, *span, "report", received=0, carried_over=0, resolved=0, on_time_766=0)

    return [
        row(
            "00001",
            *span,
            "report",
            received=received,
            carried_over=0,
            resolved=resolved,
            on_time_766=in_time,
        ),
        silent("00002"),
        silent("00003"),
    ]


def test_pace_the_month_before_and_the_year_before_are_told_with_their_figures() -> None:
    lines = tell(
        [
            *month(AUGUST, 2100, 2079, 1890),
            *month(JULY, 2000, 2000, 1760),
            *month(AUGUST_BEFORE, 1050, 1000, 1050),
        ]
    )
    assert lines == {
        # 21 working days: 2.100 / 21, 2.079 / 21
        "Mỗi ngày làm việc (21 ngày)": ("Cấp xã nhận 100 hồ sơ, giải quyết 99; hồ sơ tồn tăng 21."),
        "So với 01/07–31/07/2026, 23 ngày làm việc, kỳ này 21": (
            "tiếp nhận tăng 100 hồ sơ; đúng hạn theo Bộ chỉ số 766 tăng 2,0 điểm phần trăm."
        ),
        "So với cùng kỳ năm trước, 01/08–31/08/2025": (
            "tiếp nhận mỗi ngày làm việc tăng từ 50 thành 100; "
            "đúng hạn theo Bộ chỉ số 766 giảm 10,0 điểm phần trăm."
        ),
    }


def test_dossiers_done_on_no_known_day_leave_the_backlog_open() -> None:
    counts = DossierCounts(frame(month(AUGUST, 2100, 2079, 1890)), UNITS)
    period = Period(date(2026, 8, 1), date(2026, 8, 31))
    dossiers = assess_dossiers(
        counts, DossierCounts(frame([]), ()), COMMUNES, period, RULE, (), load_calendar()
    )
    (line,) = list_verdict_lines(dossiers, None, undated=133)
    assert line.words == (
        "Cấp xã nhận 100 hồ sơ, giải quyết 99; "
        "133 hồ sơ đã xong không rõ ngày nên chưa rõ hồ sơ tồn tăng hay giảm."
    )


def test_what_is_not_known_is_not_compared() -> None:
    assert list(tell(month(AUGUST, 2100, 2079, 1890))) == ["Mỗi ngày làm việc (21 ngày)"]


def test_the_first_hours_of_a_month_are_held_against_nothing() -> None:
    today = ("2026-08-03", "2026-08-03")  # a Monday, the month's first working day
    before = ("2025-08-04", "2025-08-04")
    rows = [*month(today, 5, 1, 4), *month(JULY, 2000, 2000, 1760), *month(before, 50, 50, 50)]
    begun = Period(date(2026, 8, 3), date(2026, 8, 3), part_of="month")
    assert tell(rows, begun) == {}


def test_nothing_told_has_no_verdict() -> None:
    assert tell([]) == {}
