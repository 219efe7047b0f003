"""The plans of the sample: two task forces and two mobile teams a province, as the province's
papers tell of them, the days on which they went to the communes that the sample has them visit and
what they wrote there; the list of weak communes; what communes were given, and what citizens told
of them.

What was given is simulated around the published counts of July and August 2025 in Quảng Ngãi (34
officials seconded by 7 departments, about 800 trained, over 500 certificates issued, 4,000
changed, 400 unlocked), which come out exactly.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pandas as pd

from dashboard.batch import (
    FEEDBACK_COLUMNS,
    RESOURCE_COLUMNS,
    TEAM_COLUMNS,
    TEAM_DAY_COLUMNS,
    VISIT_COLUMNS,
    VISIT_MENDED,
    WEAK_ENTRY_COLUMNS,
)
from dashboard.reference import FIRST_DAY
from dashboard.sample.draw import make_generator
from dashboard.sample.facts import QUANG_NGAI, SampleProvince

_IDS = UUID("0b0a4a55-1c0e-5d0e-8d6d-9f6a3b7f2c11")
_OFFICE = "Sở Khoa học và Công nghệ"
# Name, size, telecom company: about twenty a mobile team, with one company each.
_TEAMS = (
    ("Tổ công tác số 1", 12, ""),
    ("Tổ công tác số 2", 12, ""),
    ("Tổ cơ động số 1", 20, "VNPT"),
    ("Tổ cơ động số 2", 20, "Viettel"),
)
# How far the schedule of the sample reaches.
DAYS_AHEAD = 14
# The list of communes that had trouble on the first day was closed on this one.
_TROUBLE_ENDED = date(2025, 7, 6)
# Done in the first nine weeks, to 31/08/2025; "over 500" is this many.
_FIRST_WEEKS = 9
_FIRST_CERTIFICATES = {"issue": 512, "change": 4_000, "unlock": 400}
_TRAINED = 800
_SECONDED = 34
_CERTIFICATE_WORDS = {
    "issue": "Cấp mới chứng thư số",
    "change": "Thay đổi thông tin chứng thư số",
    "unlock": "Mở khóa thiết bị chữ ký số",
}
_DEPARTMENTS = (
    "Sở Khoa học và Công nghệ",
    "Sở Nội vụ",
    "Sở Tư pháp",
    "Sở Tài chính",
    "Sở Xây dựng",
    "Sở Nông nghiệp và Môi trường",
    "Sở Y tế",
)
_SPECIALITIES = ("Công nghệ thông tin", "Hộ tịch, chứng thực", "Đất đai", "Tài chính", "Xây dựng")
_COURSES = (
    "Sử dụng hệ thống một cửa điện tử",
    "Số hóa hồ sơ, kết quả",
    "Ký số và bảo quản chứng thư số",
    "Thanh toán trực tuyến, biên lai điện tử",
)
_DEVICES = ("Máy tính", "Máy scan", "Máy in", "Máy lấy số")
_DEVICE_SHARE = 0.12
_FORM_FIELDS = ("Hộ tịch", "Chứng thực", "Đất đai", "Xây dựng", "Bảo trợ xã hội", "Hộ kinh doanh")
_FORMS_OF_A_FIELD = 5
_SECONDED_UNTIL = date(2026, 12, 31)


def simulate_teams(province: SampleProvince, communes: pd.DataFrame) -> pd.DataFrame:
    """The province's four teams (TEAM_COLUMNS); each looks after a quarter of the communes, by the
    former districts that they lie in.
    """
    codes = sorted(communes.index, key=lambda code: (communes["formed_from"][code][-20:], code))
    quarter = -(-len(codes) // len(_TEAMS))
    rows = [
        (
            _make_id(province, "team", name),
            name,
            _OFFICE,
            size,
            partner or None,
            " ".join(codes[number * quarter : (number + 1) * quarter]),
            None,
        )
        for number, (name, size, partner) in enumerate(_TEAMS)
    ]
    return pd.DataFrame(rows, columns=TEAM_COLUMNS, dtype=object)


def simulate_team_days(province: SampleProvince, visits: pd.DataFrame) -> pd.DataFrame:
    """One team a day of `visits` (verified readings, also of days to come), in turn."""
    visited = visits.loc[visits["basis"] == "verified", ["as_of", "commune_code"]]
    rows = []
    for day, codes in visited.drop_duplicates().groupby("as_of", sort=True)["commune_code"]:
        team = _TEAMS[(day - FIRST_DAY).days % len(_TEAMS)][0]
        rows.append(
            (
                _make_id(province, "day", day.isoformat()),
                _make_id(province, "team", team),
                day,
                " ".join(sorted(codes)),
                "planned",
            )
        )
    return pd.DataFrame(rows, columns=TEAM_DAY_COLUMNS, dtype=object)


def simulate_weak_entries(
    province: SampleProvince, troubled: list[str], today: date
) -> pd.DataFrame:
    """The communes that had trouble on the first day, as the list that a province decided of
    (WEAK_ENTRY_COLUMNS); which ones is simulated but for one.
    """
    over = today >= _TROUBLE_ENDED
    rows = [
        (
            _make_id(province, "entry", code),
            code,
            "decision",
            FIRST_DAY,
            "Gặp khó khăn khi phát sinh hồ sơ trong ngày đầu",
            _TROUBLE_ENDED if over else None,
            "Hồ sơ phát sinh ổn định" if over else None,
            _OFFICE,
        )
        for code in troubled
    ]
    return pd.DataFrame(rows, columns=WEAK_ENTRY_COLUMNS, dtype=object)


def _make_id(province: SampleProvince, *parts: str) -> str:
    return str(uuid5(_IDS, "|".join((province.code, *parts))))


# Measure to from where it is in order and what a team proposes below that. Of counts: the share of
# what is needed.
_PROPOSALS = {
    "network_stable": (1.0, "Đề nghị doanh nghiệp viễn thông kiểm tra lại tuyến cáp"),
    "network_mbps": (50.0, "Đề nghị nâng gói cước đường truyền"),
    "signature_issued": (1.0, "Đề nghị cấp bổ sung chữ ký số cho cán bộ mới nhận việc"),
    "scanner_available": (1.0, "Đề nghị bố trí thêm máy scan, tạm dùng chung với bộ phận khác"),
}
_WHOLES = {"signature_issued": "signature_needed", "scanner_available": "scanner_needed"}
_MENDED_ON_THE_SPOT = 0.5
_PROPOSES = 0.4


def simulate_visit_notes(
    province: SampleProvince, visits: pd.DataFrame, team_days: pd.DataFrame, teams: pd.DataFrame
) -> pd.DataFrame:
    """Notes (VISIT_COLUMNS) of `visits` (verified readings), by the teams that went there: a value
    in order that the visit before found short was mended on the spot half of the time; where one
    is short they propose what would help.
    """
    names = dict(zip(teams["team_id"], teams["name"], strict=True))
    team_on = {row.goes_on: names.get(row.team_id) for row in team_days.itertuples()}
    wide = visits.pivot_table(index=["commune_code", "as_of"], columns="measure", values="value")
    rows: list[tuple[str, date, str | None, str | None, str]] = []
    for code, of_commune in wide.groupby(level="commune_code", sort=True):
        draw = make_generator(province.code, "visit notes", str(code))
        before: set[str] = set()
        for (_, day), values in of_commune.iterrows():
            short = set(_list_short(values))
            for measure in sorted(before - short):
                if draw.random() < _MENDED_ON_THE_SPOT:
                    rows.append((str(code), day, measure, team_on.get(day), VISIT_MENDED))
            for measure in sorted(short):
                if draw.random() < _PROPOSES:
                    rows.append((str(code), day, None, team_on.get(day), _PROPOSALS[measure][1]))
            before = short
    return pd.DataFrame(rows, columns=VISIT_COLUMNS, dtype=object)


def _list_short(values: pd.Series) -> Iterator[str]:
    for measure, (enough, _) in _PROPOSALS.items():
        whole = values.get(_WHOLES[measure]) if measure in _WHOLES else 1.0
        value = values.get(measure)
        if pd.notna(value) and pd.notna(whole) and whole and value / whole < enough:
            yield measure


def simulate_resources(province: SampleProvince, codes: list[str], today: date) -> pd.DataFrame:
    """Rows of RESOURCE_COLUMNS that began by `today`."""
    rows = [
        row
        for row in (
            *_list_certificates(province, codes, today),
            *_list_trainings(province, today),
            *_list_secondments(province, codes),
            *_list_devices(province, codes, today),
            *_list_forms(province),
        )
        if row["began_on"] <= today
    ]
    return pd.DataFrame(rows, columns=RESOURCE_COLUMNS, dtype=object)


def _make_row(province: SampleProvince, topic: str, key: str, **more: Any) -> dict[str, Any]:
    number = str(uuid5(NAMESPACE_URL, f"resource|{province.code}|{topic}|{key}"))
    known = {"resource_id": number, "topic": topic}
    return {**dict.fromkeys(RESOURCE_COLUMNS), **known, **more}


def _list_months(today: date) -> Iterator[tuple[date, date]]:
    """First and last day of each month from September 2025 to that of `today`."""
    first = date(2025, 9, 1)
    while first <= today:
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        yield first, last
        first = last + timedelta(days=1)


def _list_certificates(
    province: SampleProvince, codes: list[str], today: date
) -> Iterator[dict[str, Any]]:
    """In the first weeks a row a week and work for the whole province, later some communes'."""
    for variant, total in _FIRST_CERTIFICATES.items():
        amount = total if province is QUANG_NGAI else total // 3
        for week in range(_FIRST_WEEKS):
            done = amount * (week + 1) // _FIRST_WEEKS - amount * week // _FIRST_WEEKS
            yield _make_row(
                province,
                "certificate",
                f"{variant}|week {week}",
                what=_CERTIFICATE_WORDS[variant],
                variant=variant,
                quantity=done,
                done=done,
                office=_OFFICE,
                began_on=FIRST_DAY + timedelta(days=7 * week),
            )
    for first, _ in _list_months(today):
        luck = make_generator(province.code, "certificates", first.isoformat())
        for code in luck.choice(codes, 4, replace=False).tolist():
            variant = ("issue", "change", "unlock")[int(luck.random() * 3)]
            quantity = 1 + int(luck.random() * 6)
            yield _make_row(
                province,
                "certificate",
                f"{variant}|{code}|{first}",
                commune_code=code,
                what=_CERTIFICATE_WORDS[variant],
                variant=variant,
                quantity=quantity,
                done=quantity - int(luck.random() < 0.2),
                office=_OFFICE,
                began_on=first + timedelta(days=int(luck.random() * 26)),
            )


