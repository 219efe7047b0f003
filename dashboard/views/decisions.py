"""The lines beside the map: what needs a decision today, and which fix turns most communes green."""

from __future__ import annotations

from typing import Any

from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.views import bottleneck_words, told
from dashboard.views.explain import NO_DATA
from dashboard.views.headline import NOTHING_CURRENT
from dashboard.views.signal_words import signal_lines, since_words

NOTHING = "Không có việc cần quyết."
NOBODY = (
    f"{NO_DATA.capitalize()}. Trang tự hiện số liệu ngay khi tệp đầu tiên của tỉnh được nạp: bản kê khai điều kiện, "
    "báo cáo hoặc danh sách hồ sơ, chứng thư số, kết quả kiểm tra."
)


def decisions(report: Report) -> dict[str, Any]:
    """`lines` (at most five: code, title, reason, since, and the places of its communes in `codes`, worst first),
    and `empty`, what is said where there is none."""
    place = {code: at for at, code in enumerate(report.codes)}
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    lines = [
        {
            **{name: line[name] for name in ("code", "title", "reason")},
            "since": since_words(line["since"], report.today),
            "communes": [place[code] for code in line["communes"]],
        }
        for line in signal_lines(report.signals, names)
    ]
    return {"lines": lines, "empty": NOTHING if _anything_told(report) else NOBODY}


def _anything_told(report: Report) -> bool:
    """Where nobody ever told anything, that nothing needs a decision would be a lie."""
    silent = levels.counts(report.readiness.overall)["unknown"] == len(report.codes)
    return not silent or report.dossiers.answer is not None


def bottleneck(report: Report) -> str:
    """The fix that turns most communes green, and the best two together, in one line."""
    counts = levels.counts(report.readiness.overall)
    if counts["unknown"] + counts["stale"] == len(report.codes):
        return NOTHING_CURRENT if counts["stale"] else NO_DATA
    if counts["green"] == len(report.codes):
        return "mọi xã đã xanh"
    best = bottleneck_words.singles(report)[:1] + bottleneck_words.pairs(report)[:1]
    found = best or bottleneck_words.kinds(report)[:1]  # where criteria fail together no one of them moves anybody
    if not found:
        return bottleneck_words.reporting(report).rstrip(".") or "không việc nào một mình làm thêm xã xanh"
    return "; ".join(told.inside(one.sentence) for one in found)
