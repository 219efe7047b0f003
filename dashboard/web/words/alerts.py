"""Alerts in words: what they are of, by which way they go."""

from __future__ import annotations

from typing import Final

from dashboard.indicators.signals.signals import FOLLOW_UPS_OVERDUE, SUPPORT_INCIDENTS
from dashboard.messages import write_message

CHANNEL_WORDS: Final = {
    "mail": write_message("thư điện tử"),
    "webhook": write_message("cầu nối tin nhắn"),
}
# What each rule looks for, where its sentence of the day is not at hand.
SIGNAL_WORDS: Final = {
    "network_falling": "tốc độ mạng giảm",
    "certificates_expiring": "chứng thư số sắp hết hạn",
    "overdue_growing": "hồ sơ quá hạn tăng",
    "silent": "không báo cáo",
    "contradicted": "tự kê khai khác kiểm tra",
    SUPPORT_INCIDENTS: "sự cố nhiều đơn vị cùng báo",
    FOLLOW_UPS_OVERDUE: "việc hứa quá hạn",
}
