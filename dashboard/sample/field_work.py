"""What work in the field of the sample leaves behind: promises of offices, requests of communes.

Promises are those that offices would have made where a visit found something short; how they end is
told by later declarations and visits, as in real life. A request for help goes on by itself. Each
hangs on its own commune and day or week, so the past never changes; what has not happened yet by
`today` is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from dashboard.batch import FOLLOW_UP_COLUMNS, SUPPORT_STEP_COLUMNS
from dashboard.reference import FIRST_DAY
from dashboard.sample.draw import make_generator
from dashboard.sample.facts import SampleProvince

_OWNERS = {
    "network_stable": ("VNPT {province}", "Viettel {province}"),
    "network_mbps": ("VNPT {province}", "Viettel {province}"),
    "signature_issued": ("Sở Khoa học và Công nghệ",),
    "computer_available": ("Sở Tài chính", "Văn phòng UBND tỉnh"),
    "scanner_available": ("Sở Tài chính", "Sở Khoa học và Công nghệ"),
    "security_device": ("Công an tỉnh",),
}
_PROMISES = {
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
        offices = _OWNERS[measure]
        owner = offices[int(next(luck) * len(offices))].format(province=province_name)
        due_on = day + timedelta(days=14 + int(next(luck) * 60))
        is_withdrawn = next(luck) < _WITHDRAWN_SHARE and day + _WITHDRAWN_AFTER <= today
        reason = _REASONS[int(next(luck) * len(_REASONS))]
        rows.append(
            {
                "follow_up_id": str(uuid5(NAMESPACE_URL, "|".join(topic))),
                "commune_code": commune,
                "what": _PROMISES[measure],
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
        for measure in _PROMISES:
            enough = row.get(_NEEDED.get(measure, ""), _ENOUGH.get(measure, float("nan")))
            if row.get(measure, float("nan")) < enough:
                yield str(commune), measure, pd.Timestamp(day).date(), float(enough)


# Requests for help.

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
