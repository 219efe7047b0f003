"""The measures that a commune reports: their names in code, their type, their words on
the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.messages import write_message

Basis = Literal["declared", "verified"]
BASES: tuple[Basis, ...] = ("declared", "verified")

DEVICES = {
    "computer": write_message("Máy tính"),
    "scanner": write_message("Máy scan"),
    "photocopier": write_message("Máy photocopy"),
    "queue_machine": write_message("Máy lấy số"),
    "display": write_message("Màn hình hiển thị"),
    "kiosk": write_message("Thiết bị tra cứu"),
}

# A rating is kept as a number so that readings are one column; worse is smaller.
RATINGS = {"red": 0, "yellow": 1, "green": 2}


@dataclass(frozen=True)
class Measure:
    """One quantity of a commune. `type`: flag (0/1), count (whole), mbps, share (0 to 1), or rating
    (RATINGS). `most`: the largest value that one commune can have; beyond it is a slip (a date or
    a code in the wrong column), which a reader refuses.
    """

    code: str
    name: str
    type: Literal["flag", "count", "mbps", "share", "rating"]
    most: float = 1.0


# A commune has some sixty officials; with its schools and health posts, some hundreds.
_MOST_STAFF = 1_000
# Everybody there, each with a certificate for every system.
_MOST_SIGNATURES = 5_000
# A computer for each, and as many again; of any other device a room full.
_MOST_COMPUTERS = 2_000
_MOST_DEVICES = 500
# A line of 10 Gbps is nothing that a commune has.
FASTEST_MBPS = 10_000


def _list_device_measures() -> list[Measure]:
    return [
        Measure(
            f"{code}_{part}",
            write_message("{device}: {word}", device=name, word=word),
            "count",
            _MOST_COMPUTERS if code == "computer" else _MOST_DEVICES,
        )
        for code, name in DEVICES.items()
        for part, word in (("needed", write_message("cần")), ("available", write_message("có")))
    ]


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in [
        Measure("network_stable", write_message("Đường truyền thông suốt"), "flag"),
        Measure("network_mbps", write_message("Tốc độ mạng (Mbps)"), "mbps", FASTEST_MBPS),
        Measure("signature_needed", write_message("Chữ ký số: cần"), "count", _MOST_SIGNATURES),
        Measure("signature_issued", write_message("Chữ ký số: đã cấp"), "count", _MOST_SIGNATURES),
        *_list_device_measures(),
        Measure("online_meeting", write_message("Họp trực tuyến từ Trung ương"), "flag"),
        Measure("security_device", write_message("Thiết bị an toàn thông tin"), "flag"),
        Measure("procedures_published", write_message("Công khai bộ TTHC"), "flag"),
        Measure("staff_planned", write_message("Nhân sự một cửa: biên chế"), "count", _MOST_STAFF),
        Measure("staff_present", write_message("Nhân sự một cửa: hiện có"), "count", _MOST_STAFF),
        Measure("self_rating", write_message("Tự đánh giá"), "rating", max(RATINGS.values())),
        # What probes measured in a day: nobody declares these.
        Measure(
            "network_uptime", write_message("Thời gian đường truyền hoạt động trong ngày"), "share"
        ),
        Measure(
            "network_mbps_probed",
            write_message("Tốc độ mạng giữa ngày đo tự động (Mbps)"),
            "mbps",
            FASTEST_MBPS,
        ),
    ]
}
PROBED = ("network_uptime", "network_mbps_probed")
# What a commune can say of itself.
DECLARED = tuple(code for code in MEASURES if code not in PROBED)
# What an office can promise to bring to a target, and a reading can show: more of it is better.
# What is needed or planned is nobody's to mend, and a commune's own rating is no evidence.
PROMISED = tuple(
    code
    for code in DECLARED
    if not code.endswith(("_needed", "_planned")) and code != "self_rating"
)


def restore_value_type(measure: str, value: float) -> bool | int | float | str:
    """A stored value as people write it: flags as bool, ratings as words, counts as int."""
    measure_type = MEASURES[measure].type
    if measure_type == "flag":
        return bool(value)
    if measure_type == "rating":
        return {number: word for word, number in RATINGS.items()}[int(value)]
    return int(value) if measure_type == "count" else float(value)
