"""Scenes of work: dossiers, what needs a decision, and the way to green."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.field.follow_ups import (
    FollowUp,
    FollowUpState,
    count_follow_up_states,
    list_owing_offices,
)
from dashboard.indicators.readiness.pace import Pace
from dashboard.indicators.signals.signals import FOLLOW_UPS_OVERDUE, SUPPORT_INCIDENTS, Signal
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.balance import sum_balances
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.web.wall import direction
from dashboard.web.wall.scene import (
    NAMED_ON_WALL,
    Scene,
    SceneAge,
    WallContext,
    WallEntry,
    WallFigure,
)
from dashboard.web.words import explain
from dashboard.web.words.balance import list_balance_columns
from dashboard.web.words.dossiers import format_points, tell_unjudged
from dashboard.web.words.follow_ups import STATE_WORDS
from dashboard.web.words.headline import tell_part_of_communes, tell_stopped_list
from dashboard.web.words.period_names import name_dossier_period, name_period
from dashboard.web.words.signals import list_signal_lines

# How often figures of a grain come, where nobody wrote down a rhythm for their kind of file.
GRAIN_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
FORECAST_LABEL = "Dự kiến 100% Xanh theo xu hướng"
LETTERS_PER_LINE = 66  # letters that one line of the wall holds
# The fixes of criteria.FIXES whose amounts can be added up: things, certificates, people.
SUMMED_FIXES = {
    "buy": ("mua", "thiết bị"),
    "issue": ("cấp", "chữ ký số"),
    "appoint": ("bố trí", "người"),
}


def make_throughput_scene(context: WallContext) -> Scene | None:
    """What came in and what became of it in the period told, how much of it in time, for how many
    of the communes shown."""
    dossiers = context.report.dossiers.of_period
    figures = dossiers.period_figures
    if figures is None or dossiers.period is None:
        return None
    totals = figures.totals(context.inside)
    if np.isnan(totals["received"]):
        return None
    overdue = figures.sums["open_overdue"].to_numpy(dtype=np.float64)
    late_positions = np.flatnonzero(np.nan_to_num(overdue) * context.inside)
    positions = late_positions[np.argsort(-overdue[late_positions], kind="stable")].tolist()
    period = name_dossier_period(dossiers)
    overdue_label = f"Quá hạn {_name_evening(figures.until, context.day)}"
    # beside sums of communes and departments
    is_communes_alone = context.inside.all() and dossiers.has_departments
    figure_label = overdue_label
    if is_communes_alone:
        figure_label = f"{overdue_label.removesuffix(' hôm nay')}, cấp xã"
    overdue_figures = []
    if not np.isnan(totals["open_overdue"]):
        overdue_count = text.format_number(totals["open_overdue"])
        overdue_figures.append(WallFigure(figure_label, overdue_count))
    on_time_figures, title = _on_time_figures(dossiers, context, period)
    return Scene(
        "ho-so",
        f"{_told_area(context)}: {title}",
        # Rows go from the end where room is short: those that make a sum stay together.
        (*on_time_figures, *_balance_figures(context), *overdue_figures),
        context.letters(dossiers.on_time_levels),
        _dossier_age(context, dossiers),
        f"{overdue_label} nhiều nhất",
        context.worst(positions, [text.format_number(overdue[position]) for position in positions]),
        max(0, len(positions) - NAMED_ON_WALL),
        words=(("unknown", "Không xếp màu"),),
        subject="Đúng hạn",
    )


def _name_evening(until: date, day: date) -> str:
    """Stocks are of the evening of the source's last day: an old list's are not aged on."""
    return "hôm nay" if until == day else f"ngày {until:%d/%m}"


def _told_area(context: WallContext) -> str:
    """Whose dossiers the scene tells: `Quảng Ngãi`; `20/96 đơn vị của Quảng Ngãi` where only
    so many told any."""
    figures = context.report.dossiers.of_period.period_figures
    assert figures is not None, "asked only where a source answers"
    told = int((figures.sums["received"].notna().to_numpy() & context.inside).sum())
    part_of_communes = tell_part_of_communes(told, context.size)
    if not part_of_communes:
        return context.area_name
    return f"{part_of_communes} của {context.province_name}"


def _on_time_figures(
    dossiers: ProvinceDossiers, context: WallContext, period: str
) -> tuple[list[WallFigure], str]:
    """The national index, its definition and its whole named, and the title that says it: of the
    province with its departments, each beside it, else of the communes shown."""
    is_province = bool(context.inside.all()) and dossiers.has_departments
    communes_total = rates.pool_rates(dossiers.rates["on_time_766"], context.inside)
    total = dossiers.total_of_all("on_time_766") if is_province else communes_total
    label = "theo Bộ chỉ số 766"  # the title says of what
    left_out = _tell_left_out(dossiers, context, with_departments=is_province)
    if total.state != rates.KNOWN:
        word = explain.NO_DATA if total.state == rates.UNKNOWN else "không phát sinh"
        return [WallFigure(label, word, left_out)], f"hồ sơ {period}: {word}"
    share = text.format_percent(total.value, 2 if is_province else 1)
    counts = f"{text.format_part(total.numerator, total.denominator)}\u00a0hồ\u00a0sơ"
    parts = (
        ("cấp xã", communes_total),
        ("sở, ngành", dossiers.total_of_departments("on_time_766")),
    )
    part_figures = [
        WallFigure(word, text.format_percent(part.value))
        for word, part in parts
        if is_province and part.state == rates.KNOWN
    ]
    title = f"{share} hồ\u00a0sơ {period} đúng hạn"
    if left_out:
        title = f"{title}; {left_out}"
    gain = _tell_gain(dossiers, context)
    if gain is None:
        return [WallFigure(label, share, counts), *part_figures], title
    part = text.format_part(total.numerator, total.denominator)
    return [gain, WallFigure(label, part), *part_figures], title


def _tell_gain(dossiers: ProvinceDossiers, context: WallContext) -> WallFigure | None:
    """`▲ 1,2 điểm phần trăm`, of the communes that told both periods; None where nothing can be
    compared.
    """
    gain = dossiers.gain("on_time_766", context.inside)
    if math.isnan(gain) or dossiers.before is None:
        return None
    before = name_period(dossiers.before.period)
    return WallFigure(
        f"điểm phần trăm, cấp xã, so với {before}",
        text.upper_first_letter(format_points(gain).removesuffix(" điểm phần trăm")),
    )


def _tell_left_out(
    dossiers: ProvinceDossiers, context: WallContext, *, with_departments: bool
) -> str:
    """How many dossiers the share in time leaves out, because nobody can judge them."""
    assert dossiers.period_figures is not None, "asked only where a source answers"
    totals = dossiers.period_figures.totals(context.inside)
    if with_departments and dossiers.departments is not None:
        totals = totals.add(dossiers.departments.totals(), fill_value=0.0)
    return tell_unjudged(totals, "on_time_766")


def _balance_figures(context: WallContext) -> list[WallFigure]:
    """What came in and what became of it, so that both sides can be added up from the wall: of the
    province with its departments, else of the communes shown."""
    report = context.report
    frame = report.dossiers.balance
    assert frame is not None, "asked only where a source answers"
    balance = sum_balances(frame[context.inside])
    departments = report.dossiers.department_balance
    if (
        context.inside.all()
        and report.dossiers.of_period.has_departments
        and departments is not None
    ):
        balance = balance + sum_balances(departments)
    if np.isnan(balance[NEW]):
        return []
    return [
        WallFigure(word, text.format_number(balance[name]))
        for name, word in list_balance_columns([balance]).items()
        if not np.isnan(balance[name])
    ]


def _dossier_age(context: WallContext, dossiers: ProvinceDossiers) -> SceneAge:
    figures = dossiers.period_figures
    assert figures is not None, "asked only where a source answers"
    rhythm = context.report.criteria.rhythms.get(figures.source_kind)
    expected_every_days = rhythm.expected_every_days if rhythm else GRAIN_DAYS.get(figures.grain)
    age = SceneAge.of(
        datetime.combine(figures.reception_until, time()),
        expected_every_days,
        context.report.snapshot.calendar,
    )
    stopped = text.upper_first_letter(tell_stopped_list(figures, context.day))
    return replace(age, stopped=stopped)


# As many lines as can be read from five metres.
_MOST_DECISIONS = 5


def make_decisions_scene(context: WallContext) -> Scene | None:
    """The signals that concern the communes shown, one line of reason each; left out where there
    are none.
    """
    signals = [
        narrowed
        for narrowed in (
            _narrow_signal(signal, context)
            for signal in context.report.signals
            if signal.code != FOLLOW_UPS_OVERDUE  # has a scene of its own
        )
        if narrowed.communes
    ][:_MOST_DECISIONS]
    if not signals:
        return None
    titles = [
        signal_line["title"] for signal_line in list_signal_lines(tuple(signals), context.names)
    ]
    lines = tuple(
        (title, _fit_reason(signal, context)) for title, signal in zip(titles, signals, strict=True)
    )
    codes_concerned = {code for signal in signals for code in signal.communes}
    level = context.report.readiness.assessment.overall[:, 0]
    return Scene(
        "viec-can-quyet",
        f"{context.area_name}: {text.format_number(len(lines))} nội dung cần chỉ đạo hôm nay",
        levels=context.letters(level),
        age=context.age(),
        marks=_mark_communes(context, codes_concerned),
        lines=lines,
    )


def _mark_communes(context: WallContext, marked: Collection[str]) -> str:
    """A letter a commune: 1 for those that the map points at."""
    return "".join(str(int(code in marked)) for code in context.codes)


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
    """Only as many communes as one line holds: `Ba Vinh còn 12 Mbps (trước 85), Ba Tơ còn 9 Mbps
    và 4 đơn vị nữa`.
    """
    if signal.code == SUPPORT_INCIDENTS:
        # it names faults, and how many communes each has
        faults = str(list_signal_lines((signal,), context.names)[0]["reason"])
        if len(faults) > LETTERS_PER_LINE:
            faults = f"{faults[: LETTERS_PER_LINE - 1]}…"
        return faults
    for named_count in (3, 2, 1):
        reason = str(
            list_signal_lines((_narrow_signal(signal, context, named_count),), context.names)[0][
                "reason"
            ]
        )
        line = reason + text.format_rest(len(signal.communes) - named_count, "đơn vị")
        if len(line) <= LETTERS_PER_LINE:
            break
    return line


def make_promises_scene(context: WallContext) -> Scene | None:
    """What offices promised the communes shown and did not do in time, and who owes it; left out
    where nothing is overdue.
    """
    follow_ups = [
        follow_up
        for follow_up in context.report.field.follow_ups
        if follow_up.commune_code in context.codes
    ]
    counts = count_follow_up_states(follow_ups)
    overdue = counts[FollowUpState.OVERDUE]
    if not overdue:
        return None
    waiting = {
        follow_up.commune_code
        for follow_up in follow_ups
        if follow_up.state is FollowUpState.OVERDUE
    }
    offices = [
        WallEntry(office, text.format_number(count))
        for office, count in list_owing_offices(follow_ups)
    ]
    return Scene(
        "viec-hua",
        f"Việc hứa quá hạn: {text.format_number(overdue)} việc, "
        f"{text.format_number(len(waiting))} đơn vị còn chờ",
        (
            _tell_new_overdue(context, follow_ups),
            *(
                WallFigure(STATE_WORDS[state], text.format_number(counts[state]))
                for state in FollowUpState
                if counts[state] and state not in _SAID_ELSEWHERE
            ),
        ),
        context.letters(context.report.readiness.assessment.overall[:, 0]),
        context.age(),
        "Cơ quan còn nợ",
        tuple(offices[:NAMED_ON_WALL]),
        max(0, len(offices) - NAMED_ON_WALL),
        _mark_communes(context, waiting),
    )


# The title counts those overdue; nobody waits for what was withdrawn.
_SAID_ELSEWHERE = (FollowUpState.OVERDUE, FollowUpState.WITHDRAWN)


def _tell_new_overdue(context: WallContext, follow_ups: Sequence[FollowUp]) -> WallFigure:
    day = direction.find_direction_day(context)
    count = sum(
        follow_up.state is FollowUpState.OVERDUE and follow_up.since > day
        for follow_up in follow_ups
    )
    label = f"quá hạn thêm, so với {text.format_day(day)}"
    return WallFigure(label, f"▲ {text.format_number(count)} việc" if count else "Không việc nào")


def make_way_to_green_scene(context: WallContext) -> Scene | None:
    """What all communes shown lack together; left out where nobody is known to lack anything."""
    report = context.report
    gaps = context.report.readiness.gaps
    lacks = gaps.lacks[:, context.inside]
    amount = np.nan_to_num(gaps.amount[:, context.inside])
    if not lacks.any():
        return None
    behind = text.format_number(lacks.any(axis=0).sum())
    waiting = len(set(report.readiness.reporting.codes) & set(context.codes))
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
        WallEntry(name, f"{text.format_number(communes)} đơn vị")
        for communes, name, *_ in sorted(lacks_of_criteria, key=lambda lack: -lack[0])
    ]
    lack_words = f": cần {needs}" if needs else " điều kiện"
    figures = _tell_green_with_direction(context)
    if waiting:
        figures.append(WallFigure("Chỉ chờ báo cáo", f"{text.format_number(waiting)} đơn vị"))
    figures += _forecast_figures(report.readiness.pace, context)
    return Scene(
        "duong-den-xanh",
        f"{behind} đơn vị còn thiếu{lack_words}",
        tuple(figures),
        context.letters(report.readiness.assessment.overall[:, 0]),
        context.age(),
        "Thiếu ở nhiều đơn vị nhất",
        tuple(entries[:NAMED_ON_WALL]),
        max(0, len(entries) - NAMED_ON_WALL),
        course=direction.trace_green_course(context, direction.OVERALL),
    )


def _tell_green_with_direction(context: WallContext) -> list[WallFigure]:
    level = context.report.readiness.assessment.overall[:, 0]
    figure = context.green(level, "đơn vị đạt mức Xanh")
    before = direction.read_levels_before(context, direction.OVERALL)
    if before is None:
        return [figure]
    green, green_before = (
        int((of_day == levels.GREEN).sum()) for of_day in (level[context.inside], before)
    )
    return [figure, direction.tell_count_direction(context, green, green_before)]


def _forecast_figures(pace: Pace, context: WallContext) -> list[WallFigure]:
    """Between which months all would be green by the pace of the last weeks; of a province only,
    and only where it says anything.
    """
    if not context.inside.all():
        return []
    if pace.says == "trend" and pace.expected is not None:
        earliest = _format_month(pace.earliest or pace.expected)
        latest = _format_month(pace.latest) if pace.latest else "chưa xác định"
        return [
            WallFigure("Xu hướng: 100% sớm nhất", earliest),
            WallFigure("muộn nhất", latest),
        ]
    words = {"no_trend": "chưa rõ", "too_short": "chưa đủ kỳ"}
    if pace.says not in words:
        return []
    return [WallFigure(FORECAST_LABEL, words[pace.says])]


def _format_month(day: date) -> str:
    return f"{day.month}/{day.year}"
