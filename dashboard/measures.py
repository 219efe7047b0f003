"""The measures that a commune reports: their names in code, their type, their words on
the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["declared", "verified"]
BASES: tuple[Basis, ...] = ("declared", "verified")

DEVICES = {
    "computer": "Máy tính",
    "scanner": "Máy scan",
    "photocopier": "Máy photocopy",
    "queue_machine": "Máy lấy số",
    "display": "Màn hình hiển thị",
    "kiosk": "Thiết bị tra cứu",
}

# A rating is kept as a number so that readings are one column; worse is smaller.
RATINGS = {"red": 0, "yellow": 1, "green": 2}


@dataclass(frozen=True)
class Measure:
    """One quantity of a commune. `type`: flag (0/1), count (whole), mbps, share (0 to 1), or rating
    (RATINGS).
    """

    code: str
    name: str
    type: Literal["flag", "count", "mbps", "share", "rating"]


def _list_device_measures() -> list[Measure]:
    return [
        Measure(f"{code}_{part}", f"{name}: {word}", "count")
        for code, name in DEVICES.items()
        for part, word in (("needed", "cần"), ("available", "có"))
    ]


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in [
        Measure("network_stable", "Đường truyền thông suốt", "flag"),
        Measure("network_mbps", "Tốc độ mạng (Mbps)", "mbps"),
        Measure("signature_needed", "Chữ ký số: cần", "count"),
        Measure("signature_issued", "Chữ ký số: đã cấp", "count"),
        *_list_device_measures(),
        Measure("online_meeting", "Họp trực tuyến từ Trung ương", "flag"),
        Measure("security_device", "Thiết bị an toàn thông tin", "flag"),
        Measure("procedures_published", "Công khai bộ TTHC", "flag"),
        Measure("staff_planned", "Nhân sự một cửa: biên chế", "count"),
        Measure("staff_present", "Nhân sự một cửa: hiện có", "count"),
        Measure("self_rating", "Tự đánh giá", "rating"),
        # What probes measured in a day: nobody declares these.
        Measure("network_uptime", "Thời gian đường truyền hoạt động trong ngày", "share"),
        Measure("network_mbps_probed", "Tốc độ mạng giữa ngày đo tự động (Mbps)", "mbps"),
    ]
}
PROBED = ("network_uptime", "network_mbps_probed")
# What a commune can say of itself.
DECLARED = tuple(code for code in MEASURES if code not in PROBED)


def restore_value_type(measure: str, value: float) -> bool | int | float | str:
    """A stored value as people write it: flags as bool, ratings as words, counts as int."""
    measure_type = MEASURES[measure].type
    if measure_type == "flag":
        return bool(value)
    if measure_type == "rating":
        return {number: word for word, number in RATINGS.items()}[int(value)]
    return int(value) if measure_type == "count" else float(value)
