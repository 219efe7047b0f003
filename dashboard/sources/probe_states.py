"""Whether a probe found the line up, in any wording."""

from __future__ import annotations

from functools import lru_cache

from dashboard import text
from dashboard.sources.sheet import Cell, Unreadable, blank

_UP = frozenset(
    map(
        text.spelling_key,
        ("up", "1", "online", "ok", "true", "yes", "success", "reachable", "alive", "connected", "good", "normal", "có",
         "thông", "thông suốt", "hoạt động", "kết nối", "có mạng", "bình thường", "ổn định", "đang hoạt động", "tốt",
         "đã kết nối", "có kết nối", "đạt"),
    )
)  # fmt: skip
_DOWN = frozenset(
    map(
        text.spelling_key,
        ("down", "0", "offline", "false", "no", "timeout", "time out", "timed out", "fail", "failed", "error", "lost",
         "unreachable", "disconnected", "dead", "không", "đứt", "mất", "mất kết nối", "mất mạng", "gián đoạn", "ngừng",
         "không kết nối", "không có kết nối", "lỗi", "mất tín hiệu", "không hoạt động", "đứt cáp", "không có mạng",
         "không đạt", "ngắt kết nối", "không thông", "đứt mạng"),
    )
)  # fmt: skip


def up(cell: Cell) -> bool | None:
    """Whether the line was up; None where nothing is said. Raises Unreadable."""
    if blank(cell):
        return None
    return _up(f"{cell:g}" if isinstance(cell, float) else str(cell))


@lru_cache(maxsize=1_000)
def _up(written: str) -> bool:
    key = text.spelling_key(written)
    if key in _UP or key in _DOWN:
        return key in _UP
    raise Unreadable("không rõ là có mạng hay mất mạng", 'hãy ghi "up" hoặc "down"')
