"""One commune's dossiers in words: who tells of which days, rates beside the peers', flows, what lies on the desk."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.indicators import levels, rates
from dashboard.indicators.dossiers import Dossiers
from dashboard.indicators.periods import Period
from dashboard.indicators.rates import RATES
from dashboard.views import dossier_words, headline, places
from dashboard.views.explain import NO_DATA
from dashboard.views.one_commune import One

NO_LIST = "chưa có danh sách từng hồ sơ"
# Each holds the one before.
DUE = {"due_today": "hôm nay {}", "due_within_1": "trong 1 ngày {}", "due_within_3": "trong 3 ngày làm việc {}"}


def period(one: One, kinds: Mapping[str, str], today: date) -> dict[str, str]:
    """Which days the figures speak of, from which kind of source, at which grain; {} where nobody tells any."""
    dossiers = one.report.dossiers
    found = dossiers.answer
    if found is None or dossiers.period is None:
        return {}
    name = dossier_words.named(dossiers.period)
    whole = "" if found.complete else " · chưa trọn kỳ"
    return {
        "name": name,
        "until": headline.reach(found, today, one.report.today),
        "source": dossier_words.source(found, kinds.get(found.kind, found.kind)) + whole,
        "compared": dossier_words.compared(dossiers),
    }


def peers(one: One) -> str:
    """`xã`, `xã miền núi`: whom it is compared with."""
    return dossier_words.group(one.report.dossiers.groups[one.at], one.report.criteria.peer_flags)


def shares(one: One) -> list[dict[str, Any]]:
    """One row a rate: part of whole, change, the peers' median, and its place among them."""
    dossiers, at = one.report.dossiers, one.at
    group, word = dossiers.groups[at], peers(one)
    rows = []
    for code, rated in dossiers.rates.items():
        moved = dossiers.changes[code]
        figures = dossiers.peers[code].loc[group]
        rows.append(
            {
                "code": code,
                "name": RATES[code].name,
                "level": _level(dossiers, code, at, one.report.today),
                "value": dossier_words.share(rated.part[at], rated.whole[at], rated.state[at]),
                "change": dossier_words.points(moved.difference[at], moved.state[at]),
                "median": _median(figures),
                "place": places.place(dossiers.ranks[code].loc[one.code], word),
                "formula": RATES[code].formula,
                "source": RATES[code].source,
                "told": f"{text.number(figures['told'])}/{text.number(figures['communes'])}",
            }
        )
    return rows


def _level(dossiers: Dossiers, code: str, at: int, today: date) -> str:
    """Only the share on time has thresholds of its own, none for little or nothing, and old figures no colour."""
    if code != "on_time_766" or dossiers.answer is None:
        return ""
    name = levels.NAMES[dossiers.on_time_levels[at]]
    if name not in ("green", "yellow", "red"):
        return ""
    return "stale" if headline.is_old(dossiers.answer, today) else name


def _median(figures: pd.Series) -> str:
    return NO_DATA if math.isnan(figures["median"]) else text.percent(figures["median"])


def _counted(one: One, name: str) -> list[str]:
    """Its plain place in the province, as newspapers print it: `thứ 8/135`; nothing where it told none."""
    row = one.report.dossiers.counted[name].loc[one.code]
    return [] if math.isnan(row["place"]) else [f"thứ {places.counted(row)}"]


def flows(one: One) -> list[dict[str, Any]]:
    """What came, what was done, what is open, each with its parts; what nobody told is left out of these."""
    found = one.report.dossiers.answer
    if found is None:
        return []
    sums = found.sums.loc[one.code]
    lines = [
        ("Tiếp nhận", sums["received"], [*_counted(one, "received"), *_channels(sums)]),
        ("Đã giải quyết", sums["resolved"], [*_counted(one, "resolved"), *_outcomes(one, sums), *_balance(one)]),
        ("Đang giải quyết", _open(sums), _parts(sums, _OPEN, _open(sums))),
        ("Tạm dừng", sums["paused"], []),
    ]
    return [{"name": name, "count": text.number(value), "parts": parts} for name, value, parts in lines]


