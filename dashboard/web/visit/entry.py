"""What a phone sends of one visit, and the batch that it becomes.

Nothing of it is believed: shape and size first, then each value as the importer of visits takes it,
words without persons. What cannot be taken is told with its reason, and nothing of the visit is
written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from dashboard import text
from dashboard.batch import FOLLOW_UP_COLUMNS, READING_COLUMNS, VISIT_COLUMNS, VISIT_MENDED, Batch
from dashboard.measures import MEASURES, PROMISED
from dashboard.reference import FIRST_DAY, load_communes
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.store.entries import FieldEntry

_MOST_OF_NOTE = 500
_MOST_OF_OFFICE = 120
# A promise of more than three years is a slip of the year.
_MOST_DAYS_AHEAD = 3 * 366
# A phone's clock may be behind by a little; beyond that the server's own time counts.
_CLOCK_TOLERANCE = timedelta(minutes=10)
WAYS = {"on_site": "tại chỗ", "video": "qua gọi video", "phone": "qua điện thoại"}

_Id = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
]
_Code = Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
_MeasureCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]
_Value = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldFinding(_Strict):
    """One value that a team saw. `seen`: what a visit had found before, as the phone knew it."""

    measure: _MeasureCode
    value: _Value
    mended: bool = False
    seen: _Value | None = None


class PromiseMade(_Strict):
    """What an office promised on the spot."""

    measure: _MeasureCode
    target: _Value
    owner: Annotated[str, StringConstraints(min_length=2, max_length=200)]
    due: date


class SentVisit(_Strict):
    """A visit as a phone sends it. `moment` and `sent_at` are of the phone's own clock; a file that
    was saved on it has no `sent_at`.
    """

    id: _Id
    commune: _Code
    way: Literal["on_site", "video", "phone"] = "on_site"
    moment: datetime
    sent_at: datetime | None = None
    findings: Annotated[list[FieldFinding], Field(max_length=60)]
    note: Annotated[str, StringConstraints(max_length=2_000)] = ""
    promises: Annotated[list[PromiseMade], Field(max_length=20)] = []


class VisitRefused(Exception):
    """A visit that is not taken; `reasons` say why, one a fault, in words for who wrote it."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class ReadVisit:
    """A visit that can be written: its entry, its batch, the day it counts for."""

    sent: SentVisit
    entry: FieldEntry
    batch: Batch
    day: date


def read_sent_visit(written: Any, *, office: str, now: datetime) -> ReadVisit:
    """A visit as it was sent (decoded JSON) by a team of an office. `now`: the server's local time.

    Raises VisitRefused.
    """
    try:
        sent = SentVisit.model_validate(written)
    except ValidationError as error:
        places = {".".join(map(str, fault["loc"])) or "nội dung" for fault in error.errors()}
        raise VisitRefused(
            [f"nội dung gửi không đúng khuôn dạng ({', '.join(sorted(places)[:5])})"]
        ) from None
    day = _find_day(sent, now)
    faults = _list_faults(sent, day, now.date())
    if faults:
        raise VisitRefused(faults)
    content = _fix_content(sent, day)
    entry = FieldEntry(
        sent.id, sent.commune, json.dumps(content, ensure_ascii=False, sort_keys=True)
    )
    return ReadVisit(sent, entry, _make_batch(sent, content, entry, office, day), day)


def _find_day(sent: SentVisit, now: datetime) -> date:
    """The local day of the visit: by the phone's clock, put right by how wrong it is on sending."""
    moment = sent.moment.replace(tzinfo=None)
    wrong_by = now - sent.sent_at.replace(tzinfo=None) if sent.sent_at else timedelta()
    if abs(wrong_by) > _CLOCK_TOLERANCE:
        moment += wrong_by
    return moment.date()


