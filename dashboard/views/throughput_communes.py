"""/ho-so by commune: ranked bars of one figure, or every commune's weeks side by side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard import text
from dashboard.batch import COUNTS
from dashboard.indicators.course import Course
from dashboard.indicators.dossiers import Dossiers
from dashboard.indicators.rates import RATES
from dashboard.indicators.rows import NEW
from dashboard.views import dossier_words as words
from dashboard.views import sparkline

# What the communes can be ordered by.
FIGURES = {name: words.COUNTS[name] for name in ("received", "resolved", "open", "open_overdue")} | {
    code: RATES[code].name for code in ("on_time_766", "on_time_report", "online", "digitised", "e_result")
}
Numbers = npt.NDArray[np.float64]


def values(dossiers: Dossiers, by: str) -> Numbers:
    """One of FIGURES per commune: a count, or a share (0 to 1); NaN where there is none."""
    if by in RATES:
        return dossiers.rates[by].value
    if dossiers.answer is None:
        return np.full(len(dossiers.codes), np.nan)
    return dossiers.answer.sums[by].to_numpy(dtype=np.float64)


def order(value: Numbers) -> list[int]:
    """Places of the communes, most first; those without a value last, in the order of the screen."""
    return [int(at) for at in np.argsort(-np.nan_to_num(value, nan=-np.inf), kind="stable")]


def bars(dossiers: Dossiers, names: list[str], by: str) -> list[dict[str, Any]]:
    """One row a commune, most first: its figure in words and its bar, 0 to 1; `known` is False where it has none."""
    value = values(dossiers, by)
    most = 1.0 if by in RATES else float(np.nanmax(value, initial=0.0))
    rows = []
    for at in order(value):
        known = not math.isnan(value[at])
        rows.append(
            {
                "code": dossiers.codes[at],
                "name": names[at],
                "bar": float(value[at]) / most if known and most > 0 else 0.0,
                "words": _words(dossiers, by, at, float(value[at])),
                "known": known,
            }
        )
    return rows


def _words(dossiers: Dossiers, by: str, at: int, value: float) -> str:
    if by not in RATES:
        return text.number(value)
    rated = dossiers.rates[by]
    return words.share(rated.part[at], rated.whole[at], int(rated.state[at]))


def multiples(course: Course, codes: tuple[str, ...], names: list[str], ranked: list[int]) -> list[dict[str, Any]]:
    """Every commune's whole weeks (or months) of newly received dossiers as a line from 0, the last one in figures.

    `known` is False where there are not two of them, which make no line; `words` says why.
    """
    came = course.sums[NEW][:, course.complete]
    unit = "tháng" if course.grain == "month" else "tuần"
    rows = []
    for at in ranked:
        known = came[at][~np.isnan(came[at])]
        last = text.number(came[at][-1]) if len(known) and not math.isnan(came[at][-1]) else words.NO_DATA
        span = (
            f"từ {text.number(known.min())} đến {text.number(known.max())} một {unit}" if len(known) else words.NO_DATA
        )
        said = f"{names[at]}: {span}, {unit} đủ gần nhất {last}"
        rows.append(
            {
                "code": codes[at],
                "name": names[at],
                "line": sparkline.line(came[at], said, limit=0.0),
                "last": last,
                "words": words.INCOMPLETE if len(known) == 1 else words.NO_DATA,
                "known": len(known) > 1,
            }
        )
    return rows


def table(dossiers: Dossiers, names: list[str]) -> tuple[list[str], list[list[Any]]]:
    """Every count of every commune and both halves of every rate, to take along: head and rows."""
    shown = [name for name in COUNTS if dossiers.answer is not None and dossiers.answer.sums[name].notna().any()]
    head = ["Mã", "Đơn vị", *(HEADS[name] for name in shown)]
    head += [f"{RATES[code].name}: {half}" for code in RATES for half in ("phần", "toàn thể")]
    counts = [] if dossiers.answer is None else [dossiers.answer.sums[name].tolist() for name in shown]
    halves = [half.tolist() for code in RATES for half in (dossiers.rates[code].part, dossiers.rates[code].whole)]
    return head, [list(row) for row in zip(dossiers.codes, names, *counts, *halves, strict=True)]


HEADS = {
    **words.COUNTS,
    **words.CHANNELS,
    "carried_over": "Kỳ trước chuyển sang",
    "resolved_early": "Giải quyết trước hạn",
    "resolved_on_time": "Giải quyết đúng hạn",
    "resolved_late": "Giải quyết quá hạn",
    "open_in_term": "Đang giải quyết trong hạn",
    "paused": "Tạm dừng",
    "digitised": "Số hóa khi tiếp nhận",
    "on_time_766": "Đúng hạn (chỉ số 766)",
}