def earlier(one: One, kinds: Mapping[str, str]) -> tuple[Period, str] | None:
    """Where the commune told nothing of the shown period: the newest of which it did, and its words; else None."""
    found = one.report.dossiers.answer
    if found is not None and not math.isnan(found.sums.at[one.code, "received"]):
        return None
    newest = one.report.snapshot.known.counts.until(one.report.today).newest_of(one.at)
    if newest is None:
        return None
    kind, period, received = newest
    told = f"{dossier_words.named(period)}, {text.number(received)} hồ sơ tiếp nhận ({kinds.get(kind, kind)})"
    return period, f"Kỳ gần nhất xã có số liệu: {told}"


# One line holds them all.
_CHANNELS = {name: word.lower().removesuffix(" công ích") for name, word in dossier_words.CHANNELS.items()}
_RESOLVED = {"resolved_early": "trước hạn", "resolved_on_time": "đúng hạn", "resolved_late": "quá hạn"}
_OPEN = {"open_in_term": "trong hạn", "open_overdue": "quá hạn"}


def _open(sums: pd.Series) -> float:
    """What is open as the source printed it, else its two parts."""
    return float(sums["open"] if not math.isnan(sums["open"]) else sums["open_in_term"] + sums["open_overdue"])


def _channels(sums: pd.Series) -> list[str]:
    parts = _parts(sums, _CHANNELS, sums["received_new"])
    carried = sums["carried_over"]
    return parts if math.isnan(carried) else [*parts, f"kỳ trước chuyển sang {text.number(carried)}"]


def _outcomes(one: One, sums: pd.Series) -> list[str]:
    parts = _parts(sums, _RESOLVED, sums["resolved"])
    if math.isnan(sums["e_result"]):
        return parts
    return [*parts, ", ".join([f"kết quả điện tử {text.number(sums['e_result'])}", *_counted(one, "e_result")])]


def _parts(sums: pd.Series, names: Mapping[str, str], whole: float) -> list[str]:
    """`trực tuyến 525/673 (78,0 %)` for the first, the others by their count."""
    told = [(word, sums[name]) for name, word in names.items() if not math.isnan(sums[name])]
    parts = [f"{word} {text.number(value)}" for word, value in told]
    if told and whole > 0 and told[0][1] <= whole:
        parts[0] = f"{told[0][0]} {text.share(int(told[0][1]), of=int(whole))}"
    return parts


def pace(one: One) -> str:
    """How long dossiers took: mean, and where single ones are known their median and what was done within five days."""
    found, took = one.report.dossiers.answer, one.report.durations.loc[one.code]
    if took["resolved"] > 0:
        median, mean = (text.number(took[name], 1) for name in ("median_days", "mean_days"))
        within = text.percent(took["within_5"], 0)
        return f"trung vị {median}, trung bình {mean} ngày làm việc; {within} xong trong 5 ngày"
    days = math.nan if found is None else float(found.sums.at[one.code, "mean_days"])
    return NO_DATA if math.isnan(days) else f"trung bình {text.number(days, 1)} ngày"


def at_risk(one: One) -> str:
    """`2 đã quá hạn; đến hạn, tính dồn: hôm nay 3, trong 1 ngày 5, trong 3 ngày làm việc 9`; or nobody told a list."""
    row = one.report.at_risk.loc[one.code]
    if math.isnan(row["open"]):
        return NO_LIST
    due = ", ".join(words.format(text.number(row[name])) for name, words in DUE.items())
    return f"{text.number(row['overdue'])} đã quá hạn; đến hạn, tính dồn: {due}"


def backlog(one: One) -> str:
    """How long the open dossiers have been lying."""
    if math.isnan(one.report.at_risk.at[one.code, "open"]):
        return NO_LIST
    row = one.report.backlog_age.loc[one.code]
    if not row["open"] > 0:
        return "không có hồ sơ đang giải quyết"
    middle, old = (text.number(row[name]) for name in ("median_days", "p90_days"))
    oldest = text.day(row["oldest_received"].date())
    return f"trung vị {middle}, chín phần mười trong {old} ngày làm việc; cũ nhất từ {oldest}"


def _balance(one: One) -> list[str]:
    """`nhiều hơn tiếp nhận 3: tồn giảm`; nothing where one of both is not told."""
    found = one.report.dossiers.answer
    words = "" if found is None else dossier_words.balance(float(rates.net_flow(found)[one.code]))
    return [words] if words else []