def _list_faults(sent: SentVisit, day: date, today: date) -> list[str]:
    faults = []
    if sent.commune not in load_communes().index:
        faults.append(f"không có đơn vị cấp xã mã {sent.commune}")
    if not FIRST_DAY <= day <= today:
        faults.append(
            f"ngày kiểm tra {text.format_day(day)} nằm ngoài khoảng từ 01/07/2025 đến hôm nay; "
            "hãy chỉnh lại ngày giờ của máy"
        )
    if not (sent.findings or sent.note.strip() or sent.promises):
        faults.append("chưa ghi kết quả nào")
    told: set[str] = set()
    for finding in sent.findings:
        faults += _list_value_faults(finding.measure, finding.value)
        if finding.measure in told:
            faults.append("một tiêu chí ghi hai lần")
        told.add(finding.measure)
    for promise in sent.promises:
        if promise.measure not in PROMISED:
            faults.append("việc hứa không thuộc tiêu chí nào")
        faults += _list_value_faults(promise.measure, promise.target)
        if not day <= promise.due <= today + timedelta(days=_MOST_DAYS_AHEAD):
            faults.append(f"hạn {text.format_day(promise.due)} của việc hứa không hợp lệ")
        if len(hide_persons(promise.owner, _MOST_OF_OFFICE)) < 2:
            faults.append("việc hứa không ghi cơ quan nào")
    return list(dict.fromkeys(faults))


def _list_value_faults(code: str, value: float) -> list[str]:
    measure = MEASURES.get(code)
    if measure is None or measure.type in ("share", "rating"):
        return ["có tiêu chí không dùng khi kiểm tra"]
    if measure.type in ("flag", "count") and value != int(value):
        return [f"{measure.name}: phải là số nguyên"]
    if value > measure.most:
        return [f"{measure.name}: {text.format_number(value)} lớn hơn mức có thể"]
    return []


def _fix_content(sent: SentVisit, day: date) -> dict[str, Any]:
    """What makes two sendings the same visit: no clock of the phone, no persons, a fixed order."""
    return {
        "commune": sent.commune,
        "day": day.isoformat(),
        "way": sent.way,
        "findings": sorted([one.measure, one.value, one.mended] for one in sent.findings),
        "note": hide_persons(sent.note, _MOST_OF_NOTE),
        "promises": sorted(
            [one.measure, one.target, hide_persons(one.owner, _MOST_OF_OFFICE), one.due.isoformat()]
            for one in sent.promises
        ),
    }


def _make_batch(
    sent: SentVisit, content: dict[str, Any], entry: FieldEntry, office: str, day: date
) -> Batch:
    readings = [
        (sent.commune, measure, value, "verified", day) for measure, value, _ in content["findings"]
    ]
    way = "" if sent.way == "on_site" else f"Kiểm tra {WAYS[sent.way]}. "
    visits: list[tuple[Any, ...]] = [
        (sent.commune, day, measure, office, VISIT_MENDED if mended else None)
        for measure, _, mended in content["findings"]
    ]
    note = f"{way}{content['note']}".strip()
    if note or not visits:
        visits.append((sent.commune, day, None, office, note or None))
    follow_ups = [
        (
            str(uuid5(UUID(sent.id), measure)),
            sent.commune,
            f"{MEASURES[measure].name} (hứa khi kiểm tra)",
            measure,
            target,
            owner,
            day,
            date.fromisoformat(due),
            None,
            None,
        )
        for measure, target, owner, due in content["promises"]
    ]
    province = str(load_communes().at[sent.commune, "province_code"])
    return Batch(
        f"Lượt kiểm tra {load_communes().at[sent.commune, 'name']} {text.format_day(day)}",
        entry.sha256,
        "visits",
        province,
        datetime.combine(day, time()),
        len(visits) + len(follow_ups),
        readings=pd.DataFrame(readings, columns=READING_COLUMNS),
        visits=pd.DataFrame(visits, columns=VISIT_COLUMNS, dtype=object),
        follow_ups=pd.DataFrame(follow_ups, columns=FOLLOW_UP_COLUMNS, dtype=object),
    )
