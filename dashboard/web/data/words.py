"""Việc của văn phòng: what the state of the data asks of the office, most pressing first, each with
where it stands.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.web.data import contradictions
from dashboard.web.words import coverage
from dashboard.web.words.dossiers import (
    CHANNEL_WORDS,
    COUNT_WORDS,
    GRAIN_WORDS,
    name_dossier_source,
)
from dashboard.web.words.explain import NO_DATA
from dashboard.web.words.headline import tell_reach
from dashboard.web.words.period_names import name_period

# What sources say against each other: which one answers for the dossiers, how much the others
# differ, what was corrected, and rows that found no commune.

_COUNT_COLUMNS: Final = {
    **{code: f"tiếp nhận {text.lower_first_letter(word)}" for code, word in CHANNEL_WORDS.items()},
    **{code: text.lower_first_letter(word) for code, word in COUNT_WORDS.items()},
    "resolved_early": "giải quyết trước hạn",
    "resolved_on_time": "giải quyết đúng hạn",
    "resolved_late": "giải quyết quá hạn",
    "digitised": "số hóa khi tiếp nhận",
    "on_time_766": "đúng hạn theo Bộ chỉ số 766",
    "no_due_day": "không có ngày hẹn trả",
    "no_finish_day": "đã giải quyết, không có ngày trả",
}
# Why a row found no commune (quality.UNMATCHED_REASONS), and what to do about it.
_UNMATCHED_REASONS: Final = {
    "not_listed": (
        "tên không có trong danh mục",
        "Sửa tên đơn vị theo danh mục của tỉnh rồi nạp lại tệp",
    ),
    "former_name": ("tên đơn vị trước sắp xếp", "Ghi tên xã, phường hiện nay rồi nạp lại tệp"),
    "contradictory": ("mã và tên mâu thuẫn", "Kiểm tra mã hay tên, cái nào đúng, rồi nạp lại tệp"),
    "unnamed": ("dòng có số liệu nhưng không ghi đơn vị", "Ghi tên hoặc mã đơn vị rồi nạp lại tệp"),
    "foreign_code": ("mã không thuộc tỉnh này", "Kiểm tra mã đơn vị, hoặc gửi tệp cho đúng tỉnh"),
}


@dataclass(frozen=True)
class AlternativeSource:
    """Another complete source of the same period: its words, its communes, what it received, and
    how much more or less that is over the communes that both tell of; `differs` where it is not the
    same."""

    name: str
    communes: int
    received: float
    common: int
    difference: str
    differs: bool


def tell_period_source(report: Report, kind_words: Mapping[str, str]) -> str:
    """Who answers for the dossiers of the period, in a sentence; "" where nobody told any."""
    period_figures = report.dossiers.of_period.period_figures
    if period_figures is None:
        return ""
    received = period_figures.sums["received"]
    communes_reporting = text.format_share(int(received.notna().sum()), of=len(report.codes))
    received_words = text.format_number(received.sum(min_count=1))
    kind_word = kind_words.get(period_figures.source_kind, period_figures.source_kind)
    return (
        f"Hồ sơ {name_period(period_figures.period)} lấy từ nguồn "
        f"{name_dossier_source(period_figures, kind_word)}, "
        f"{tell_reach(period_figures, report.today, report.today)}: "
        f"{received_words} hồ sơ tiếp nhận của {communes_reporting} đơn vị."
    )


def list_alternative_sources(
    report: Report, kind_words: Mapping[str, str]
) -> list[AlternativeSource]:
    """The other sources of that period, as they differ."""
    period_figures = report.dossiers.of_period.period_figures
    if period_figures is None:
        return []
    return [
        _alternative_source(record, kind_words)
        for record in period_figures.alternative_sources.to_dict("records")
    ]


def _alternative_source(
    record: Mapping[str, Any], kind_words: Mapping[str, str]
) -> AlternativeSource:
    source_kind = str(record["kind"])
    difference = float(record["difference"])
    derived = ", tính từ số lũy kế" if record["derived"] else ""
    return AlternativeSource(
        f"{kind_words.get(source_kind, source_kind)}, {GRAIN_WORDS[str(record['grain'])]}{derived}",
        int(record["units"]),  # type: ignore[call-overload]
        float(record["received"]),  # type: ignore[arg-type]
        int(record["common"]),  # type: ignore[call-overload]
        _difference_words(difference),
        bool(difference) and not math.isnan(difference),
    )


def _difference_words(value: float) -> str:
    if math.isnan(value):
        return NO_DATA
    if value == 0:
        return "khớp"
    return f"{'nhiều hơn' if value > 0 else 'ít hơn'} {text.format_number(abs(value))} hồ sơ"


@dataclass(frozen=True)
class CumulativeCorrection:
    """A cumulative figure that is lower than the one before it: what happened in between is not
    known.
    """

    code: str
    name: str
    kind: str
    column: str
    day: date
    before: float
    after: float


def list_cumulative_corrections(
    report: Report, kind_words: Mapping[str, str]
) -> list[CumulativeCorrection]:
    """Cumulative figures that fell, told until the day of the report, newest first."""
    corrections = report.snapshot.province_data.counts.until(report.today).corrections
    if corrections.empty:
        return []
    names = report.communes["name"]
    return [
        CumulativeCorrection(
            str(record["unit"]),
            str(names[record["unit"]]),
            kind_words.get(record["kind"], record["kind"]),
            _COUNT_COLUMNS.get(record["column"], record["column"]),
            record["day"].date(),
            float(record["before"]),
            float(record["after"]),
        )
        for record in corrections.sort_values(
            ["day", "unit", "column"], ascending=[False, True, True]
        ).to_dict("records")
    ]


@dataclass(frozen=True)
class UnmatchedRows:
    """Rows of one file that found no commune for one reason."""

    batch: int
    file: str
    rows: int
    why: str
    todo: str


def explain_unmatched_rows(frame: pd.DataFrame) -> list[UnmatchedRows]:
    """`frame`: rows of quality.count_unmatched_rows; newest file first, then the most rows."""
    ordered = frame.sort_values(["batch", "rows"], ascending=False)
    return [
        UnmatchedRows(
            int(record["batch"]),
            str(record["file_name"]),
            int(record["rows"]),
            *_UNMATCHED_REASONS[record["why"]],
        )
        for record in ordered.to_dict("records")
    ]


@dataclass(frozen=True)
class OfficeTask:
    """One line: the look of a level (red: somebody acts; yellow: look at it; unknown: never told),
    its word, what is to do, and the section of the page where it stands."""

    level: str
    word: str
    words: str
    section: str


def list_office_tasks(
    report: Report,
    kind_words: Mapping[str, str],
    unmatched: Sequence[UnmatchedRows],
    refused: int,
    warned: int,
) -> list[OfficeTask]:
    """The office's list of the day. `refused`, `warned`: rows of the files in use that were not
    taken, and that were taken and want a look; `unmatched` are among the refused ones."""
    lost = sum(entry.rows for entry in unmatched)
    others = refused - lost
    candidates = [
        _office_task(
            lost,
            "red",
            "Sửa tệp",
            "{} dòng không khớp đơn vị nào, nên không được tính",
            "unmatched",
        ),
        _office_task(others, "red", "Sửa tệp", "{} chỗ trong tệp không nhận được", "problems"),
        *_silence_tasks(report, kind_words),
        *_contradiction_tasks(report, kind_words),
        _office_task(
            warned, "yellow", "Xem lại", "{} chỗ trong tệp đã nhận nhưng cần xem", "problems"
        ),
        _unreported_task(report, kind_words),
    ]
    order = (("red", "silent"), ("yellow", "late"), ("never", "unknown"))
    return sorted(
        (task for task in candidates if task),
        key=lambda task: next(at for at, looks in enumerate(order) if task.level in looks),
    )


def _office_task(count: int, level: str, word: str, words: str, section: str) -> OfficeTask | None:
    return (
        OfficeTask(level, word, words.format(text.format_number(count)), section) if count else None
    )


def _silence_tasks(report: Report, kind_words: Mapping[str, str]) -> list[OfficeTask | None]:
    source_freshness = report.sources.freshness
    size = len(report.codes)
    states = (
        ("silent", "silent", "Đôn đốc", "đơn vị không báo cáo quá 3 kỳ"),
        ("late", "late", "Nhắc báo cáo", "đơn vị chậm báo cáo"),
        ("never", "never", "Đề nghị báo cáo", "đơn vị chưa từng có số liệu"),
    )
    tasks: list[OfficeTask | None] = []
    for column, level, word, words in states:
        for source_kind in coverage.list_reporting_kinds(source_freshness):
            line = source_freshness.per_kind.loc[source_kind]
            if not math.isnan(line["expected_every_days"]):
                kind_word = kind_words.get(source_kind, source_kind)
                sentence = f"{{}}/{text.format_number(size)} {words}: {kind_word}"
                tasks.append(_office_task(int(line[column]), level, word, sentence, "silence"))
    return tasks


def _contradiction_tasks(report: Report, kind_words: Mapping[str, str]) -> list[OfficeTask | None]:
    entries = contradictions.list_contradictions(report)
    communes = text.format_number(len({entry.code for entry in entries}))
    differing_sources = sum(entry.differs for entry in list_alternative_sources(report, kind_words))
    corrections = len(list_cumulative_corrections(report, kind_words))
    return [
        _office_task(
            len(entries),
            "red",
            "Phúc tra",
            f"{{}} tiêu chí tại {communes} đơn vị: tự kê khai khác kết quả kiểm tra",
            "contradictions",
        ),
        _office_task(
            len(contradictions.list_declared_jumps(report)),
            "yellow",
            "Đề nghị xác minh",
            "{} số kê khai biến động bất thường",
            "jumps",
        ),
        _office_task(
            len(contradictions.list_crowded_days(report)),
            "yellow",
            "Đề nghị xác minh",
            "{} ngày nhiều hồ sơ bất thường",
            "crowded",
        ),
        _office_task(
            differing_sources,
            "yellow",
            "Đối chiếu",
            "{} nguồn nói khác nhau về cùng một kỳ hồ sơ",
            "differences",
        ),
        _office_task(
            corrections, "yellow", "Đối chiếu", "{} số lũy kế giảm so với lần trước", "differences"
        ),
    ]


def _unreported_task(report: Report, kind_words: Mapping[str, str]) -> OfficeTask | None:
    names = coverage.name_unreported_kinds(report.sources.freshness, kind_words)
    return _office_task(
        len(names),
        "never",
        "Đề nghị gửi",
        f"{{}} loại nguồn chưa từng có: {', '.join(names)}",
        "sources",
    )
