"""/ho-so in words: what came in, what was done, what lies, each with its whole, its source and the period before."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import rates
from dashboard.indicators.answers import Answer
from dashboard.indicators.dossiers import Dossiers
from dashboard.indicators.periods import Period
from dashboard.indicators.rates import RATES
from dashboard.indicators.rows import CHANNELS, NEW
from dashboard.views import dossier_words as words
from dashboard.views.explain import NO_DATA
from dashboard.views.headline import reach

_OUTCOMES = {"resolved_early": "trước hạn", "resolved_on_time": "đúng hạn", "resolved_late": "quá hạn"}
_OPEN = {"open_in_term": "trong hạn", "open_overdue": "quá hạn"}


def headline(dossiers: Dossiers, whole: Period | None, province: str) -> str:
    """`Tháng 11/2026: 50.561 hồ sơ tiếp nhận, 89,5 % đúng hạn theo chỉ số 766`."""
    if dossiers.answer is None or whole is None:
        named = "" if whole is None else f" {words.named(whole)}"
        return f"{province} chưa có số liệu hồ sơ{named}"
    totals, on_time = dossiers.answer.totals(), dossiers.total("on_time_766")
    came = f"{words.named(whole)}: {text.number(totals['received'])} hồ sơ tiếp nhận"
    said = f"{text.percent(on_time.value)} đúng hạn" if on_time.state == rates.KNOWN else "đúng hạn: chưa có dữ liệu"
    return f"{came[:1].upper()}{came[1:]}, {said} theo chỉ số 766"


def coverage(dossiers: Dossiers, kind: str, today: date, day: date | None = None) -> dict[str, Any] | None:
    """Who answers, for how many communes and until when, and with which days it is compared; None: nobody.

    `today`, `day`: as for headline.reach.
    """
    found = dossiers.answer
    if found is None:
        return None
    told = found.sums["received"].notna()
    before = None if dossiers.totals_before() is None else dossiers.before
    return {
        "source": words.source(found, kind),
        "known": int(told.sum()),
        "communes": len(dossiers.codes),
        "until": reach(found, today, day),
        "complete": found.complete,
        "remark": words.holidays(dossiers),
        "partial": int((found.partial & told.to_numpy()).sum()),
        "compared": words.compared(dossiers) or f"so với kỳ trước: {words.INCOMPLETE}",
        "known_before": int(told.sum()) if before is None else int(before.sums["received"].notna().sum()),
    }


def flow(dossiers: Dossiers) -> list[dict[str, Any]]:
    """Received, resolved, open, paused: each a count, its change, and how it divides (word, count, share, code)."""
    assert dossiers.answer is not None
    totals, gains = dossiers.answer.totals(), dossiers.gains()
    carried, new = totals["carried_over"], totals[NEW]
    # What a report counts as received holds what was carried over; a list of days tells that apart.
    within = not math.isnan(carried) and not math.isnan(new) and new + carried == totals["received"]
    notes = {
        "received": f"gồm {text.number(carried)} kỳ trước chuyển sang" if within and carried else "",
        "resolved": words.balance(totals["resolved"] - new),
        "open": f"cuối ngày {text.day(dossiers.answer.until)}",
        "paused": "chờ bổ sung, nghĩa vụ tài chính hoặc dừng; tính riêng",
    }
    parts = {"received": {**words.CHANNELS}, "resolved": _OUTCOMES, "open": _OPEN, "paused": {}}
    labels = {**words.COUNTS, "paused": "Tạm dừng"}
    return [
        {
            "label": labels[name],
            "code": name,
            "value": text.number(totals[name]),
            "known": not math.isnan(totals[name]),
            "change": words.gained(gains[name]),
            "note": note,
            "parts": _parts(totals, parts[name], new if name == "received" else totals[name]),
        }
        for name, note in notes.items()
    ]


def _parts(totals: pd.Series, names: dict[str, str], whole: float) -> list[dict[str, Any]]:
    """Only of what was told; nothing where the whole is nought or unknown."""
    if not whole > 0:
        return []
    told = [(code, word, totals[code]) for code, word in names.items() if not math.isnan(totals[code])]
    return [
        {"code": code, "word": word, "count": text.number(value), "percent": text.percent(value / whole),
         "share": min(value / whole, 1.0)}
        for code, word, value in told
    ]  # fmt: skip


def rates_title(dossiers: Dossiers) -> str:
    """`Đúng hạn 89,5 % theo chỉ số 766, 89,4 % theo biểu II.06a`: both definitions, each by its name."""
    named = {"on_time_766": "chỉ số 766", "on_time_report": "biểu II.06a"}
    totals = [(dossiers.total(code), word) for code, word in named.items()]
    return "Đúng hạn " + ", ".join(f"{words.percent(one.value, one.state)} theo {word}" for one, word in totals)


def rate_rows(dossiers: Dossiers) -> list[dict[str, str]]:
    """Every rate with its formula: part, whole and share, its change, and the middle half of the communes."""
    rows = []
    for code, rate in RATES.items():
        total, change = dossiers.total(code), dossiers.gain(code)
        known = dossiers.rates[code].value[~np.isnan(dossiers.rates[code].value)]
        middle = "–"
        if len(known):
            low, high = np.quantile(known, [0.25, 0.75])
            middle = f"{text.percent(low)} – {text.percent(high)}"
        rows.append(
            {
                "code": code,
                "name": rate.name,
                "formula": rate.formula,
                "source": rate.source,
                "share": words.share(total.part, total.whole, total.state),
                "change": "–"
                if total.state == rates.UNKNOWN
                else words.points(change, _comparable(total.state, change)),
                "middle": middle,
            }
        )
    return rows


def _comparable(state: int, change: float) -> int:
    return rates.INCOMPLETE if state == rates.KNOWN and math.isnan(change) else state


def channels(totals: pd.Series) -> list[dict[str, Any]]:
    """What came by each channel, of what was newly received; only channels that were told."""
    return _parts(totals, {code: words.CHANNELS[code] for code in CHANNELS}, totals[NEW])


def departments(dossiers: Dossiers) -> dict[str, str] | None:
    """What departments received and how much of it in time, apart and with the communes; None where none was told."""
    if dossiers.departments is None or not dossiers.departments.totals()["received"] > 0:
        return None
    apart = rates.total(rates.rated(dossiers.departments, "on_time_766"))
    both = dossiers.total_of_all("on_time_766")
    return {
        "units": text.number(int(dossiers.departments.sums["received"].notna().sum())),
        "received": text.number(dossiers.departments.totals()["received"]),
        "on_time": words.share(apart.part, apart.whole, apart.state),
        "both": words.share(both.part, both.whole, both.state),
    }


def rivals(found: Answer, kinds: dict[str, str]) -> list[dict[str, str]]:
    """What the other complete sources say of the same days, and how far they are from the one that answers."""
    return [
        {
            "source": f"{kinds.get(one['kind'], one['kind'])}, {words.GRAINS[one['grain']]}",
            "units": text.number(one["units"]),
            "received": text.number(one["received"]),
            "common": text.number(one["common"]),
            "difference": NO_DATA if math.isnan(one["difference"]) else _difference(one["difference"]),
        }
        for one in found.rivals.to_dict("records")
    ]


def _difference(value: float) -> str:
    return "khớp" if not value else f"{'+' if value > 0 else '−'}{text.number(abs(value))}"


def step(value: float, most: float, steps: int = 5) -> int:
    """How dark a value is drawn, 0 (nought or unknown) to `steps` (`most`)."""
    if math.isnan(value) or value <= 0 or not most > 0:
        return 0
    return min(steps, math.ceil(value / most * steps))
