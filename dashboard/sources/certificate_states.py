"""What a certificate's state means, in any wording an office or its provider uses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from dashboard import text
from dashboard.sources.sheet import DASHES, Cell, Unreadable, blank

# `pending`: not in use yet, so it is none of the counted; `none`: the row says there is no certificate.
State = Literal["active", "locked", "revoked", "expired", "pending", "none"]


def _any(*words: str) -> re.Pattern[str]:
    keys = "|".join(text.spelling_key(word) for word in words)
    return re.compile(rf"(?:^| )(?:{keys})(?= |$)")


# Not in use: whether locked, revoked or expired is not told, and not guessed.
_UNCLEAR = _any("không hoạt động", "ngừng hoạt động", "dừng hoạt động", "ngưng hoạt động", "không sử dụng",
                "ngừng sử dụng", "không hiệu lực")  # fmt: skip
# The first rule that fits decides: "đã mở khóa" is not "khóa", "sắp hết hạn" is not "hết hạn".
_RULES: tuple[tuple[re.Pattern[str], State], ...] = (
    (_any("chưa thu hồi", "chưa bị thu hồi", "không bị thu hồi", "sắp hết", "gần hết", "chuẩn bị hết", "chưa hết hạn",
          "không bị khóa", "chưa khóa"), "active"),
    (_any("thu hồi", "hủy", "hủy bỏ", "chấm dứt", "revoked", "revoke", "cancelled", "canceled"), "revoked"),
    (_any("chờ mở", "chờ mở khóa", "yêu cầu mở", "đề nghị mở", "cần mở"), "locked"),
    (_any("mở khóa", "unlocked"), "active"),
    (_any("khóa", "tạm dừng", "tạm ngừng", "tạm ngưng", "tạm đình chỉ", "đình chỉ", "treo", "locked", "lock",
          "suspended", "on hold"), "locked"),
    (_any("hết hạn", "hết hiệu lực", "hết thời hạn", "quá hạn", "không còn hiệu lực", "không còn hạn", "expired"),
     "expired"),
    (_any("chưa kích hoạt", "chưa hoạt động", "chờ kích hoạt", "chưa sử dụng", "chờ cấp", "đang cấp", "chưa cấp",
          "mới đăng ký", "chờ duyệt", "pending"), "pending"),
    (_any("hoạt động", "hiệu lực", "còn hạn", "sử dụng", "đang dùng", "bình thường", "kích hoạt", "active", "valid",
          "good", "tốt", "ok"), "active"),
    (_any("không có", "chưa có", "không phát sinh"), "none"),
)  # fmt: skip
_REMEDY = 'hãy ghi "Hoạt động", "Bị khóa", "Thu hồi" hoặc "Hết hạn"'


def state(cell: Cell) -> State | None:
    """The state that a cell means; None where it is blank. Raises Unreadable where it is not certain."""
    if blank(cell):
        return None
    return _state(str(cell))


@lru_cache(maxsize=2_000)
def _state(written: str) -> State:
    if text.normal(written) in DASHES | {"0"}:
        return "none"
    key = text.spelling_key(written)
    for rule, meant in _RULES:
        if rule.search(key) and not (meant == "active" and _UNCLEAR.search(key)):
            return meant
    raise Unreadable("không rõ là trạng thái nào của chứng thư số", _REMEDY)
