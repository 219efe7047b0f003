"""The table of `/` as columns to compute with: levels in words, counts and shares each in a column of its own."""

from __future__ import annotations

from datetime import date, timedelta
from math import isnan

import numpy as np

from dashboard import names, text
from dashboard.indicators import levels
from dashboard.indicators.levels import Levels, Numbers
from dashboard.indicators.readiness import Judged
from dashboard.indicators.report import Report
from dashboard.views import explain, headline, theme
from dashboard.views.explain import SIGNALS
from dashboard.views.state_layer import counted, worst

Column = tuple[str, list[str | float | None]]


def columns(report: Report) -> list[Column]:
    """Heads, which say what, in what and of when, and one cell a commune in the order of the report."""
    found: list[Column] = [
        ("Mã", list(report.codes)),
        ("Xã, phường, đặc khu", [names.official_names(report.snapshot.province)[code] for code in report.codes]),
        ("Mức", _words(report.readiness.overall[:, 0])),
    ]
    for dimension, name in SIGNALS.items():
        within = [judged for judged in report.readiness.judged if judged.criterion.dimension == dimension]
        if within:
            found.append((f"{name}: mức", _words(report.readiness.dimensions[dimension][:, 0])))
            found += _counted(name, within) if within[0].criterion.kind == "ratio" else _measured(within)
    return [*found, *_dossiers(report), *_told(report)]


def _words(of: Levels) -> list[str | float | None]:
    return [theme.LEVELS[levels.NAMES[one]].word for one in of]


def _shares(part: Numbers, whole: Numbers) -> list[str | float | None]:
    """In per cent, with the digit that the page shows; of nothing there is no share."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return list(np.where(whole > 0, np.round(100 * part / whole, 1), np.nan).tolist())


def _counted(name: str, within: list[Judged]) -> list[Column]:
    part, whole = counted(within)
    found: list[Column] = [
        (f"{name}: có trong số cần", list(part.tolist())),
        (f"{name}: cần có", list(whole.tolist())),
        (f"{name}: tỷ lệ (%)", _shares(part, whole)),
    ]
    if len(within) > 1:
        lacking = [worst(within, commune).removeprefix(", ") for commune in range(len(part))]
        found.append((f"{name}: thiếu nhất", [*lacking]))
    return found


def _measured(within: list[Judged]) -> list[Column]:
    found = list[Column]()
    for judged in within:
        value = judged.value[:, 0].tolist()
        if judged.criterion.kind == "flag":
            flags: list[str | float | None] = [None if isnan(one) else "có" if one else "không" for one in value]
            found.append((judged.criterion.brief, flags))
        else:
            found.append((f"{judged.criterion.brief} ({explain.unit(judged.criterion)})", list(value)))
    return found


def _dossiers(report: Report) -> list[Column]:
    dossiers = report.dossiers
    rated, answer = dossiers.rates["on_time_766"], dossiers.answer
    when = f" {headline.period_name(dossiers.period)}" if dossiers.period else ""
    received = np.full(len(report.codes), np.nan) if answer is None else answer.sums["received"].to_numpy(np.float64)
    return [
        (f"Tiếp nhận{when} (hồ sơ)", list(received.tolist())),
        (f"Đúng hạn{when}, chỉ số 766 (hồ sơ)", list(rated.part.tolist())),
        (f"Đúng hạn{when}, trên tổng số (hồ sơ)", list(rated.whole.tolist())),
        (f"Đúng hạn{when}: tỷ lệ (%)", _shares(rated.part, rated.whole)),
    ]


def _told(report: Report) -> list[Column]:
    """The day itself: "9 ngày trước" means nothing in a file that is opened next month."""
    ages = np.fmin.reduce([judged.age[:, 0] for judged in report.readiness.judged])
    return [
        ("Số liệu ngày", [_day(report.today, age) for age in ages]),
        ("Khác kiểm tra", [*explain.contradictions(report.readiness, report.today)]),
    ]


def _day(today: date, age: float) -> str | None:
    return None if isnan(age) else text.day(today - timedelta(days=int(age)))
