"""Words for figures of dossiers: shares with their two counts, changes with their sign, sources
with their grain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.levels import Numbers
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.source_selection import (
    AS_PUBLISHED,
    BY_COHORT,
    BY_PERIOD,
    PeriodFigures,
)
from dashboard.reference import KIND_WORDS
from dashboard.web.words.explain import NO_DATA
from dashboard.web.words.headline import (
    format_province_rate,
    tell_part_of_communes,
    tell_rate_parts,
    tell_reach,
)
from dashboard.web.words.period_names import format_period_ends, name_period, name_told_period

NO_ACTIVITY = "không phát sinh"
INCOMPLETE = "chưa đủ kỳ"
SAME = "không đổi"
STATE_WORDS = {rates.NO_ACTIVITY: NO_ACTIVITY, rates.UNKNOWN: NO_DATA, rates.INCOMPLETE: INCOMPLETE}
GRAIN_WORDS = {
    "day": "theo ngày",
    "week": "theo tuần",
    "month": "theo tháng",
    "quarter": "theo quý",
    "year": "theo năm",
    "cumulative": "lũy kế",
    "other": "theo kỳ báo cáo",
}
# A period of a weekly history, as a word of its own.
GRAIN_NAMES = {"week": "tuần", "month": "tháng"}
OUTCOME_WORDS = {
    "resolved_early": "trước hạn",
    "resolved_on_time": "đúng hạn",
    "resolved_late": "quá hạn",
}
OPEN_WORDS = {"open_in_term": "trong hạn", "open_overdue": "quá hạn"}
COUNT_WORDS = {
    "received": "Tiếp nhận",
    "resolved": "Đã giải quyết",
    "open": "Đang giải quyết",
    "open_overdue": "Đang quá hạn",
    "e_result": "Kết quả điện tử đã cấp",
}
CHANNEL_WORDS = {
    "received_online": "Trực tuyến",
    "received_in_person": "Trực tiếp",
    "received_post": "Bưu chính công ích",
    "received_other": "Trực tiếp hoặc bưu chính",
}


# What a printed formula adds up is printed beside it by the same words.
IN_TIME_WORDS = {
    BY_COHORT: "nhận trong kỳ, đã xong đúng hạn hoặc còn trong hạn",
    AS_PUBLISHED: "đúng hạn theo nguồn",
}
DIGITISED_WORD = "đã số hóa, gồm nộp trực tuyến"
E_RESULT_WORD = "kết quả điện tử đã cấp"
_RESOLVED_IN_TIME = "đã giải quyết trước hạn + đã giải quyết đúng hạn"
_FORMULAS = {
    "on_time_766": f"({_RESOLVED_IN_TIME} + đang giải quyết trong hạn) ÷ tiếp nhận",
    "on_time_report": f"({_RESOLVED_IN_TIME}) ÷ đã giải quyết",
    "online": "tiếp nhận trực tuyến ÷ tiếp nhận mới",
    "digitised": f"({DIGITISED_WORD}) ÷ tiếp nhận mới",
    "e_result": f"{E_RESULT_WORD} ÷ đã giải quyết",
    "overdue_open": "đang giải quyết quá hạn ÷ đang giải quyết",
}
# Of which dossiers a share in time speaks.
WAY_WORDS = {
    BY_COHORT: "đếm theo lượt tiếp nhận",
    BY_PERIOD: "đếm theo kỳ báo cáo",
    AS_PUBLISHED: "theo số nguồn công bố",
}
_COHORT_REMARKS = {
    "on_time_766": "chỉ hồ sơ nhận trong kỳ",
    "on_time_report": "hồ sơ giải quyết trong kỳ, nhận từ bao giờ cũng tính",
}


def tell_rate_formula(figures: PeriodFigures | None, code: str) -> str:
    """The formula by which the printed rate comes from the printed counts: by days the share in
    time is that of a cohort of receptions, by a report that of its period."""
    way = BY_PERIOD if figures is None else figures.way_of_counting
    if code == "on_time_766" and way in IN_TIME_WORDS:
        return f"({IN_TIME_WORDS[way]}) ÷ tiếp nhận"
    return _FORMULAS[code]


# The counts of a formula by their words.
_TERM_COLUMNS = {
    "tiếp nhận": "received",
    "tiếp nhận mới": NEW,
    "tiếp nhận trực tuyến": "received_online",
    "đã giải quyết": "resolved",
    "đã giải quyết trước hạn": "resolved_early",
    "đã giải quyết đúng hạn": "resolved_on_time",
    "đang giải quyết": "open",
    "đang giải quyết trong hạn": "open_in_term",
    "đang giải quyết quá hạn": "open_overdue",
    DIGITISED_WORD: "digitised",
    E_RESULT_WORD: "e_result",
    **dict.fromkeys(IN_TIME_WORDS.values(), "on_time_766"),
}


def list_formula_terms(figures: PeriodFigures | None, code: str) -> dict[str, str]:
    """The words of a printed formula's terms, in order, to the counts that they name."""
    formula = tell_rate_formula(figures, code)
    terms = formula.replace("(", "").replace(")", "").replace(" ÷ ", " + ").split(" + ")
    return {term: _TERM_COLUMNS[term] for term in terms}


