"""The verdict with which /ho-so begins: the pace of a working day, against the period before and
the year before, each in one sentence with its figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboard import text
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.rates import PooledRate
from dashboard.indicators.throughput.year_before import YearBefore
from dashboard.web.dossiers.words import tell_commune_area
from dashboard.web.words.dossiers import tell_backlog, tell_period_comparison
from dashboard.web.words.period_names import format_period_ends

_ON_TIME = "on_time_766"


@dataclass(frozen=True)
class VerdictLine:
    """One sentence: `label` says against what, `words` what is so."""

    label: str
    words: str


def list_verdict_lines(
    dossiers: ProvinceDossiers, year_before: YearBefore | None, undated: float = 0.0
) -> list[VerdictLine]:
    """The sentences that the figures carry; what is not known to be comparable is not compared.
    Empty where nobody tells of the period, or where it has only begun: the hours so far of its
    first working day are no pace. `undated`: how many are done on no known day."""
    if dossiers.last_full_period is not None:
        return []
    lines = [
        _tell_pace(dossiers, undated),
        _tell_period_before(dossiers),
        _tell_year(dossiers, year_before),
    ]
    return [line for line in lines if line is not None]


def _tell_pace(dossiers: ProvinceDossiers, undated: float) -> VerdictLine | None:
    figures = dossiers.period_figures
    working_days = dossiers.working[0]
    if figures is None or not working_days:
        return None
    totals = figures.totals()
    received = totals[NEW]
    resolved = totals["resolved"]
    area = tell_commune_area(dossiers)
    if math.isnan(received):
        return None
    words = f"{area} nhận {text.format_number(round(received / working_days))} hồ sơ"
    if not math.isnan(resolved):
        words += f", giải quyết {text.format_number(round(resolved / working_days))}"
        words += f"; {tell_backlog(resolved - received, undated, counted=True)}"
    days = text.format_number(working_days)
    return VerdictLine(f"Mỗi ngày làm việc ({days} ngày)", f"{words}.")


def _tell_period_before(dossiers: ProvinceDossiers) -> VerdictLine | None:
    comparison = tell_period_comparison(dossiers)
    if dossiers.totals_before() is None or not comparison.startswith("so với"):
        return None
    changes = [
        _tell_count_change("tiếp nhận", dossiers.gains()[NEW]),
        _tell_points(dossiers.gain(_ON_TIME)),
    ]
    told = [change for change in changes if change]
    if not told:
        return None
    return VerdictLine(text.upper_first_letter(comparison), f"{'; '.join(told)}.")


def _tell_year(dossiers: ProvinceDossiers, year_before: YearBefore | None) -> VerdictLine | None:
    figures = dossiers.period_figures
    working_days = dossiers.working[0]
    if figures is None or year_before is None or not working_days or not figures.complete:
        return None
    if not year_before.working_days:
        return None
    pace = figures.totals()[NEW] / working_days
    pace_before = year_before.figures.totals()[NEW] / year_before.working_days
    on_time = dossiers.total(_ON_TIME)
    on_time_before = rates.pool_rates(rates.compute_rate(year_before.figures, _ON_TIME))
    changes = [
        _tell_pace_change(pace, pace_before),
        _tell_points(_subtract_rates(on_time, on_time_before)),
    ]
    told = [change for change in changes if change]
    if not told:
        return None
    label = f"So với cùng kỳ năm trước, {format_period_ends(year_before.figures.period)}"
    return VerdictLine(label, f"{'; '.join(told)}.")


def _subtract_rates(now: PooledRate, before: PooledRate) -> float:
    known = now.state == rates.KNOWN and before.state == rates.KNOWN
    return now.value - before.value if known else math.nan


def _tell_count_change(word: str, gain: float) -> str:
    if math.isnan(gain):
        return ""
    if not gain:
        return f"{word} không đổi"
    return f"{word} {_more_or_less(gain)} {text.format_number(abs(gain))} hồ sơ"


def _tell_pace_change(pace: float, before: float) -> str:
    if math.isnan(pace) or math.isnan(before):
        return ""
    if round(pace) == round(before):
        return "mỗi ngày làm việc tiếp nhận không đổi"
    numbers = f"từ {text.format_number(round(before))} thành {text.format_number(round(pace))}"
    return f"tiếp nhận mỗi ngày làm việc {_more_or_less(pace - before)} {numbers}"


def _tell_points(gain: float) -> str:
    if math.isnan(gain):
        return ""
    points = text.format_number(abs(gain) * 100, 1)
    if not any(digit in "123456789" for digit in points):
        return "đúng hạn theo Bộ chỉ số 766 không đổi"
    return f"đúng hạn theo Bộ chỉ số 766 {_more_or_less(gain)} {points} điểm phần trăm"


def _more_or_less(change: float) -> str:
    return "tăng" if change > 0 else "giảm"
