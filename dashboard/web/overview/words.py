"""The lines beside the map: what needs a decision, who is most in need, what changed, which fix
turns most green.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.field.weak_list import WeakList
from dashboard.indicators.freshness.freshness import DAYS_OF_WEEK
from dashboard.indicators.report import Report
from dashboard.provinces import LoadedProvince
from dashboard.web.documents.data_sources import READINESS_SOURCE, tell_dossier_sources
from dashboard.web.words.bottlenecks import (
    describe_fix_kinds,
    describe_fix_pairs,
    describe_single_fixes,
    tell_reports_awaited,
)
from dashboard.web.words.explain import NO_DATA
from dashboard.web.words.headline import NOTHING_CURRENT, is_anything_reported
from dashboard.web.words.need import NOBODY_IN_NEED, list_most_in_need
from dashboard.web.words.signals import list_signal_lines, tell_signal_age

# Its word in the address of `/`, beside the codes of decisions.
WEAK_LIST_CODE = "weak_list"
NO_DECISIONS = "Không có nội dung cần chỉ đạo."
NOTHING_REPORTED = (
    f"{NO_DATA.capitalize()}. Trang tự hiện số liệu ngay khi tệp đầu tiên của tỉnh được nạp: "
    "biểu kê khai điều kiện, báo cáo hoặc danh sách hồ sơ, chứng thư số, kết quả kiểm tra."
)


def list_decisions(report: Report) -> dict[str, Any]:
    """`lines` (at most six: code, title, reason, since, and the places of its communes in `codes`,
    worst first), and `empty`, what is said where there is none."""
    positions = {code: position for position, code in enumerate(report.codes)}
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    lines = [
        {
            **{name: line[name] for name in ("code", "title", "reason")},
            "since": tell_signal_age(line["since"], report.today),
            "communes": [positions[code] for code in line["communes"]],
        }
        for line in list_signal_lines(report.signals, names)
    ]
    return {
        "lines": lines,
        "empty": NO_DECISIONS if is_anything_reported(report) else NOTHING_REPORTED,
    }


def describe_weak_list(report: Report, weak_list: WeakList) -> dict[str, Any] | None:
    """The list of weak communes as a line that map and table can be narrowed to, as by a decision;
    None where nobody is on it.
    """
    listed = {span.position for span in weak_list.listed}
    if not listed:
        return None
    return {
        "code": WEAK_LIST_CODE,
        "title": f"{text.format_number(len(listed))} đơn vị trong danh sách yếu",
        "reason": "",
        "since": "",
        "communes": [place for place in report.readiness.visit_priority.order if place in listed],
    }


def describe_need(report: Report) -> dict[str, Any]:
    """`order`: the places of all communes, most in need first; `top`: the first few, with why and
    since when; `empty`: what is said where there is none.
    """
    top = [
        {**line, "reason": text.keep_signs_with_words(line["reason"])}
        for line in list_most_in_need(report)
    ]
    calm = NOBODY_IN_NEED if is_anything_reported(report) else f"{NO_DATA.capitalize()}."
    return {
        "order": list(report.readiness.visit_priority.order),
        "top": top,
        "empty": "" if top else calm,
    }


def tell_main_bottleneck(report: Report) -> str:
    """The fix that turns most communes green, and the best two together, in one line."""
    counts = levels.count_levels(report.readiness.assessment.overall)
    if counts["unknown"] + counts["stale"] == len(report.codes):
        return NOTHING_CURRENT if counts["stale"] else NO_DATA
    if counts["green"] == len(report.codes):
        return "mọi đơn vị đã đạt mức Xanh"
    best = describe_single_fixes(report)[:1] + describe_fix_pairs(report)[:1]
    # where criteria fail together no one of them moves anybody
    bottlenecks = best or describe_fix_kinds(report)[:1]
    if not bottlenecks:
        return (
            tell_reports_awaited(report).rstrip(".")
            or "không nội dung nào riêng lẻ làm tăng số đơn vị đạt mức Xanh"
        )
    return "; ".join(text.lower_first_letter(bottleneck.sentence) for bottleneck in bottlenecks)


CURVE_DAYS = 60  # one pixel a day in the headline's small curve


def describe_green_trend(counts: pd.DataFrame) -> dict[str, Any]:
    """`change`: `▲ 2 từ 15/11/2026`, green communes against a week ago; `curve`: their count on the
    last days, null where nobody had anything in force. `counts`: a row a day, a column a level.
    """
    has_levels = counts[["green", "yellow", "red"]].sum(axis=1) > 0
    green = counts["green"].where(has_levels)
    last_days = green.iloc[-CURVE_DAYS:]
    return {
        "change": _tell_green_change(green),
        "curve": [None if np.isnan(count) else int(count) for count in last_days],
    }


def _tell_green_change(green: pd.Series) -> str:
    if green.empty or np.isnan(green.iloc[-1]):
        return ""
    if len(green) <= DAYS_OF_WEEK or np.isnan(green.iloc[-1 - DAYS_OF_WEEK]):
        return "chưa đủ kỳ để so với tuần trước"
    change = int(green.iloc[-1] - green.iloc[-1 - DAYS_OF_WEEK])
    since = f"từ {text.format_day(green.index[-1 - DAYS_OF_WEEK])}"
    if not change:
        return f"không đổi {since}"
    return text.keep_signs_with_words(f"{text.format_change(change)} {since}")


def tell_under_card(
    name: str,
    figures: Mapping[str, Mapping[str, str]],
    beside: Mapping[str, str],
    green_change: str,
) -> str:
    """The line under the name of a headline card: its share, what it rests on, and for the green
    ones the change since a week ago; under on-time how many are overdue.
    """
    figure = figures[name]
    parts = [figure["share"], beside.get(name, "")]
    if name == "green":
        parts.append(green_change)
    if name == "on_time":
        overdue = figures["overdue"]
        is_known = any(character.isdigit() for character in overdue["value"])
        told_overdue = f"{overdue['label']}: {overdue['value']}" if is_known else ""
        parts = [beside.get(name, ""), told_overdue]
    return " · ".join(filter(None, parts))


def tell_card_source(report: Report, name: str, today: date) -> str:
    """Who told a headline figure: behind the card's question mark."""
    if name == "on_time":
        return tell_dossier_sources(report, today)
    return READINESS_SOURCE if is_anything_reported(report) else ""


