"""Scenes of work: dossiers, what needs a decision, and the way to green."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators.readiness.pace import Pace
from dashboard.indicators.signals.signals import Signal
from dashboard.indicators.throughput import rates, series
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.web.wall.scene import (
    NAMED_ON_WALL,
    Scene,
    SceneAge,
    WallContext,
    WallEntry,
    WallFigure,
)
from dashboard.web.words import explain
from dashboard.web.words.period_names import name_period
from dashboard.web.words.signals import list_signal_lines

# How often figures of a grain come, where nobody wrote down a rhythm for their kind of file.
GRAIN_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
LETTERS_PER_LINE = 66  # letters that one line of the wall holds
# The fixes of criteria.FIXES whose amounts can be added up: things, certificates, people.
SUMMED_FIXES = {
    "buy": ("mua", "thiết bị"),
    "issue": ("cấp", "chữ ký số"),
    "appoint": ("bố trí", "người"),
}


def make_throughput_scene(context: WallContext) -> Scene | None:
    """What was received and resolved today and this week; what is on time in the period told."""
    dossiers = context.report.dossiers
    if dossiers.period_figures is None or dossiers.period is None:
        return None
    totals = dossiers.period_figures.totals(context.inside)
    if np.isnan(totals["received"]):
        return None
    overdue = dossiers.period_figures.sums["open_overdue"].to_numpy(dtype=np.float64)
    late_positions = np.flatnonzero(np.nan_to_num(overdue) * context.inside)
    positions = late_positions[np.argsort(-overdue[late_positions], kind="stable")].tolist()
    period = name_period(dossiers.period)
    flow_figures = _flow_figures(context) or [
        WallFigure(f"Nhận {period}", text.format_number(totals["received"]))
    ]
    overdue_figures = (
        []
        if np.isnan(totals["open_overdue"])
        else [WallFigure("Đang quá hạn", text.format_number(totals["open_overdue"]))]
    )
    on_time_figure, title = _on_time_figure(dossiers, context, period)
    return Scene(
        "ho-so",
        f"{context.area_name}: {title}",
        (on_time_figure, *flow_figures, *overdue_figures),
        context.letters(dossiers.on_time_levels),
        _dossier_age(context, dossiers),
        "Đang quá hạn nhiều nhất",
        context.worst(positions, [text.format_number(overdue[position]) for position in positions]),
        max(0, len(positions) - NAMED_ON_WALL),
        words=(("unknown", "Không xếp màu"),),
        subject="Đúng hạn",
    )


def _on_time_figure(
    dossiers: ProvinceDossiers, context: WallContext, period: str
) -> tuple[WallFigure, str]:
    """The national index of the communes shown, its definition and its whole named, and the title
    that says it.
    """
    total = rates.pool_rates(dossiers.rates["on_time_766"], context.inside)
    label = "đúng hạn theo chỉ số 766"
    if total.state != rates.KNOWN:
        word = explain.NO_DATA if total.state == rates.UNKNOWN else "không phát sinh"
        return WallFigure(label, word), f"hồ sơ {period}: {word}"
    share = text.format_percent(total.value)
    counts = f"{text.format_part(total.numerator, total.denominator)}\u00a0hồ\u00a0sơ"
    return WallFigure(label, share, counts), f"{share} hồ sơ {period} đúng hạn"


def _flow_figures(context: WallContext) -> list[WallFigure]:
    """Received on the newest day told, received and resolved since Monday, where somebody tells
    days.
    """
    counts_reported = context.report.snapshot.province_data.counts
    calendar = context.report.snapshot.calendar
    monday = context.day - timedelta(days=context.day.weekday())
    days = series.build_dossier_series(
        counts_reported.until(context.day), "day", monday, context.day, calendar, context.inside
    )
    reported = days[days["units"] > 0]
    if reported.empty:
        return []
    newest = reported["period_from"].iloc[-1].date()
    today = "hôm nay" if newest == context.day else f"ngày {newest:%d/%m}"
    week = reported[["received", "resolved"]].sum(min_count=1)
    labelled_counts = (
        (f"Nhận {today}", reported["received"].iloc[-1]),
        ("Nhận tuần này", week["received"]),
        ("Xong tuần này", week["resolved"]),
    )
    return [
        WallFigure(label, text.format_number(count))
        for label, count in labelled_counts
        if not pd.isna(count)
    ]


def _dossier_age(context: WallContext, dossiers: ProvinceDossiers) -> SceneAge:
    figures = dossiers.period_figures
    assert figures is not None, "asked only where a source answers"
    rhythm = context.report.criteria.rhythms.get(figures.source_kind)
    expected_every_days = rhythm.expected_every_days if rhythm else GRAIN_DAYS.get(figures.grain)
    return SceneAge.of(
        datetime.combine(figures.until, time()),
        expected_every_days,
        context.report.snapshot.calendar,
    )


def make_decisions_scene(context: WallContext) -> Scene | None:
    """The signals that concern the communes shown, one line of reason each; left out where there
    are none.
    """
    signals = [
        narrowed
        for narrowed in (_narrow_signal(signal, context) for signal in context.report.signals)
        if narrowed.communes
    ]
    if not signals:
        return None
    titles = [
        signal_line["title"] for signal_line in list_signal_lines(tuple(signals), context.names)
    ]
    lines = tuple(
        (title, _fit_reason(signal, context)) for title, signal in zip(titles, signals, strict=True)
    )
    codes_concerned = {code for signal in signals for code in signal.communes}
    level = context.report.readiness.overall[:, 0]
    return Scene(
        "viec-can-quyet",
        f"{context.area_name}: {text.format_number(len(lines))} việc cần quyết hôm nay",
        levels=context.letters(level),
        age=context.age(),
        marks="".join("1" if code in codes_concerned else "0" for code in context.codes),
        lines=lines,
    )


def _narrow_signal(signal: Signal, context: WallContext, maximum: int | None = None) -> Signal:
    """The signal of the communes shown, of the `maximum` worst where so asked."""
    shown = set(context.codes)
    positions = [position for position, code in enumerate(signal.communes) if code in shown][
        :maximum
    ]
    return replace(
        signal,
        communes=tuple(signal.communes[position] for position in positions),
        value=signal.value[positions],
        since=signal.since[positions],
        facts={name: fact[positions] for name, fact in signal.facts.items()},
    )


def _fit_reason(signal: Signal, context: WallContext) -> str:
    """Only as many communes as one line holds: `Ba Vinh 12 Mbps (trước 85), Ba Tơ 9 Mbps và 4 xã
    nữa`.
    """
    for named_count in (3, 2, 1):
        reason = str(
            list_signal_lines((_narrow_signal(signal, context, named_count),), context.names)[0][
                "reason"
            ]
        )
        line = reason + text.format_rest(len(signal.communes) - named_count, "xã")
        if len(line) <= LETTERS_PER_LINE:
            break
    return line


def make_way_to_green_scene(context: WallContext) -> Scene | None:
    """What all communes shown lack together; left out where nobody is known to lack anything."""
    report = context.report
    gaps = context.report.gaps
    lacks = gaps.lacks[:, context.inside]
    amount = np.nan_to_num(gaps.amount[:, context.inside])
    if not lacks.any():
        return None
    behind = text.format_number(lacks.any(axis=0).sum())
    waiting = len(set(report.reporting.codes) & set(context.codes))
    lacks_of_criteria = [
        (
            int(row.sum()),
            criterion.short_name,
            criterion.fix,
            float(missing_amounts.sum()),
            criterion.kind,
        )
        for criterion, row, missing_amounts in zip(gaps.criteria, lacks, amount, strict=True)
        if row.any()
    ]
    totals = {
        fix: sum(
            missing_amounts
            for _, _, fix_of_criterion, missing_amounts, criterion_kind in lacks_of_criteria
            if fix_of_criterion == fix and criterion_kind == "ratio"
        )
        for fix in SUMMED_FIXES
    }
    needs = ", ".join(
        f"{verb} {text.format_number(totals[fix])}\u00a0{noun}"
        for fix, (verb, noun) in SUMMED_FIXES.items()
        if totals[fix]
    )
    entries = [
        WallEntry(name, f"{text.format_number(communes)} xã")
        for communes, name, *_ in sorted(lacks_of_criteria, key=lambda lack: -lack[0])
    ]
    return Scene(
        "duong-den-xanh",
        f"{behind} xã còn thiếu" + (f": cần {needs}" if needs else " điều kiện"),
        (
            context.green(report.readiness.overall[:, 0], "xã xanh"),
            WallFigure("Còn thiếu", f"{behind} xã"),
            *(
                [WallFigure("Chỉ chờ báo cáo", f"{text.format_number(waiting)} xã")]
                if waiting
                else []
            ),
            *_forecast_figures(report.pace, context),
        ),
        context.letters(report.readiness.overall[:, 0]),
        context.age(),
        "Thiếu ở nhiều xã nhất",
        tuple(entries[:NAMED_ON_WALL]),
        max(0, len(entries) - NAMED_ON_WALL),
    )


def _forecast_figures(pace: Pace, context: WallContext) -> list[WallFigure]:
    """When all would be green by the pace of the last weeks; of a province only, and only where it
    says anything.
    """
    if not context.inside.all():
        return []
    if pace.says == "trend" and pace.expected is not None:
        return [WallFigure("Dự kiến xanh hết", _format_month(pace.expected))]
    words = {"no_trend": "chưa rõ", "too_short": "chưa đủ kỳ"}
    return [WallFigure("Dự kiến xanh hết", words[pace.says])] if pace.says in words else []


def _format_month(day: date) -> str:
    return f"{day.month}/{day.year}"