def tell_counting_remark(figures: PeriodFigures | None, code: str) -> str:
    """Of which dossiers the rate speaks, where a source of days has two kinds of them; else ""."""
    if figures is None or figures.way_of_counting != BY_COHORT:
        return ""
    return _COHORT_REMARKS.get(code, "")


def tell_unjudged(counts: pd.Series, code: str) -> str:
    """How many dossiers a share in time leaves out: `5 hồ sơ đã giải quyết không có ngày trả, không
    tính`; of a list in which most have none, that nothing is told; "" where nothing is left out.

    `counts`: a unit's, or their totals (count_rows.SUM_COLUMNS).
    """
    in_time = {"on_time_766": "on_time_766", "on_time_report": "resolved_early"}
    if code not in in_time:
        return ""
    if math.isnan(counts[in_time[code]]) and counts["no_finish_day"] > 0:
        return "quá nửa hồ sơ đã giải quyết không có ngày trả, không tính đúng hạn"
    left_out = {
        "hồ sơ đã giải quyết không có ngày trả": counts["no_finish_day"],
        "hồ sơ không có ngày hẹn trả": count_without_due(counts, code),
    }
    return "; ".join(
        f"{text.format_number(count)} {word}, không tính"
        for word, count in left_out.items()
        if count > 0
    )


def tell_rate_remark(
    figures: PeriodFigures | None, code: str, counts: pd.Series | None = None
) -> str:
    """Of which dossiers the rate speaks and which it leaves out: of all units together, or of the
    one whose `counts` are given; "" where nothing is odd."""
    if figures is None:
        return ""
    left_out = tell_unjudged(figures.totals() if counts is None else counts, code)
    return "; ".join(filter(None, [tell_counting_remark(figures, code), left_out]))


def count_without_due(counts: pd.Series, code: str) -> float:
    """Dossiers without a due day among the received, or among the resolved (on_time_report)."""
    if code == "on_time_766":
        return float(counts["no_due_day"])
    if math.isnan(counts["no_due_day"]):
        return math.nan
    outcomes = float(counts[list(OUTCOME_WORDS)].sum(min_count=len(OUTCOME_WORDS)))
    return float(counts["resolved"]) - outcomes


def list_commune_counts(dossiers: ProvinceDossiers, column: str) -> Numbers:
    """One count per commune; NaN where nobody told it."""
    if dossiers.period_figures is None:
        return np.full(len(dossiers.codes), np.nan)
    return dossiers.period_figures.sums[column].to_numpy(dtype=np.float64)


def format_dossier_share(numerator: float, denominator: float, state: int) -> str:
    """`45.227/50.561 (89,5%)`, or why there is no such share."""
    if state in STATE_WORDS:
        return STATE_WORDS[state]
    return text.format_share(round(numerator), of=round(denominator))


def format_rate(value: float, state: int) -> str:
    """`89,5%`, or why there is no such share."""
    if state in STATE_WORDS:
        return STATE_WORDS[state]
    return text.format_percent(value)


