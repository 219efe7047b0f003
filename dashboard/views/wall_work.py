"""Scenes of work: dossiers, what needs a decision, and the way to green."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import rates, series
from dashboard.indicators.dossiers import Dossiers
from dashboard.indicators.pace import Pace
from dashboard.indicators.signals import Signal
from dashboard.views import explain, headline
from dashboard.views.signal_words import signal_lines
from dashboard.views.wall_ages import Age
from dashboard.views.wall_scene import NAMED, Figure, Named, Scene, Seen

# How often figures of a grain come, where nobody wrote down a rhythm for their kind of file.
GRAIN_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
LINE = 66  # letters that one line of the wall holds
# The fixes of criteria.FIXES whose amounts can be added up: things, certificates, people.
TO_DO = {"buy": ("mua", "thiết bị"), "issue": ("cấp", "chữ ký số"), "appoint": ("bố trí", "người")}


def throughput(seen: Seen) -> Scene | None:
    """What was received and resolved today and this week, and what is on time in the period told."""
    dossiers = seen.report.dossiers
    if dossiers.answer is None or dossiers.period is None:
        return None
    totals = dossiers.answer.totals(seen.inside)
    if np.isnan(totals["received"]):
        return None
    overdue = dossiers.answer.sums["open_overdue"].to_numpy(dtype=np.float64)
    late = np.flatnonzero(np.nan_to_num(overdue) * seen.inside)
    order = late[np.argsort(-overdue[late], kind="stable")].tolist()
    period = headline.period_name(dossiers.period)
    rows = _flows(seen) or [Figure(f"Nhận {period}", text.number(totals["received"]))]
    owed = [] if np.isnan(totals["open_overdue"]) else [Figure("Đang quá hạn", text.number(totals["open_overdue"]))]
    share, title = _on_time(dossiers, seen, period)
    return Scene(
        "ho-so",
        f"{seen.place}: {title}",
        (share, *rows, *owed),
        seen.letters(dossiers.on_time_levels),
        _age(seen, dossiers),
        "Đang quá hạn nhiều nhất",
        seen.worst(order, [text.number(overdue[at]) for at in order]),
        max(0, len(order) - NAMED),
        words=(("unknown", "Không xếp màu"),),
        subject="Đúng hạn",
    )


def _on_time(dossiers: Dossiers, seen: Seen, period: str) -> tuple[Figure, str]:
    """The national index of the communes shown, its definition and its whole named, and the title that says it."""
    found = rates.total(dossiers.rates["on_time_766"], seen.inside)
    label = "đúng hạn theo chỉ số 766"
    if found.state != rates.KNOWN:
        word = explain.NO_DATA if found.state == rates.UNKNOWN else "không phát sinh"
        return Figure(label, word), f"hồ sơ {period}: {word}"
    share = text.percent(found.value)
    counts = f"{text.number(found.part)}/{text.number(found.whole)}\u00a0hồ\u00a0sơ"
    return Figure(label, share, counts), f"{share} hồ sơ {period} đúng hạn"


def _flows(seen: Seen) -> list[Figure]:
    """Received on the newest day told, received and resolved since Monday, where somebody tells days."""
    known, calendar = seen.report.snapshot.known.counts, seen.report.snapshot.calendar
    monday = seen.day - timedelta(days=seen.day.weekday())
    days = series.series(known.until(seen.day), "day", monday, seen.day, calendar, seen.inside)
    told = days[days["units"] > 0]
    if told.empty:
        return []
    newest = told["period_from"].iloc[-1].date()
    today = "hôm nay" if newest == seen.day else f"ngày {newest:%d/%m}"
    week = told[["received", "resolved"]].sum(min_count=1)
    each = (
        (f"Nhận {today}", told["received"].iloc[-1]),
        ("Nhận tuần này", week["received"]),
        ("Xong tuần này", week["resolved"]),
    )
    return [Figure(label, text.number(count)) for label, count in each if not pd.isna(count)]


def _age(seen: Seen, dossiers: Dossiers) -> Age:
    found = dossiers.answer
    assert found is not None, "asked only where a source answers"
    rhythm = seen.report.criteria.rhythms.get(found.kind)
    every = rhythm.expected_every_days if rhythm else GRAIN_DAYS.get(found.grain)
    return Age.of(datetime.combine(found.until, time()), every, seen.report.snapshot.calendar)


def decisions(seen: Seen) -> Scene | None:
    """The signals that concern the communes shown, one line of reason each; left out where there are none."""
    signals = [only for only in (_only(signal, seen) for signal in seen.report.signals) if only.communes]
    if not signals:
        return None
    titles = [one["title"] for one in signal_lines(tuple(signals), seen.names)]
    lines = tuple((title, _reason(signal, seen)) for title, signal in zip(titles, signals, strict=True))
    speaking = {code for signal in signals for code in signal.communes}
    level = seen.report.readiness.overall[:, 0]
    return Scene(
        "viec-can-quyet",
        f"{seen.place}: {text.number(len(lines))} việc cần quyết hôm nay",
        levels=seen.letters(level),
        age=seen.age(),
        marks="".join("1" if code in speaking else "0" for code in seen.codes),
        lines=lines,
    )


def _only(signal: Signal, seen: Seen, most: int | None = None) -> Signal:
    """The signal of the communes shown, of the `most` worst where so asked."""
    shown = set(seen.codes)
    places = [at for at, code in enumerate(signal.communes) if code in shown][:most]
    return replace(
        signal,
        communes=tuple(signal.communes[at] for at in places),
        value=signal.value[places],
        since=signal.since[places],
        facts={name: fact[places] for name, fact in signal.facts.items()},
    )


def _reason(signal: Signal, seen: Seen) -> str:
    """Only as many communes as one line holds: `Ba Vinh 12 Mbps (trước 85), Ba Tơ 9 Mbps và 4 xã nữa`."""
    for named in (3, 2, 1):
        reason = str(signal_lines((_only(signal, seen, named),), seen.names)[0]["reason"])
        rest = len(signal.communes) - named
        line = reason + (f" và {text.number(rest)} xã nữa" if rest > 0 else "")
        if len(line) <= LINE:
            break
    return line


def way_to_green(seen: Seen) -> Scene | None:
    """What all communes shown lack together; left out where nobody is known to lack anything."""
    report, gaps = seen.report, seen.report.gaps
    lacks, amount = gaps.lacks[:, seen.inside], np.nan_to_num(gaps.amount[:, seen.inside])
    if not lacks.any():
        return None
    behind = text.number(lacks.any(axis=0).sum())
    waiting = len(set(report.reporting.codes) & set(seen.codes))
    short = [
        (int(row.sum()), criterion.brief, criterion.fix, float(more.sum()), criterion.kind)
        for criterion, row, more in zip(gaps.criteria, lacks, amount, strict=True)
        if row.any()
    ]
    totals = {fix: sum(more for _, _, of, more, kind in short if of == fix and kind == "ratio") for fix in TO_DO}
    asked = ", ".join(
        f"{do} {text.number(totals[fix])}\u00a0{what}" for fix, (do, what) in TO_DO.items() if totals[fix]
    )
    things = [
        Named(name, f"{text.number(communes)} xã") for communes, name, *_ in sorted(short, key=lambda one: -one[0])
    ]
    return Scene(
        "duong-den-xanh",
        f"{behind} xã còn thiếu" + (f": cần {asked}" if asked else " điều kiện"),
        (
            seen.green(report.readiness.overall[:, 0], "xã xanh"),
            Figure("Còn thiếu", f"{behind} xã"),
            *([Figure("Chỉ chờ báo cáo", f"{text.number(waiting)} xã")] if waiting else []),
            *_forecast(report.pace, seen),
        ),
        seen.letters(report.readiness.overall[:, 0]),
        seen.age(),
        "Thiếu ở nhiều xã nhất",
        tuple(things[:NAMED]),
        max(0, len(things) - NAMED),
    )


def _forecast(pace: Pace, seen: Seen) -> list[Figure]:
    """When all would be green by the pace of the last weeks; of a province only, and only where it says anything."""
    if not seen.inside.all():
        return []
    if pace.says == "trend" and pace.expected is not None:
        return [Figure("Dự kiến xanh hết", _month(pace.expected))]
    words = {"no_trend": "chưa rõ", "too_short": "chưa đủ kỳ"}
    return [Figure("Dự kiến xanh hết", words[pace.says])] if pace.says in words else []


def _month(day: date) -> str:
    return f"{day.month}/{day.year}"
