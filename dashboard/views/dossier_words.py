"""Words for figures of dossiers: shares with their two counts, changes with their sign, sources with their grain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from dashboard import text
from dashboard.indicators import rates
from dashboard.indicators.answers import Answer
from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.dossiers import Dossiers
from dashboard.indicators.periods import Period
from dashboard.reference import KIND_WORDS
from dashboard.views.explain import NO_DATA
from dashboard.views.headline import period_name

NO_ACTIVITY, INCOMPLETE, SAME = "không phát sinh", "chưa đủ kỳ", "không đổi"
STATE_WORDS = {rates.NO_ACTIVITY: NO_ACTIVITY, rates.UNKNOWN: NO_DATA, rates.INCOMPLETE: INCOMPLETE}
GRAINS = {
    "day": "theo ngày",
    "week": "theo tuần",
    "month": "theo tháng",
    "quarter": "theo quý",
    "year": "theo năm",
    "cumulative": "luỹ kế",
    "other": "theo kỳ báo cáo",
}
COUNTS = {
    "received": "Tiếp nhận",
    "resolved": "Đã giải quyết",
    "open": "Đang giải quyết",
    "open_overdue": "Đang quá hạn",
    "e_result": "Kết quả điện tử",
}
CHANNELS = {
    "received_online": "Trực tuyến",
    "received_in_person": "Trực tiếp",
    "received_post": "Bưu chính công ích",
    "received_other": "Trực tiếp hoặc bưu chính",
}


def share(part: float, whole: float, state: int) -> str:
    """`45.227/50.561 (89,5 %)`, or why there is no such share."""
    return STATE_WORDS[state] if state in STATE_WORDS else text.share(round(part), of=round(whole))


def percent(value: float, state: int) -> str:
    """`89,5 %`, or why there is no such share."""
    return STATE_WORDS[state] if state in STATE_WORDS else text.percent(value)


def points(difference: float, state: int = rates.KNOWN) -> str:
    """The change of a share: `▲ 1,2 điểm`; what rounds to nought is `không đổi`."""
    if state in STATE_WORDS or math.isnan(difference):
        return STATE_WORDS.get(state, NO_DATA)
    return _signed(difference * 100, 1, " điểm %")


def gained(difference: float) -> str:
    """The change of a count: `▼ 1.234`; `chưa đủ kỳ` where it is not known."""
    return INCOMPLETE if math.isnan(difference) else _signed(difference, 0, "")


def balance(difference: float) -> str:
    """What was resolved less what newly came, and what that does to the backlog; "" where one is not told."""
    if math.isnan(difference):
        return ""
    if not difference:
        return "bằng số tiếp nhận: tồn không đổi"
    more, effect = ("nhiều", "tồn giảm") if difference > 0 else ("ít", "tồn tăng")
    return f"{more} hơn tiếp nhận {text.number(abs(difference))}: {effect}"


def _signed(value: float, digits: int, unit: str) -> str:
    written = text.number(abs(value), digits)
    if not any(digit in "123456789" for digit in written):
        return SAME
    return f"{'▲' if value > 0 else '▼'} {written}{unit}"


def named(period: Period) -> str:
    """`ngày 22/11/2026`, `tuần 16/11–22/11/2026`, `tháng 11/2026`, `quý 4/2026`, `năm 2026`; else both ends; the days
    so far of a running period have its name."""
    period = period.whole
    first, last = period.first, period.last
    if period.grain == "day":
        return f"ngày {text.day(first)}"
    if period.grain == "week":
        return f"tuần {first:%d/%m}–{text.day(last)}"
    if period.grain == "quarter":
        return f"quý {(first.month + 2) // 3}/{first.year}"
    return f"năm {first.year}" if period.grain == "year" else period_name(period)


def ends(period: Period) -> str:
    """Both ends, the year once: `01/11–22/11/2026`."""
    first, last = period.first, period.last
    if first == last:
        return text.day(last)
    return f"{first:%d/%m}–{text.day(last)}" if first.year == last.year else f"{text.day(first)}–{text.day(last)}"


def compared(dossiers: Dossiers) -> str:
    """`so với 01/10–21/10/2026, cùng 15 ngày làm việc`; of a period that has only begun, what the whole one before
    came to; "" where there is nothing to compare with. Where one of both had holidays, the days are told apart."""
    now, then = dossiers.working
    if dossiers.last_whole is not None:
        whole, on_time = dossiers.last_whole, rates.total(rates.rated(dossiers.last_whole, "on_time_766"))
        share = f", {percent(on_time.value, on_time.state)} đúng hạn theo chỉ số 766" if whole.complete else ""
        came = f"{text.number(whole.totals()['received'])} tiếp nhận{share}"
        return f"kỳ mới bắt đầu, chưa so; cả {named(whole.period)}: {came}"
    if dossiers.totals_before() is None or dossiers.before is None:
        return ""
    if now == then:
        days = f"cùng {text.number(now)} ngày làm việc" if now else "cùng là ngày nghỉ"
    else:
        days = f"{text.number(then)} ngày làm việc, kỳ này {text.number(now)}"
    return f"so với {ends(dossiers.before.period)}, {days}"


def holidays(dossiers: Dossiers) -> str:
    """That holidays took a fifth or more of the period's weekdays, since counts and shares are no usual ones then."""
    if dossiers.period is None:
        return ""
    days = int(np.busday_count(dossiers.period.first, dossiers.period.last + timedelta(days=1)))
    left = dossiers.working[0]
    if 5 * (days - left) < days or left == days:
        return ""
    rest = f"còn {text.number(left)} ngày làm việc" if left else "không ngày làm việc nào"
    return f"{text.number(days - left)} ngày nghỉ lễ, {rest}: không như kỳ thường"


def source(found: Answer, kind: str) -> str:
    """Who answers, and how finely: `Biểu II.06a, theo tháng`; `kind` is the word for the kind of file."""
    derived = ", tính từ hiệu của các số luỹ kế" if found.derived else ""
    return f"{kind}, {GRAINS[found.grain]}{derived}"


def group(label: str, flags: Sequence[PeerFlag] = ()) -> str:
    """A peer group's label ("xa+mountainous") in words: `xã, miền núi`."""
    kind, *marks = label.split("+")
    names = {flag.code: flag.name for flag in flags}
    return ", ".join([KIND_WORDS[kind].lower(), *(names[mark].lower() for mark in marks)])
