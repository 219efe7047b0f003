"""What a bulletin says: sentences by fixed rules from one report, each with its figure. What is not
known is said to be unknown, and nothing is compared with a day of which nobody told anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.report import KIND_OF_LISTS, Report
from dashboard.indicators.throughput import periods, rates
from dashboard.indicators.throughput.balance import count_undated
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.single_dossiers import DUE_HORIZONS
from dashboard.reference import FIRST_DAY
from dashboard.web import theme
from dashboard.web.words.dossiers import (
    format_dossier_share,
    name_dossier_source,
    tell_balance,
    tell_part_source,
    tell_period_comparison,
    tell_throughput_headline,
)
from dashboard.web.words.explain import HEADLINE_DIMENSIONS, NO_DATA
from dashboard.web.words.follow_ups import select_overdue, tell_evidence, tell_target
from dashboard.web.words.headline import (
    is_anything_reported,
    list_throughput_figures,
    tell_coverage,
    tell_green_backing,
    tell_reach,
)
from dashboard.web.words.movement import describe_movement
from dashboard.web.words.need import NOBODY_IN_NEED, list_most_in_need
from dashboard.web.words.period_names import format_period_ends
from dashboard.web.words.signals import list_signal_lines, tell_signal_age

PROMISES_NAMED: Final = 5  # as many as leave the second page to the rest
NO_DECISIONS: Final = "Không có nội dung cần chỉ đạo."


@dataclass(frozen=True)
class Edition:
    """One kind of bulletin. `code` names it in addresses and files."""

    code: str
    title: str
    word: str

    def find_compared_day(self, day: date) -> date:
        """The day with which readiness is compared: the eve, a week ago, a month ago."""
        if self.code == "month":
            month_before = periods.find_month_of(day.replace(day=1) - timedelta(days=1))
            return min(month_before.first + timedelta(days=day.day - 1), month_before.last)
        return day - timedelta(days=7 if self.code == "week" else 1)

    def find_period(self, day: date, newest: Period | None) -> Period | None:
        """The days of its dossiers: of a week or month those up to the newest told; of a day's
        bulletin the newest period that a source told.
        """
        if self.code == "day" or newest is None:
            return None
        of_grain = periods.find_week_of if self.code == "week" else periods.find_month_of
        period = of_grain(day)
        return periods.cut_period_at(period, min(max(newest.last, period.first), day))

    def tell_days(self, day: date) -> str:
        """`ngày 22/11/2026`, `tuần 16/11–22/11/2026`, `tháng 11/2026, đến ngày 22/11/2026`."""
        if self.code == "week":
            return f"tuần {format_period_ends(Period(periods.find_week_of(day).first, day))}"
        if self.code == "month":
            return f"tháng {day.month}/{day.year}, đến ngày {text.format_day(day)}"
        return f"ngày {text.format_day(day)}"


EDITIONS: Final = {
    edition.code: edition
    for edition in (
        Edition("day", "Bản tin ngày", "ngày"),
        Edition("week", "Bản tin tuần", "tuần"),
        Edition("month", "Bản tin tháng", "tháng"),
    )
}


@dataclass(frozen=True)
class BulletinLine:
    """One sentence; `level` is the code of the state whose sign stands before it, or ""."""

    words: str
    level: str = ""
    note: str = ""


@dataclass(frozen=True)
class BulletinSection:
    """A heading and its sentences; `empty` is said where there is none."""

    code: str
    title: str
    lines: tuple[BulletinLine, ...]
    empty: str = ""


@dataclass(frozen=True)
class Bulletin:
    """All that an edition says of a province on a day."""

    title: str
    subtitle: str
    notice: str
    sections: tuple[BulletinSection, ...]
    footer: str


def list_bulletin_sections(
    report: Report, edition: Edition, kind_words: dict[str, str]
) -> tuple[BulletinSection, ...]:
    """The parts in their order."""
    before = edition.find_compared_day(report.today)
    return (
        BulletinSection("overview", "Tình hình chung", tuple(_tell_overview(report, before))),
        _list_decisions(report),
        _list_most_in_need(report),
        BulletinSection("dossiers", "Hồ sơ", tuple(_tell_dossiers(report, kind_words))),
        _list_overdue_promises(report),
        BulletinSection(
            "sources",
            "Nguồn số liệu và thời điểm cập nhật",
            tuple(_tell_sources(report, kind_words)),
            f"{text.upper_first_letter(NO_DATA)}: chưa nạp tệp nào của tỉnh.",
        ),
    )


# Readiness.


def _tell_overview(report: Report, before: date) -> list[BulletinLine]:
    counts = levels.count_levels(report.readiness.assessment.overall)
    total = len(report.codes)
    all_units = f"{text.format_number(total)} đơn vị cấp xã"
    if counts["unknown"] == total:
        return [BulletinLine(f"Mức độ sẵn sàng: {NO_DATA} của {all_units}.")]
    if counts["unknown"] + counts["stale"] == total:
        silence = tell_coverage(counts)
        return [BulletinLine(f"Mức độ sẵn sàng: số liệu của {all_units} đã cũ ({silence}).")]
    green = text.format_part(counts["green"], total)
    share = text.format_percent(counts["green"] / total)
    change = tell_green_change(report, before)
    lines = [BulletinLine(f"{green} đơn vị cấp xã ({share}) đạt mức Xanh, {change}.")]
    rest = [
        f"{theme.LEVELS[code].sign} {theme.LEVELS[code].word} {text.format_number(counts[code])}"
        for code in theme.LEVELS
        if code != "green" and counts[code]
    ]
    if rest:
        lines.append(BulletinLine(f"Các đơn vị còn lại: {', '.join(rest)}."))
    if backing := tell_green_backing(report):
        lines.append(BulletinLine(f"{backing}."))
    lines.append(BulletinLine(_tell_dimensions(report)))
    movement = describe_movement(report, before)
    lines += [BulletinLine(f"{group['title']}: {group['names']}.") for group in movement["groups"]]
    if not movement["groups"]:
        words = text.upper_first_letter(movement["empty"])
        if "đổi mức" in words and before >= FIRST_DAY:
            words += f" so với ngày {text.format_day(before)}"
        lines.append(BulletinLine(f"{words}."))
    return lines


def tell_green_change(report: Report, before: date) -> str:
    """`tăng 2 so với ngày 15/11/2026`: how many green communes more or fewer than on that day."""
    changes = report.readiness.changes_since(before)
    since = f"so với ngày {text.format_day(before)}"
    if before < FIRST_DAY or (changes.overall_before >= levels.STALE).all():
        return f"chưa đủ kỳ để {since}"
    green_now, green_before = (
        int((level == levels.GREEN).sum())
        for level in (changes.overall_now, changes.overall_before)
    )
    difference = green_now - green_before
    if not difference:
        return f"không đổi {since}"
    word = "tăng" if difference > 0 else "giảm"
    return f"{word} {text.format_number(abs(difference))} đơn vị {since}"


def _tell_dimensions(report: Report) -> str:
    """`Đạt mức Xanh theo nhóm điều kiện: mạng 70/96, chữ ký số 61/96, …`."""
    parts = []
    total = len(report.codes)
    for code, name in HEADLINE_DIMENSIONS.items():
        if code not in report.readiness.assessment.dimensions:
            continue
        counts = levels.count_levels(report.readiness.assessment.dimensions[code])
        is_known = counts["unknown"] + counts["stale"] < total
        figure = text.format_part(counts["green"], total) if is_known else "chưa có số liệu còn hạn"
        parts.append(f"{text.lower_first_letter(name)} {figure}")
    return f"Đạt mức Xanh theo nhóm điều kiện: {', '.join(parts)}."


def _list_decisions(report: Report) -> BulletinSection:
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    lines = [
        BulletinLine(line["title"], note=f"{line['reason']}; {_tell_age(report, line['since'])}.")
        for line in list_signal_lines(report.signals, names)
    ]
    empty = NO_DECISIONS if is_anything_reported(report) else f"{NO_DATA.capitalize()}."
    return BulletinSection("decisions", "Nội dung cần chỉ đạo", tuple(lines), empty)


def _tell_age(report: Report, since: str) -> str:
    return tell_signal_age(since, report.today)


def _list_most_in_need(report: Report) -> BulletinSection:
    names = report.communes["name"].tolist()
    lines = []
    for entry in list_most_in_need(report):
        level = levels.LEVEL_NAMES[report.readiness.assessment.overall[entry["commune"], 0]]
        words = "; ".join(filter(None, [entry["reason"], entry["since"]]))
        lines.append(BulletinLine(names[entry["commune"]], level, f"{words}."))
    count = f"{text.format_number(len(lines))} đơn vị" if lines else "Đơn vị"
    empty = NOBODY_IN_NEED if is_anything_reported(report) else f"{NO_DATA.capitalize()}."
    return BulletinSection("need", f"{count} cần hỗ trợ nhất", tuple(lines), empty)


# Dossiers.


def _tell_dossiers(report: Report, kind_words: dict[str, str]) -> list[BulletinLine]:
    dossiers = report.dossiers.of_period
    figures = dossiers.period_figures
    period = report.snapshot.period
    if figures is None or period is None:
        return [BulletinLine(f"Hồ sơ: {NO_DATA} của kỳ này.")]
    totals = figures.totals()
    lines = [BulletinLine(f"{tell_throughput_headline(dossiers, period, '')}.")]
    lines.append(BulletinLine(_tell_on_time_verdict(report)))
    if by_level := _tell_on_time_levels(report):
        lines.append(BulletinLine(by_level))
    undated = count_undated(report.dossiers.balance)
    if balance := tell_balance(totals["resolved"] - totals[NEW], undated):
        resolved = text.format_number(totals["resolved"])
        lines.append(BulletinLine(f"Cấp xã đã giải quyết {resolved} hồ sơ, {balance}."))
    overdue = list_throughput_figures(dossiers, report.today, report.today)[-1]
    note = f" ({overdue['note']})" if overdue["note"] else ""
    lines.append(BulletinLine(f"Đang quá hạn: {overdue['value']}{note}."))
    if at_risk := _tell_at_risk(report, kind_words):
        lines.append(BulletinLine(at_risk))
    source = name_dossier_source(figures, kind_words.get(figures.source_kind, figures.source_kind))
    told = text.format_part(dossiers.communes_told, len(dossiers.codes))
    reach = tell_reach(figures, report.today, report.today)
    partial = "" if figures.complete else "; chưa đủ kỳ"
    lines.append(BulletinLine(f"Nguồn: {source}; {told} đơn vị; {reach}{partial}."))
    return lines


def _tell_on_time_verdict(report: Report) -> str:
    """The share in time of the communes with its two counts, and what it gained."""
    dossiers = report.dossiers.of_period
    rate = dossiers.total("on_time_766")
    share = format_dossier_share(rate.numerator, rate.denominator, rate.state)
    words = f"Cấp xã đúng hạn theo Bộ chỉ số 766: {share}"
    if rate.state != rates.KNOWN:
        return f"{words}."
    gain = dossiers.gain("on_time_766")
    comparison = tell_period_comparison(dossiers)
    if np.isnan(gain):
        return f"{words}; {comparison or 'chưa đủ kỳ để so với kỳ trước'}."
    points = text.format_number(abs(gain) * 100, 1)
    if not any(digit in "123456789" for digit in points):
        return f"{words}, không đổi {comparison}."
    return f"{words}, {'tăng' if gain > 0 else 'giảm'} {points} điểm phần trăm {comparison}."


def _tell_on_time_levels(report: Report) -> str:
    """How many communes are in time by the rule in force; "" where none has a level."""
    dossiers = report.dossiers.of_period
    counts = levels.count_levels(dossiers.on_time_levels)
    ranked = {code: counts[code] for code in ("green", "yellow", "red")}
    if not sum(ranked.values()):
        return ""
    rule = dossiers.rule
    words = ", ".join(
        f"{theme.LEVELS[code].sign} {theme.LEVELS[code].word} {text.format_number(count)}"
        for code, count in ranked.items()
    )
    unranked = len(dossiers.codes) - sum(ranked.values())
    rest = ""
    if unranked:
        count = text.format_number(unranked)
        rest = f"; {count} đơn vị không xếp mức (ít hồ sơ hoặc chưa đủ số liệu)"
    green_from, red_below = (
        text.format_percent(share, 0) for share in (rule.on_time_green_from, rule.on_time_red_below)
    )
    return f"Mức đúng hạn của đơn vị (Xanh từ {green_from}, Đỏ dưới {red_below}): {words}{rest}."


def _tell_at_risk(report: Report, kind_words: dict[str, str]) -> str:
    at_risk = report.dossiers.at_risk
    told = int(at_risk["open"].notna().sum())
    if not told:
        return ""
    days = DUE_HORIZONS[-1]
    near = text.format_number(at_risk[f"due_within_{days}"].sum())
    source = tell_part_source(
        [kind_words.get(KIND_OF_LISTS, KIND_OF_LISTS)], told, len(report.codes), None
    )
    since = text.format_day(report.dossiers.list_day)
    return f"Sắp đến hạn trong {days} ngày làm việc tính từ {since}: {near} hồ sơ ({source})."


# Promises.


def _list_overdue_promises(report: Report) -> BulletinSection:
    title = "Việc đã hứa quá hạn"
    overdue = select_overdue(report.field.follow_ups)
    told = text.format_number(len(report.field.follow_ups))
    if not report.field.follow_ups:
        return BulletinSection("promises", title, (), "Chưa ghi nhận việc hứa nào.")
    if not overdue:
        return BulletinSection(
            "promises", title, (), f"Không việc nào quá hạn trong {told} việc đã hứa."
        )
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    count = text.format_part(len(overdue), len(report.field.follow_ups))
    lines = [
        BulletinLine(
            f"{names[follow_up.commune_code]}: {text.lower_first_letter(follow_up.what)}",
            note=f"{follow_up.owner}, hạn {text.format_day(follow_up.due_on)}, quá hạn "
            f"{text.format_number((report.today - follow_up.due_on).days)} ngày; mục tiêu: "
            f"{text.lower_first_letter(tell_target(follow_up))}; {tell_evidence(follow_up)}.",
        )
        for follow_up in overdue[:PROMISES_NAMED]
    ]
    is_part = len(overdue) > PROMISES_NAMED
    named = f"; {text.format_number(PROMISES_NAMED)} việc quá hạn lâu nhất" if is_part else ""
    first = BulletinLine(f"{count} việc đã hứa quá hạn{named}:")
    return BulletinSection("promises", title, (first, *lines))


# Whose figures, and how old.


def _tell_sources(report: Report, kind_words: dict[str, str]) -> list[BulletinLine]:
    """Per kind of source its newest day until the report's, and of how many communes it told."""
    told = report.snapshot.reporting_days
    told = told[told["as_of"] <= pd.Timestamp(report.today)]
    if told.empty:
        return []
    lines = []
    for kind, days in told.groupby("kind"):
        newest = days["as_of"].max().date()
        units = int(
            days["commune_code"].isin(report.codes).groupby(days["commune_code"]).any().sum()
        )
        name = kind_words.get(str(kind), str(kind))
        age = text.format_age((report.today - newest).days)
        part = text.format_part(units, len(report.codes))
        lines.append(BulletinLine(f"{name}: đến {text.format_day(newest)}, {age}; {part} đơn vị."))
    criteria = [judged.criterion for judged in report.readiness.assessment.assessments]
    owners = "; ".join(dict.fromkeys(criterion.owner for criterion in criteria))
    if criteria:
        since = max(criterion.valid_from for criterion in criteria)
        lines.append(
            BulletinLine(f"Tiêu chí và ngưỡng: {owners}; hiệu lực từ {text.format_day(since)}.")
        )
    return lines