def format_points(difference: float, state: int = rates.KNOWN) -> str:
    """The change of a share: `▲ 1,2 điểm`; what rounds to nought is `không đổi`."""
    if state in STATE_WORDS or math.isnan(difference):
        return STATE_WORDS.get(state, NO_DATA)
    return _signed(difference * 100, 1, " điểm phần trăm")


def format_count_change(difference: float) -> str:
    """The change of a count: `▼ 1.234`; `chưa đủ kỳ` where it is not known."""
    if math.isnan(difference):
        return INCOMPLETE
    return _signed(difference, 0, "")


def tell_balance(difference: float, undated: float = 0.0) -> str:
    """What was resolved less what newly came, and what that does to the backlog; "" where one is
    not told. Dossiers that are done on no known day (`undated`) leave open what became of it.
    """
    if math.isnan(difference):
        return ""
    compared = "bằng số tiếp nhận"
    if difference:
        more = "nhiều" if difference > 0 else "ít"
        compared = f"{more} hơn số tiếp nhận {text.format_number(abs(difference))} hồ sơ"
    return f"{compared}; {tell_backlog(difference, undated)}"


def tell_backlog(difference: float, undated: float = 0.0, *, counted: bool = False) -> str:
    """`hồ sơ tồn tăng`, where it is `counted` by how many."""
    if undated > 0:
        count = text.format_number(undated)
        return f"{count} hồ sơ đã xong không rõ ngày nên chưa rõ hồ sơ tồn tăng hay giảm"
    if not difference:
        return "hồ sơ tồn không đổi"
    by_how_many = f" {text.format_number(abs(difference))}" if counted else ""
    return f"hồ sơ tồn {'giảm' if difference > 0 else 'tăng'}{by_how_many}"


def _signed(value: float, digits: int, unit: str) -> str:
    written = text.format_change(value, digits)
    if not any(digit in "123456789" for digit in written):
        return SAME
    return f"{written}{unit}"


def tell_period_comparison(dossiers: ProvinceDossiers) -> str:
    """`so với 01/10–21/10/2026, cùng 15 ngày làm việc`; of a period that has only begun, what the
    whole one before came to; "" where there is nothing to compare with. Where one of both had
    holidays, the days are told apart."""
    if dossiers.last_full_period is not None:
        return f"kỳ mới bắt đầu, chưa so; cả {_tell_full_period(dossiers.last_full_period)}"
    if dossiers.totals_before() is None or dossiers.before is None:
        return ""
    days = _tell_working_days(*dossiers.working)
    return f"so với {format_period_ends(dossiers.before.period)}, {days}"


def _tell_full_period(figures: PeriodFigures) -> str:
    """`tháng 10/2026: 7.062 tiếp nhận, 89,5% đúng hạn theo Bộ chỉ số 766`."""
    received = f"{text.format_number(figures.totals()['received'])} tiếp nhận"
    words = f"{name_period(figures.period)}: {received}"
    if not figures.complete:
        return words
    on_time = rates.pool_rates(rates.compute_rate(figures, "on_time_766"))
    return f"{words}, {format_rate(on_time.value, on_time.state)} đúng hạn theo Bộ chỉ số 766"


def _tell_working_days(count: int, count_before: int) -> str:
    if count != count_before:
        before = text.format_number(count_before)
        return f"{before} ngày làm việc, kỳ này {text.format_number(count)}"
    if not count:
        return "cùng là ngày nghỉ"
    return f"cùng {text.format_number(count)} ngày làm việc"


def tell_holidays(dossiers: ProvinceDossiers) -> str:
    """That holidays took a fifth or more of the period's weekdays, since counts and shares are no
    usual ones then.
    """
    if dossiers.period is None:
        return ""
    days = int(np.busday_count(dossiers.period.first, dossiers.period.last + timedelta(days=1)))
    working_days = dossiers.working[0]
    if 5 * (days - working_days) < days or working_days == days:
        return ""
    rest = f"còn {text.format_number(working_days)} ngày làm việc"
    if not working_days:
        rest = "không ngày làm việc nào"
    return f"{text.format_number(days - working_days)} ngày nghỉ lễ, {rest}: không như kỳ thường"


