"""Promises in words: what is owed, by which office, and what shows that it was done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from dashboard import text
from dashboard.indicators.field.follow_ups import (
    Evidence,
    FollowUp,
    FollowUpState,
)
from dashboard.measures import MEASURES
from dashboard.web.words.explain import format_amount

STATE_WORDS: Mapping[FollowUpState, str] = MappingProxyType(
    {
        FollowUpState.OVERDUE: "Quá hạn",
        FollowUpState.REOPENED: "Mở lại",
        FollowUpState.OPEN: "Trong hạn",
        FollowUpState.KEPT: "Đã thực hiện",
        FollowUpState.WITHDRAWN: "Đã rút",
    }
)


def select_overdue(
    follow_ups: Sequence[FollowUp], communes: Collection[str] | None = None
) -> list[FollowUp]:
    """The overdue ones, the longest overdue first; `communes`: of these alone."""
    return [
        follow_up
        for follow_up in follow_ups
        if follow_up.state is FollowUpState.OVERDUE
        and (communes is None or follow_up.commune_code in communes)
    ]


def format_measured(measure: str, value: float) -> str:
    """A value of a measure as people write it: `Đạt`, `4`, `50,5 Mbps`."""
    measure_type = MEASURES[measure].type
    if measure_type == "flag":
        return "Đạt" if value >= 1 else "Không đạt"
    amount = format_amount(value)
    return f"{amount} Mbps" if measure_type == "mbps" else amount


def tell_target(follow_up: FollowUp) -> str:
    """`Máy scan: có từ 4 trở lên`, `Đường truyền thông suốt: Đạt`."""
    target = format_measured(follow_up.measure, follow_up.target)
    name = MEASURES[follow_up.measure].name.removesuffix(" (Mbps)")
    if MEASURES[follow_up.measure].type == "flag":
        return f"{name}: {target}"
    return f"{name} từ {target} trở lên"


def tell_evidence(follow_up: FollowUp) -> str:
    """What shows the state: `✓ kiểm tra 12/11/2026: 4`; of a promise that is owed the newest value
    since, or that nobody told any.
    """
    evidence = follow_up.evidence
    if evidence is None:
        return "chưa có số liệu nào sau ngày hứa"
    value = f"{_tell_author(evidence)}: {format_measured(follow_up.measure, evidence.value)}"
    if follow_up.state is FollowUpState.KEPT:
        late = ", sau hạn" if follow_up.is_late else ""
        return f"{value}{late}"
    if follow_up.state is FollowUpState.REOPENED:
        return f"từng đạt, nay {value}"
    return f"mới nhất: {value}"


def _tell_author(evidence: Evidence) -> str:
    day = text.format_day(evidence.as_of)
    if evidence.basis == "verified":
        return f"✓ kiểm tra {day}"
    return f"tự kê khai {day} (chưa kiểm tra)"


def tell_overdue_of_commune(overdue: Sequence[FollowUp]) -> str:
    """`Việc hứa quá hạn: Cấp đủ máy scan còn thiếu (Sở Tài chính, hạn 16/11/2026)`."""
    words = [
        f"{text.lower_first_letter(follow_up.what)} "
        f"({follow_up.owner}, hạn {text.format_day(follow_up.due_on)})"
        for follow_up in overdue
    ]
    return f"Việc hứa quá hạn: {'; '.join(words)}" if words else ""