def _list_trainings(province: SampleProvince, today: date) -> Iterator[dict[str, Any]]:
    """Eight courses in the first two months, then one a month."""
    trained = _TRAINED if province is QUANG_NGAI else _TRAINED // 2
    first_courses = [(FIRST_DAY + timedelta(days=7 * week), trained // 8) for week in range(8)]
    later_courses = [
        (
            first + timedelta(days=9),
            40 + int(make_generator(province.code, str(first)).random() * 50),
        )
        for first, _ in _list_months(today)
    ]
    for number, (day, came) in enumerate([*first_courses, *later_courses]):
        yield _make_row(
            province,
            "training",
            day.isoformat(),
            what=_COURSES[number % len(_COURSES)],
            quantity=came + number % 3 * 5,
            done=came,
            office="UBND các xã, phường, đặc khu",
            began_on=day,
            ended_on=day,
        )


def _list_secondments(province: SampleProvince, codes: list[str]) -> Iterator[dict[str, Any]]:
    """An official a row, of the departments in turn; a third has no day of return."""
    seconded = _SECONDED if province is QUANG_NGAI else _SECONDED // 2
    luck = make_generator(province.code, "secondments")
    for number, code in enumerate(luck.choice(codes, seconded, replace=False).tolist()):
        yield _make_row(
            province,
            "secondment",
            str(number),
            commune_code=code,
            what=_SPECIALITIES[number % len(_SPECIALITIES)],
            quantity=1,
            office=_DEPARTMENTS[number % len(_DEPARTMENTS)],
            began_on=date(2025, 7, 14) + timedelta(days=7 * (number % 3)),
            ended_on=None if number % 3 == 0 else _SECONDED_UNTIL,
        )


def _list_devices(
    province: SampleProvince, codes: list[str], today: date
) -> Iterator[dict[str, Any]]:
    for first, last in _list_months(today):
        luck = make_generator(province.code, "devices", first.isoformat())
        share = _DEVICE_SHARE / 2
        for code in (code for code in codes if luck.random() < share):
            device = _DEVICES[int(luck.random() * len(_DEVICES))]
            variant = ("bought", "on_order", "broken")[int(luck.random() * 3)]
            yield _make_row(
                province,
                "device",
                f"{code}|{first}",
                commune_code=code,
                what=device,
                variant=variant,
                quantity=1 + int(luck.random() * 3),
                office="UBND cấp xã" if variant == "broken" else "Sở Tài chính",
                began_on=first + timedelta(days=int(luck.random() * 26)),
                ended_on=last + timedelta(days=60) if variant == "on_order" else None,
            )


def _list_forms(province: SampleProvince) -> Iterator[dict[str, Any]]:
    """Thirty services, by their field."""
    for number, name in enumerate(_FORM_FIELDS):
        yield _make_row(
            province,
            "form",
            name,
            what=f"Biểu mẫu điện tử: {name}",
            quantity=_FORMS_OF_A_FIELD,
            done=_FORMS_OF_A_FIELD - number % 2,
            office="Văn phòng UBND tỉnh",
            began_on=date(2025, 8, 11) + timedelta(days=14 * number),
        )


def simulate_feedback(province: SampleProvince, codes: list[str], today: date) -> pd.DataFrame:
    """A row a commune and whole month (FEEDBACK_COLUMNS), from September 2025 on."""
    rows = []
    for first, last in _list_months(today):
        if last > today:
            break
        luck = make_generator(province.code, "feedback", first.isoformat())
        received = luck.poisson(1.4, len(codes))
        late = luck.random(len(codes))
        scores = 18 - 4 * luck.random(len(codes)) ** 2
        for code, came, chance, score in zip(
            codes, received.tolist(), late.tolist(), scores.tolist(), strict=True
        ):
            open_still = 1 if came and chance < 0.12 else 0
            apologised = 1 if chance > 0.7 and came else 0
            rows.append((code, first, last, came, apologised, came - open_still, round(score, 1)))
    return pd.DataFrame(rows, columns=FEEDBACK_COLUMNS)