def name_dossier_source(period_figures: PeriodFigures, kind_word: str) -> str:
    """Who answers, and how finely: `Biểu II.06a, theo tháng`; `kind_word` is the word for the kind
    of file.
    """
    derived = ", tính từ hiệu của các số lũy kế" if period_figures.derived else ""
    way = WAY_WORDS[period_figures.way_of_counting]
    return f"{kind_word}, {GRAIN_WORDS[period_figures.grain]}, {way}{derived}"


def tell_part_source(
    kind_names: Sequence[str], told: int, communes: int, until: date | None
) -> str:
    """Whose figures a part of a page shows, where they may be another source's than the title's:
    `Danh sách hồ sơ · 20/96 đơn vị · đến 13/11/2026`."""
    parts = ["; ".join(kind_names), f"{text.format_part(told, communes)} đơn vị"]
    if until is not None:
        parts.append(f"đến {text.format_day(until)}")
    return " · ".join(parts)


def format_peer_group(label: str, flags: Sequence[PeerFlag] = ()) -> str:
    """A peer group's label ("xa+mountainous") in words: `xã, miền núi`."""
    commune_kind, *marks = label.split("+")
    names = {flag.code: flag.name for flag in flags}
    return ", ".join([KIND_WORDS[commune_kind].lower(), *(names[mark].lower() for mark in marks)])


def tell_throughput_headline(
    dossiers: ProvinceDossiers, period: Period | None, province: str
) -> str:
    """`Tháng 11/2026: 50.561 hồ sơ tiếp nhận, 89,5% đúng hạn theo Bộ chỉ số 766`."""
    if period is None:
        return f"{province} chưa có số liệu hồ sơ"
    if dossiers.period_figures is None:
        return f"{province} chưa có số liệu hồ sơ {name_period(period)}"
    received = text.format_number(dossiers.totals_of_all()["received"])
    area = text.upper_first_letter(
        name_told_period(period, dossiers.period_figures.reception_until)
    )
    if part_of_communes := tell_part_of_communes(dossiers.communes_told, len(dossiers.codes)):
        area = f"{area}, {part_of_communes}"
    on_time_words = "đúng hạn: chưa có dữ liệu"
    if dossiers.total_of_all("on_time_766").state == rates.KNOWN:
        on_time_words = f"{format_province_rate(dossiers, 'on_time_766')} đúng hạn"
    title = f"{area}: {received} hồ sơ tiếp nhận, {on_time_words} theo Bộ chỉ số 766"
    parts = tell_rate_parts(dossiers, "on_time_766").removesuffix("; ")
    return f"{title} ({parts})" if parts else title


def describe_period_coverage(
    dossiers: ProvinceDossiers, source_name: str, today: date, day: date | None = None
) -> dict[str, Any] | None:
    """Who answers, for how many communes and until when, and with which days it is compared; None:
    nobody.

    `today`, `day`: as for headline.reach.
    """
    figures = dossiers.period_figures
    if figures is None:
        return None
    reporting = figures.sums["received"].notna()
    known = _count_reporting(figures)
    is_compared = dossiers.totals_before() is not None and dossiers.before is not None
    departments = dossiers.departments if dossiers.has_departments else None
    return {
        "source": name_dossier_source(figures, source_name),
        "known": known,
        "communes": len(dossiers.codes),
        "until": tell_reach(figures, today, day),
        "complete": figures.complete,
        "departments": _count_reporting(departments),
        "remark": tell_holidays(dossiers),
        "partial": int((figures.partial & reporting.to_numpy()).sum()),
        "compared": tell_period_comparison(dossiers) or f"so với kỳ trước: {INCOMPLETE}",
        "known_before": _count_reporting(dossiers.before) if is_compared else known,
    }


def _count_reporting(figures: PeriodFigures | None) -> int:
    """Units that told how many dossiers they received."""
    return 0 if figures is None else int(figures.sums["received"].notna().sum())
