"""Việc của văn phòng: what the state of the data asks of the office, most pressing first, each with where it stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.views import coverage, differences, doubts
from dashboard.views.differences import Unmatched


@dataclass(frozen=True)
class Task:
    """One line: the look of a level (red: somebody acts; yellow: look at it; unknown: never told), its word, what is
    to do, and the section of the page where it stands."""

    level: str
    word: str
    words: str
    section: str


def tasks(
    report: Report, kinds: Mapping[str, str], unmatched: Sequence[Unmatched], refused: int, warned: int
) -> list[Task]:
    """The office's list of the day. `refused`, `warned`: rows of the files in use that were not taken, and that were
    taken and want a look; `unmatched` are among the refused ones."""
    lost = sum(one.rows for one in unmatched)
    others = refused - lost
    found = [
        _task(lost, "red", "Sửa tệp", "{} dòng không khớp xã nào, nên không được tính", "unmatched"),
        _task(others, "red", "Sửa tệp", "{} chỗ trong tệp không nhận được", "problems"),
        *_silence(report, kinds),
        *_doubts(report, kinds),
        _task(warned, "yellow", "Xem lại", "{} chỗ trong tệp đã nhận nhưng cần xem", "problems"),
        _untold(report, kinds),
    ]
    order = ("red", "yellow", "unknown")
    return sorted((task for task in found if task), key=lambda task: order.index(task.level))


def _task(count: int, level: str, word: str, words: str, section: str) -> Task | None:
    return Task(level, word, words.format(text.number(count)), section) if count else None


def _silence(report: Report, kinds: Mapping[str, str]) -> list[Task | None]:
    found, size = report.freshness, len(report.codes)
    said = (
        ("silent", "red", "Gọi xã", "xã im lặng quá ba nhịp"),
        ("late", "yellow", "Nhắc xã", "xã trễ"),
        ("never", "unknown", "Mời báo cáo", "xã chưa từng có số liệu"),
    )
    made: list[Task | None] = []
    for column, level, word, words in said:
        for kind in coverage.told_kinds(found):
            line = found.per_kind.loc[kind]
            if not math.isnan(line["expected_every_days"]):
                of = f"{{}}/{text.number(size)} {words}: {kinds.get(kind, kind)}"
                made.append(_task(int(line[column]), level, word, of, "silence"))
    return made


def _doubts(report: Report, kinds: Mapping[str, str]) -> list[Task | None]:
    contradicted = doubts.contradictions(report)
    communes = text.number(len({one.code for one in contradicted}))
    rivals = sum(one.differs for one in differences.rivals(report, kinds))
    fallen = len(differences.corrections(report, kinds))
    return [
        _task(
            len(contradicted),
            "red",
            "Phúc tra",
            f"{{}} tiêu chí ở {communes} xã: kê khai khác kết quả kiểm tra",
            "contradictions",
        ),
        _task(len(doubts.jumps(report)), "yellow", "Hỏi lại xã", "{} số kê khai nhảy bất thường", "jumps"),
        _task(rivals, "yellow", "Đối chiếu", "{} nguồn nói khác nhau về cùng một kỳ hồ sơ", "differences"),
        _task(fallen, "yellow", "Đối chiếu", "{} số luỹ kế giảm so với lần trước", "differences"),
    ]


def _untold(report: Report, kinds: Mapping[str, str]) -> Task | None:
    names = coverage.untold(report.freshness, kinds)
    return _task(len(names), "unknown", "Đề nghị gửi", f"{{}} loại nguồn chưa từng có: {', '.join(names)}", "sources")
