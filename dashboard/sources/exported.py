"""What `export` writes, read back: readings, dossiers or certificates, as CSV or JSON.

Also the way in for an office that has a database of its own: the columns are named as `export` names
them, one row a value or count, any number of provinces in one file.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from dashboard import names, reference
from dashboard.batch import (
    AGENCY_COLUMNS,
    CERTIFICATE_COLUMNS,
    CERTIFICATES,
    COUNTS,
    DOSSIER_COLUMNS,
    READING_COLUMNS,
    Batch,
)
from dashboard.errors import FileRefused
from dashboard.measures import BASES, MEASURES
from dashboard.sources import days, values
from dashboard.sources import exported_cells as cells
from dashboard.sources.exported_rows import Columns
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.periods import FIRST_DAY
from dashboard.sources.sheet import Unreadable
from dashboard.sources.table import Table

_READINGS = frozenset(["commune_code", "measure", "value", "as_of"])
_DOSSIERS = frozenset(["commune_code", "from", "to"])
_CERTIFICATES = frozenset(["commune_code", "as_of", "active"])


def read(table: Table, given: Given) -> list[Batch]:
    """One batch per province. Raises FileRefused where no row can be taken."""
    if all(map(table.has, _READINGS)):
        wanted = ["commune_code", "measure", "value", "basis", "as_of"]
        columns = Columns(table, given, wanted)
        part, frame = "readings", _readings(columns, given)
    elif all(map(table.has, _DOSSIERS)):
        columns = Columns(
            table, given, ["commune_code", "from", "to", *COUNTS, "mean_days", "accepting_unit", "deciding_unit"]
        )
        part, frame = "dossiers", _dossiers(columns, given)
    else:
        columns = Columns(table, given, CERTIFICATE_COLUMNS)
        part, frame = "certificates", _certificates(columns, given)
    frame = frame[columns.kept]
    if frame.empty:
        found = list(columns.problems())
        raise FileRefused(given.file_name, "không có dòng nào nhận được", "hãy sửa các lỗi đã nêu rồi nhập lại", found)
    return _batches(part, frame, columns, given)


def _batches(part: str, frame: pd.DataFrame, columns: Columns, given: Given) -> list[Batch]:
    provinces = frame["commune_code"].map(reference.communes()["province_code"]).to_numpy()
    batches: list[Batch] = []
    for province in pd.unique(provinces):
        own = frame[provinces == province]
        first, last = (own["period_from"].min(), own["period_to"].max()) if part == "dossiers" else (None, None)
        newest = last or own["as_of"].max()
        more: dict[str, Any] = {part: _as_stored(part, own)}
        if part == "dossiers":
            more |= {"period": (first, last), "agencies": _agencies(own)}
        moment = datetime.combine(newest, time())
        problems = () if batches else columns.problems()  # of the file, told once
        batches.append(
            Batch(given.file_name, given.sha256, KIND.code, province, moment, len(own), problems=problems, **more)
        )
    return batches


def _as_stored(part: str, own: pd.DataFrame) -> pd.DataFrame:
    wanted = {"readings": READING_COLUMNS, "dossiers": DOSSIER_COLUMNS, "certificates": CERTIFICATE_COLUMNS}[part]
    return own[wanted].reset_index(drop=True)


def _readings(columns: Columns, given: Given) -> pd.DataFrame:
    measures = columns.read("measure", cells.measure)
    types = np.array([MEASURES[code].type if code else "" for code in MEASURES] + [""], dtype=object)
    place = {code: number for number, code in enumerate(MEASURES)}
    its_type = types[[place.get(measure, -1) for measure in measures]]
    value = np.full(len(measures), None, dtype=object)
    for kind, reader in cells.BY_TYPE.items():
        among = its_type == kind
        if among.any():
            value[among] = columns.read("value", reader, among)[among]
    frame = pd.DataFrame(
        {
            "commune_code": _communes(columns, given),
            "measure": measures,
            "value": pd.to_numeric(pd.Series(value)).astype(float),
            "basis": [basis or BASES[0] for basis in columns.read("basis", cells.basis)],
            "as_of": _days(columns, "as_of", given),
        }
    )
    columns.refuse(pd.isna(frame["measure"]).to_numpy(), "dòng không có tên số đo", "hãy ghi tên số đo", "measure")
    columns.kept &= frame["value"].notna().to_numpy()  # a value that was not told is not known, and no mistake
    return columns.once(frame, ["commune_code", "measure", "basis", "as_of"], ["value"])


def _dossiers(columns: Columns, given: Given) -> pd.DataFrame:
    communes = _communes(columns, given)
    accepting, deciding = columns.read("accepting_unit", cells.unit), columns.read("deciding_unit", cells.unit)
    deciding = np.where(pd.isna(accepting) & pd.isna(deciding), communes, deciding)
    whose = np.where(pd.isna(deciding), accepting, deciding)
    columns.refuse(whose != communes, "không phải đơn vị giải quyết của dòng này", "hãy sửa mã xã", "commune_code")
    counts = {name: pd.to_numeric(pd.Series(columns.read(name, values.count))).astype(float) for name in COUNTS}
    frame = pd.DataFrame(
        {
            "commune_code": communes,
            "accepting_unit": accepting,
            "deciding_unit": deciding,
            "period_from": _days(columns, "from", given),
            "period_to": _days(columns, "to", given),
            **counts,
            "mean_days": pd.to_numeric(pd.Series(columns.read("mean_days", cells.decimal))).astype(float),
        }
    )
    known = frame["period_from"].notna() & frame["period_to"].notna()
    turned = known & (frame["period_from"].where(known, FIRST_DAY) > frame["period_to"].where(known, FIRST_DAY))
    columns.refuse(turned.to_numpy(), "ngày cuối kỳ trước ngày đầu kỳ", "hãy đổi lại hai ngày", "to")
    keys = ["accepting_unit", "deciding_unit", "period_from", "period_to"]
    return columns.once(frame, keys, [*COUNTS, "mean_days"])


def _certificates(columns: Columns, given: Given) -> pd.DataFrame:
    counts = {name: pd.to_numeric(pd.Series(columns.read(name, values.count))).astype(float) for name in CERTIFICATES}
    frame = pd.DataFrame({"commune_code": _communes(columns, given), "as_of": _days(columns, "as_of", given), **counts})
    return columns.once(frame, ["commune_code", "as_of"], CERTIFICATES)


def _communes(columns: Columns, given: Given) -> np.ndarray:
    """The rows' communes; refuses rows of an unknown one, or of another province than the caller named."""
    province = names.province_named(given.province) if given.province else None
    province = given.province if given.province in reference.provinces() else province
    whose = reference.communes()["province_code"]

    def one(cell: str) -> str:
        code = names.as_code(cell)
        if code is None or code not in whose.index:
            raise Unreadable("không phải mã của xã nào", "hãy sửa mã đơn vị hành chính (5 chữ số)")
        if province and whose[code] != province:
            raise Unreadable(f"không thuộc {reference.provinces()[province]}", "hãy bỏ dòng này hoặc bỏ --province")
        return code

    found = columns.read("commune_code", one)
    columns.refuse(pd.isna(found), "dòng không có mã xã", "hãy ghi mã đơn vị hành chính", "commune_code")
    return found


def _days(columns: Columns, name: str, given: Given) -> np.ndarray:
    last = given.today + timedelta(days=366)

    def one(cell: str) -> date | None:
        day = days.day(cell)
        if day is not None and not FIRST_DAY <= day <= last:
            raise Unreadable("nằm ngoài khoảng từ 01/07/2025 đến nay", "hãy sửa ngày")
        return day

    found = columns.read(name, one)
    columns.refuse(pd.isna(found), "để trống", "hãy ghi ngày dạng 2025-07-13", name)
    return found


def _agencies(own: pd.DataFrame) -> pd.DataFrame:
    """Departments that accepted for a commune: known here by their codes only, so the code is their name."""
    codes = pd.unique(own["accepting_unit"].dropna())
    rows = [(code, code, "department", None) for code in codes if not code.isdecimal()]
    return pd.DataFrame(rows, columns=AGENCY_COLUMNS, dtype=object)


KIND = Kind(
    code="exported",
    name="bảng do lệnh export ghi",
    fields=(),
    needs=(),
    read=read,
    marks=(_READINGS, _DOSSIERS | {"received"}, _CERTIFICATES),
)