_MOST_FILES: Final = 2


def tell_card_files(report: Report, name: str, loaded: LoadedProvince) -> str:
    """The newest files that told of a headline figure: `kekhai.xlsx (đợt 12, 30/11/2026); cùng 3
    tệp trước đó`. "" of a figure without a card.
    """
    sources = loaded.sources
    day_after = pd.Timestamp(report.today + timedelta(days=1))
    files = sources[sources["id"].isin(_list_batches(report, name, loaded))]
    files = files[files["as_of"] < day_after].sort_values(["as_of", "id"], ascending=False)
    told = [
        f"{source.file_name} (đợt {source.id}, {text.format_day(source.as_of.date())})"
        for source in files.head(_MOST_FILES).itertuples()
    ]
    rest = len(files) - len(told)
    if rest:
        told.append(f"cùng {text.format_number(rest)} tệp trước đó")
    return "; ".join(told)


def _list_batches(report: Report, name: str, loaded: LoadedProvince) -> Iterable[int]:
    """The batches that told of a card's figure, of any day."""
    if name == "on_time":
        figures = report.dossiers.of_period.period_figures
        told = set(loaded.counts.days["batch_id"])
        kinds = loaded.sources.set_index("id")["kind"]
        return [] if figures is None else told & set(kinds.index[kinds == figures.source_kind])
    measures = {
        measure
        for judged in report.readiness.assessment.assessments
        if name in ("green", judged.criterion.dimension)
        for measure in judged.criterion.measures
    }
    return [batch for batch, told in loaded.measures_told.items() if told & measures]


def tell_as_of_line(data_as_of: str, figures: Mapping[str, Mapping[str, str]]) -> str:
    """How old the headline is, and who is not in it."""
    silent = figures["silent"]
    silent_words = f"{silent['value']} đơn vị chưa báo cáo, {silent['note']}"
    return f"{data_as_of or NO_DATA} · {silent_words}"
