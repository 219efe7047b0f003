"""What the province gives its communes, and what citizens told, in words of several pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from types import MappingProxyType

from dashboard import text
from dashboard.batch import MOST_SATISFACTION
from dashboard.indicators.field.feedback import CommuneFeedback
from dashboard.indicators.field.resources import Resource, ResourceTopic

# By topic and variant ("" where a topic has none).
RESOURCE_NAMES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("certificate", "issue"): "Chứng thư số cấp mới",
        ("certificate", "change"): "Chứng thư số thay đổi thông tin",
        ("certificate", "unlock"): "Thiết bị chữ ký số mở khóa",
        ("device", "bought"): "Thiết bị đã mua",
        ("device", "on_order"): "Thiết bị đang mua",
        ("device", "broken"): "Thiết bị hỏng",
        ("training", ""): "Lượt cán bộ tập huấn",
        ("secondment", ""): "Công chức đang biệt phái",
        ("form", ""): "Biểu mẫu điện tử",
    }
)
_VARIANT_OF_DEVICE = {"bought": "đã mua", "on_order": "đang mua", "broken": "hỏng"}


def tell_resources_of_commune(resources: Sequence[Resource], code: str) -> list[str]:
    """What a commune has now or waits for: seconded officials, devices, work on certificates that
    is not done. What is over, done or bought long since is not told.
    """
    own = [entry for entry in resources if entry.commune_code == code and not entry.is_over]
    lines = []
    for entry in own:
        when = f"từ {text.format_day(entry.began_on)}"
        if entry.topic is ResourceTopic.SECONDMENT:
            until = f" đến {text.format_day(entry.ended_on)}" if entry.ended_on else ""
            office = f" từ {entry.office}" if entry.office else ""
            lines.append(
                f"{text.format_number(entry.quantity)} công chức biệt phái{office} "
                f"({text.lower_first_letter(entry.what)}), {when}{until}"
            )
        elif entry.topic is ResourceTopic.DEVICE:
            lines.append(
                f"{text.format_number(entry.quantity)} {text.lower_first_letter(entry.what)} "
                f"{_VARIANT_OF_DEVICE[entry.variant]}, {when}"
            )
        elif entry.topic is ResourceTopic.CERTIFICATE and (entry.done or 0) < entry.quantity:
            lines.append(
                f"{text.lower_first_letter(entry.what)}: đã xong "
                f"{text.format_part(entry.done or 0, entry.quantity)}, {when}"
            )
    return lines


def tell_feedback_of_commune(entry: CommuneFeedback) -> str:
    """`Phản ánh, kiến nghị 01/10–31/10/2026: tiếp nhận 3, đã xử lý 3, xin lỗi 1; điểm hài lòng theo
    Bộ chỉ số 766: 16,8/18`; what was not told is left out.
    """
    counts = ", ".join(
        f"{words} {text.format_number(value)}"
        for words, value in (
            ("tiếp nhận", entry.received),
            ("đã xử lý", entry.resolved),
            ("xin lỗi", entry.apologised),
        )
        if not isnan(value)
    )
    parts = [counts, tell_satisfaction(entry.satisfaction)]
    days = text.format_day_range(entry.first, entry.last)
    return f"Phản ánh, kiến nghị {days}: {'; '.join(filter(None, parts))}"


def tell_satisfaction(points: float) -> str:
    """`điểm hài lòng theo Bộ chỉ số 766: 16,8/18`; "" where nobody told it."""
    if isnan(points):
        return ""
    most = text.format_number(MOST_SATISFACTION)
    return f"điểm hài lòng theo Bộ chỉ số 766: {text.format_number(points, 1)}/{most}"
