"""Requests for help of the sample: what communes would have asked for, and how it went on.

Each hangs on its own commune and week, so the past never changes; what has not happened yet by
`today` is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from dashboard.batch import SUPPORT_STEP_COLUMNS
from dashboard.reference import FIRST_DAY
from dashboard.sample.draw import make_generator
from dashboard.sample.facts import SampleProvince

_TOPICS = (
    ("Hệ thống một cửa điện tử", "Không đồng bộ hồ sơ lên Cổng Dịch vụ công quốc gia"),
    ("Chữ ký số", "Chữ ký số bị khóa sau khi đổi mật khẩu"),
    ("Đường truyền", "Đường truyền chập chờn vào giờ cao điểm"),
    ("Máy scan", "Máy scan không kết nối với máy tính"),
    ("Thanh toán trực tuyến", "Không in được biên lai thanh toán trực tuyến"),
)
_OFFICES = ("Sở Khoa học và Công nghệ", "VNPT", "Viettel", "Văn phòng UBND tỉnh")
_WEEKLY_SHARE = 0.03
# In some weeks one fault of a national system reaches many communes at once.
_INCIDENT_SHARE = 0.06
_INCIDENT_WEEKLY_SHARE = 0.12
_URGENCIES = ("usual", "usual", "hindered", "stopped")


def simulate_support_steps(province: SampleProvince, codes: list[str], today: date) -> pd.DataFrame:
    """Steps (SUPPORT_STEP_COLUMNS) of requests of the communes, until the end of `today`."""
    rows: list[dict[str, Any]] = []
    weeks = (today - FIRST_DAY).days // 7 + 1
    for week in range(weeks):
        monday = FIRST_DAY + timedelta(days=7 * week)
        is_incident = (
            make_generator(province.code, "incident", str(week)).random() < _INCIDENT_SHARE
        )
        share = _INCIDENT_WEEKLY_SHARE if is_incident else _WEEKLY_SHARE
        luck = make_generator(province.code, "asking", str(week)).random(len(codes))
        for code, drawn in zip(codes, luck.tolist(), strict=True):
            if drawn < share:
                rows += _list_steps(province, code, monday, is_incident)
    last = datetime.combine(today, time.max)
    told = [row for row in rows if row["stepped_at"] <= last]
    return pd.DataFrame(told, columns=SUPPORT_STEP_COLUMNS, dtype=object)


def _list_steps(
    province: SampleProvince, code: str, monday: date, is_incident: bool
) -> Iterator[dict[str, Any]]:
    """The whole life of one request."""
    topic = (province.code, "support", code, monday.isoformat())
    luck = iter(make_generator(*topic).random(10).tolist())
    number = str(uuid5(NAMESPACE_URL, "|".join(topic)))
    drawn = int(next(luck) * len(_TOPICS))
    subject, what = _TOPICS[0 if is_incident else drawn]
    office = _OFFICES[int(next(luck) * len(_OFFICES))]
    moment = datetime.combine(monday, time(8)) + timedelta(
        days=int(next(luck) * 5), minutes=int(next(luck) * 420)
    )

    def tell(step: str, account: str, **more: Any) -> dict[str, Any]:
        usual = {"request_id": number, "commune_code": code, "step": step, "stepped_at": moment}
        return {**dict.fromkeys(SUPPORT_STEP_COLUMNS), **usual, "account": account, **more}

    urgency = _URGENCIES[int(next(luck) * len(_URGENCIES))]
    unit = "UBND cấp xã"
    yield tell("asked", unit, what=what, subject=subject, urgency=urgency, office=unit)
    moment += timedelta(minutes=20 + int(next(luck) * 900))
    yield tell("triaged", "Văn phòng UBND tỉnh", office=office)
    moment += timedelta(hours=1 + int(next(luck) * 48))
    yield tell("mended", office, way="remote", note="Đã xử lý theo yêu cầu")
    if next(luck) < 0.15:
        moment += timedelta(hours=6)
        yield tell("reopened", unit, note="Lỗi xuất hiện lại")
        moment += timedelta(hours=30)
        yield tell("mended", office, way="visit", note="Đã đến xử lý tại chỗ")
    moment += timedelta(hours=2 + int(next(luck) * 100))
    yield tell("rechecked", unit)
    moment += timedelta(hours=1)
    yield tell("closed", "Văn phòng UBND tỉnh")
