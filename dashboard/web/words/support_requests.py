"""Requests for help in words that several pages say."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import text
from dashboard.indicators.field.support_requests import SupportRequest, SupportState

SUPPORT_STATE_WORDS = {
    SupportState.REOPENED: "mở lại",
    SupportState.ASKED: "chờ tiếp nhận",
    SupportState.TRIAGED: "đã phân công",
    SupportState.HELPING: "đang hỗ trợ",
    SupportState.MENDED: "chờ phúc tra",
    SupportState.RECHECKED: "đã phúc tra",
    SupportState.CLOSED: "đã đóng",
}
URGENCY_NAMES = {
    "stopped": "ngừng tiếp nhận",
    "hindered": "ảnh hưởng xử lý",
    "usual": "bình thường",
}


def format_office_hours(hours: float | None) -> str:
    """`3,5 giờ làm việc`; "" where it has not come to it."""
    return "" if hours is None else f"{text.format_number(hours, 1)} giờ làm việc"


def tell_open_requests(requests: Sequence[SupportRequest], code: str) -> str:
    """`Đang cần hỗ trợ: máy scan không kết nối (chờ tiếp nhận), và 1 yêu cầu nữa`; "" where the
    commune has no open request.
    """
    own = [request for request in requests if request.is_open and request.commune_code == code]
    if not own:
        return ""
    first = own[0]
    more = f", và {text.format_number(len(own) - 1)} yêu cầu nữa" if len(own) > 1 else ""
    what = text.lower_first_letter(first.what)
    return f"Đang cần hỗ trợ: {what} ({SUPPORT_STATE_WORDS[first.state]}){more}"
