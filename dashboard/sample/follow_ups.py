"""Promises of the sample: what offices would have promised where a visit found something short.

They say nothing of how they end: the sample's later declarations and visits do, as in real life.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from dashboard.batch import FOLLOW_UP_COLUMNS
from dashboard.sample.draw import make_generator
from dashboard.sample.facts import SampleProvince

_OFFICES = {
    "network_stable": ("VNPT {province}", "Viettel {province}"),
    "network_mbps": ("VNPT {province}", "Viettel {province}"),
    "signature_issued": ("Sở Khoa học và Công nghệ",),
    "computer_available": ("Sở Tài chính", "Văn phòng UBND tỉnh"),
    "scanner_available": ("Sở Tài chính", "Sở Khoa học và Công nghệ"),
    "security_device": ("Công an tỉnh",),
}
_WORDS = {
    "network_stable": "Sửa đường truyền của trung tâm",
    "network_mbps": "Nâng tốc độ đường truyền",
    "signature_issued": "Cấp đủ chữ ký số còn thiếu",
    "computer_available": "Cấp đủ máy tính còn thiếu",
    "scanner_available": "Cấp đủ máy scan còn thiếu",
    "security_device": "Lắp thiết bị an toàn thông tin",
}
_NEEDED = {
    "signature_issued": "signature_needed",
    "computer_available": "computer_needed",
    "scanner_available": "scanner_needed",
}
_ENOUGH = {"network_stable": 1.0, "network_mbps": 50.0, "security_device": 1.0}
_PROMISED_SHARE = 0.6
_WITHDRAWN_SHARE = 0.04
_WITHDRAWN_AFTER = timedelta(days=12)
# Nobody promises the same again while the last word on it is fresh.
_QUIET = timedelta(days=60)
_REASONS = ("Đã gộp vào gói mua sắm chung của tỉnh", "Chuyển trụ sở, không còn cần")


def simulate_follow_ups(
    province: SampleProvince, province_name: str, visits: pd.DataFrame, today: date
) -> pd.DataFrame:
    """Promises (FOLLOW_UP_COLUMNS) on the days of the sample's visits (`visits`: READING_COLUMNS),
    until `today`. Each hangs on its own commune, measure and day, so the past never changes.
    """
    rows: list[dict[str, Any]] = []
    last_promise: dict[tuple[str, str], date] = {}
    for commune, measure, day, target in _list_shortages(visits):
        if day - last_promise.get((commune, measure), date.min) < _QUIET:
            continue
        topic = (province.code, "follow-ups", commune, measure, day.isoformat())
        luck = iter(make_generator(*topic).random(5).tolist())
        if next(luck) >= _PROMISED_SHARE:
            continue
        last_promise[commune, measure] = day
        offices = _OFFICES[measure]
        owner = offices[int(next(luck) * len(offices))].format(province=province_name)
        due_on = day + timedelta(days=14 + int(next(luck) * 60))
        is_withdrawn = next(luck) < _WITHDRAWN_SHARE and day + _WITHDRAWN_AFTER <= today
        reason = _REASONS[int(next(luck) * len(_REASONS))]
        rows.append(
            {
                "follow_up_id": str(uuid5(NAMESPACE_URL, "|".join(topic))),
                "commune_code": commune,
                "what": _WORDS[measure],
                "measure": measure,
                "target": target,
                "owner": owner,
                "promised_on": day,
                "due_on": due_on,
                "withdrawn_on": day + _WITHDRAWN_AFTER if is_withdrawn else None,
                "withdrawn_reason": reason if is_withdrawn else None,
            }
        )
    return pd.DataFrame(rows, columns=FOLLOW_UP_COLUMNS, dtype=object)


def _list_shortages(visits: pd.DataFrame) -> Iterator[tuple[str, str, date, float]]:
    """What visits found short, in the order of the days: commune, measure, day and how much would
    be enough.
    """
    wide = visits.pivot_table(index=["as_of", "commune_code"], columns="measure", values="value")
    for (day, commune), row in wide.iterrows():
        for measure in _WORDS:
            enough = row.get(_NEEDED.get(measure, ""), _ENOUGH.get(measure, float("nan")))
            if row.get(measure, float("nan")) < enough:
                yield str(commune), measure, pd.Timestamp(day).date(), float(enough)
