"""A bulletin as PDF: at most two pages of A4, tagged (PDF/UA-1), its letters embedded; the same
bulletin is the same bytes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from dashboard.errors import DashboardError
from dashboard.web import theme
from dashboard.web.bulletin.words import Bulletin

MOST_PAGES: Final = 2
# Sizes of its letters, in points: the first with which it has no more pages than that.
_SIZES: Final = ("11", "10", "9", "8", "7")
_MEMORY: Final = 3_000_000_000
_CPU_SECONDS: Final = 30
_SECONDS: Final = 40
_COUNT: Final = re.compile(
    r"(?<=\d) (?=(?:đơn vị|ngày|hồ sơ|điểm|Mbps)\b)|(?<=Vàng|Xanh) (?=\d)|(?<=Đỏ|cũ) (?=\d)"
)
_FOLDER: Final = Path(__file__).parent


class TypesettingFailed(DashboardError):
    """The typesetter made no PDF."""


def _keep_counts_together(words: str) -> str:
    """No line ends between a number and what it counts."""
    return _COUNT.sub("\u00a0", words)


def typeset_bulletin(
    bulletin: Bulletin, map_svg: str, map_alt: str, map_caption: str, day: date
) -> bytes:
    """The PDF. Raises TypesettingFailed."""
    content = {
        **asdict(bulletin),
        "map_alt": map_alt,
        "map_caption": map_caption,
        "signs": {code: look.sign for code, look in theme.LEVELS.items()},
        "rest": [
            part.code
            for part in bulletin.sections
            if part.code not in {"overview", "decisions", "need"}
        ],
    }
    order = {
        "template": (_FOLDER / "bulletin.typ").read_text(encoding="utf-8"),
        "inputs": {
            "bulletin": _keep_counts_together(json.dumps(content, ensure_ascii=False)),
            "map": map_svg,
        },
        "timestamp": int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
        "sizes": _SIZES,
        "most_pages": MOST_PAGES,
    }
    child = [sys.executable, "-I", str(_FOLDER / "typesetting_child.py")]
    try:
        finished = subprocess.run(
            [*child, str(_MEMORY), str(_CPU_SECONDS)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            cwd=_FOLDER,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed("Không dàn được trang bản tin trong thời hạn") from error
    if finished.returncode or not finished.stdout.startswith(b"%PDF"):
        raise TypesettingFailed("Không dàn được trang bản tin")
    return finished.stdout
