"""What sources say against each other: which one answers for the dossiers, how much the others differ, what was
corrected, and rows that found no commune."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.views.dossier_words import CHANNELS, COUNTS, GRAINS, named, source
from dashboard.views.explain import NO_DATA
from dashboard.views.headline import reach

_COLUMNS: Final = {
    **{code: f"tiếp nhận {word[:1].lower()}{word[1:]}" for code, word in CHANNELS.items()},
    **{code: word[:1].lower() + word[1:] for code, word in COUNTS.items()},
    "resolved_early": "giải quyết trước hạn",
    "resolved_on_time": "giải quyết đúng hạn",
    "resolved_late": "giải quyết quá hạn",
    "digitised": "số hóa",
    "on_time_766": "đúng hạn (chỉ số 766)",
}
# Why a row found no commune (indicators.coverage.UNMATCHED), and what to do about it.
_WHY: Final = {
    "not_listed": ("tên không có trong danh mục", "Sửa tên xã theo danh mục của tỉnh rồi nạp lại tệp"),
    "former_name": ("tên đơn vị trước sắp xếp", "Ghi tên xã, phường hiện nay rồi nạp lại tệp"),
    "contradictory": ("mã và tên mâu thuẫn", "Kiểm tra mã hay tên, cái nào đúng, rồi nạp lại tệp"),
    "unnamed": ("dòng có số liệu nhưng không ghi xã", "Ghi tên hoặc mã xã rồi nạp lại tệp"),
    "foreign_code": ("mã không thuộc tỉnh này", "Kiểm tra mã xã, hoặc gửi tệp cho đúng tỉnh"),
}


@dataclass(frozen=True)
class Rival:
    """Another complete source of the same period: its words, its communes, what it received, and how much more or
    less that is over the communes that both tell of; `differs` where it is not the same."""

    name: str
    communes: str
    received: str
    common: str
    difference: str
    differs: bool


def answering(report: Report, kinds: Mapping[str, str]) -> str:
    """Who answers for the dossiers of the period, in a sentence; "" where nobody told any."""
    found = report.dossiers.answer
    if found is None:
        return ""
    received = found.sums["received"]
    told = text.share(int(received.notna().sum()), of=len(report.codes))
    return (
        f"Hồ sơ {named(found.period)} lấy từ nguồn {source(found, kinds.get(found.kind, found.kind))}, "
        f"{reach(found, report.today)}: {text.number(received.sum(min_count=1))} hồ sơ tiếp nhận của {told} xã."
    )


def rivals(report: Report, kinds: Mapping[str, str]) -> list[Rival]:
    """The other sources of that period, as they differ."""
    found = report.dossiers.answer
    return [] if found is None else [_rival(one, kinds) for one in found.rivals.to_dict("records")]


def _rival(one: Mapping[str, object], kinds: Mapping[str, str]) -> Rival:
    kind, difference = str(one["kind"]), float(one["difference"])  # type: ignore[arg-type]
    derived = ", tính từ số luỹ kế" if one["derived"] else ""
    return Rival(
        f"{kinds.get(kind, kind)}, {GRAINS[str(one['grain'])]}{derived}",
        text.number(int(one["units"])),  # type: ignore[call-overload]
        text.number(float(one["received"])),  # type: ignore[arg-type]
        text.number(int(one["common"])),  # type: ignore[call-overload]
        _difference(difference),
        bool(difference) and not math.isnan(difference),
    )


def _difference(value: float) -> str:
    if math.isnan(value):
        return NO_DATA
    if value == 0:
        return "khớp"
    return f"{'nhiều hơn' if value > 0 else 'ít hơn'} {text.number(abs(value))} hồ sơ"


@dataclass(frozen=True)
class Correction:
    """A cumulative figure that is lower than the one before it: what happened in between is not known."""

    code: str
    name: str
    kind: str
    column: str
    day: date
    before: str
    after: str


def corrections(report: Report, kinds: Mapping[str, str]) -> list[Correction]:
    """Cumulative figures that fell, told until the day of the report, newest first."""
    found = report.snapshot.known.counts.until(report.today).corrections
    if found.empty:
        return []
    names = report.communes["name"]
    return [
        Correction(
            str(one["unit"]),
            str(names[one["unit"]]),
            kinds.get(one["kind"], one["kind"]),
            _COLUMNS.get(one["column"], one["column"]),
            one["day"].date(),
            text.number(one["before"]),
            text.number(one["after"]),
        )
        for one in found.sort_values(["day", "unit", "column"], ascending=[False, True, True]).to_dict("records")
    ]


@dataclass(frozen=True)
class Unmatched:
    """Rows of one file that found no commune for one reason."""

    batch: int
    file: str
    rows: int
    why: str
    todo: str


def unmatched(found: pd.DataFrame) -> list[Unmatched]:
    """`found`: rows of indicators.coverage.unmatched; newest file first, then the most rows."""
    ordered = found.sort_values(["batch", "rows"], ascending=False)
    return [
        Unmatched(int(one["batch"]), str(one["file_name"]), int(one["rows"]), *_WHY[one["why"]])
        for one in ordered.to_dict("records")
    ]
