"""Words of dossier lists: the ten national states in any wording, and the channels."""

from __future__ import annotations

import re
from functools import lru_cache

from dashboard import text
from dashboard.batch import STATES
from dashboard.sources.sheet import Unreadable

UNKNOWN_STATE = ("không phải trạng thái hồ sơ nào đã biết", "hãy ghi một trong mười trạng thái của Cổng Dịch vụ công")
UNKNOWN_CHANNEL = ("không phải hình thức tiếp nhận", "hãy ghi Trực tuyến, Trực tiếp hoặc BCCI")


def _has(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(text.spelling_key(phrase) for phrase in phrases)})\b")


# The first that fits says the state; written with tones, because "dừng" (stopped) is not "đúng" (in time).
_STATES: tuple[tuple[re.Pattern[str], int], ...] = (
    (_has("rút", "xin rút"), 7),
    (_has("không được tiếp nhận", "không tiếp nhận", "từ chối", "bị từ chối", "không đủ điều kiện tiếp nhận"), 3),
    (_has("nghĩa vụ tài chính", "NVTC", "thực hiện nghĩa vụ", "chờ nộp thuế", "nộp phí", "thanh toán"), 6),
    (_has("bổ sung", "hoàn thiện hồ sơ"), 5),
    (_has("chờ trả", "chưa trả", "chờ nhận kết quả"), 9),
    (_has("đã trả", "trả kết quả", "đã nhận kết quả"), 10),
    (_has("tạm dừng", "dừng", "dừng xử lý", "tạm ngừng", "ngừng"), 8),
    (_has("chờ tiếp nhận", "chưa tiếp nhận", "mới đăng ký", "mới nộp", "mới tạo", "mới gửi", "đăng ký mới"), 1),
    (_has("đang"), 4),
    (_has("chưa xử lý", "chưa giải quyết", "chờ xử lý", "chờ thẩm định", "chờ phê duyệt", "chờ ký"), 4),
    (_has("xử lý xong", "hoàn thành", "hoàn tất", "đã giải quyết", "giải quyết xong", "đã xử lý", "có kết quả",
          "đã xong", "kết thúc"), 9),
    (_has("được tiếp nhận", "đã tiếp nhận", "tiếp nhận", "mới tiếp nhận"), 2),
    (_has("xử lý", "thụ lý"), 4),
)  # fmt: skip
_BY_NAME = {text.spelling_key(name): number for number, name in STATES.items()}
_UNTONED = {text.without_tones(name): number for number, name in STATES.items()}
_CHANNELS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_has("trực tuyến", "qua mạng", "online", "internet", "DVC", "dịch vụ công", "cổng"), "online"),
    (_has("bưu chính", "BCCI", "bưu điện", "bưu tá", "post"), "post"),
    (_has("trực tiếp", "tại quầy", "một cửa", "tại trung tâm", "in person", "tại chỗ"), "in_person"),
)
_UNTONED_CHANNELS = {"truc tuyen": "online", "qua mang": "online", "truc tiep": "in_person", "buu chinh": "post",
                     "buu chinh cong ich": "post", "in_person": "in_person", "buu dien": "post"}  # fmt: skip


@lru_cache(maxsize=2_000)
def state(cell: str) -> int | None:
    """`"Yêu cầu bổ sung giấy tờ"` as 5, `"4"` as 4 (`batch.STATES`); None for a blank. Raises Unreadable."""
    written = text.normal(cell)
    if not written:
        return None
    key = text.spelling_key(written)
    number = re.match(r"^(10|[1-9])(?:$|[.,]0$|\s*[-.:)]\s)", written)
    if number:
        return int(number[1])
    named = _BY_NAME.get(key) or next((value for pattern, value in _STATES if pattern.search(key)), None)
    named = named or _UNTONED.get(text.without_tones(written))
    if named is None:
        raise Unreadable(*UNKNOWN_STATE)
    return named


@lru_cache(maxsize=2_000)
def channel(cell: str) -> str | None:
    """online, in_person or post; None for a blank. Raises Unreadable."""
    written = text.normal(cell)
    if not written:
        return None
    key = text.spelling_key(written)
    named = next((value for pattern, value in _CHANNELS if pattern.search(key)), None)
    named = named or _UNTONED_CHANNELS.get(text.without_tones(written))
    if named is None:
        raise Unreadable(*UNKNOWN_CHANNEL)
    return named
