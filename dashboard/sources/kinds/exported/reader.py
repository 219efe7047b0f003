"""What `export` writes, read back: readings, dossiers or certificates, as CSV or JSON.

Also the way in for an office that has a database of its own: the columns are named as `export`
names them, one row a value or count, any number of provinces in one file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from dashboard import names, reference, text
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
from dashboard.messages import write_message
from dashboard.reference import AGENCY_CODE, FIRST_DAY
from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.exported.rows import ExportColumns
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.plausible import (
    MOST_IN_HAND,
    find_implausible_count,
    require_plausible,
)
from dashboard.sources.recognise.table import SheetTable

# One cell of our own export → its value. What is not certain raises Unreadable, with a remedy.


def read_measure_code(cell: str) -> str:
    if cell not in MEASURES:
        raise Unreadable(
            write_message("không phải tên số đo nào"),
            write_message("hãy dùng tên như lệnh export ghi, ví dụ network_mbps"),
        )
    return cell


def read_basis(cell: str) -> str:
    if cell not in BASES:
        raise Unreadable(
            write_message("không phải declared hay verified"),
            write_message("hãy ghi declared (tự kê khai) hoặc verified (đã kiểm tra)"),
        )
    return cell


def read_unit_code(cell: str) -> str:
    code = names.parse_commune_code(cell)
    if code in reference.load_communes().index:
        return str(code)
    if not AGENCY_CODE.match(cell):
        raise Unreadable(
            write_message("không phải mã đơn vị hay mã định danh cơ quan"),
            write_message("hãy ghi mã dạng 04792 hoặc H44.216"),
        )
    return cell


def read_export_decimal(cell: str) -> float | None:
    try:
        value: float | None = float(cell)
    except ValueError:
        value = values.read_decimal(text.normalize_text(cell), point=True)
    if value is not None and not 0 <= value < 1e9:
        raise Unreadable(
            write_message("không phải là số từ 0 trở lên"),
            write_message("hãy nhập số hoặc để trống"),
        )
    return value


def read_share(cell: str) -> float | None:
    value = read_export_decimal(cell)
    if value is not None and value > 1:
        raise Unreadable(
            write_message("lớn hơn 1"), write_message("hãy ghi phần từ 0 đến 1, ví dụ 0.995")
        )
    return value


# By the type of a measure (measures.Measure).
READERS_BY_TYPE: dict[str, Callable[[str], float | None]] = {
    "flag": values.read_flag,
    "count": values.read_count,
    "rating": values.read_rating,
    "mbps": read_export_decimal,
    "share": read_share,
}


# A running period ends later.
_YEAR_AHEAD = 366

_READING_MARKS = frozenset(["commune_code", "measure", "value", "as_of"])
_DOSSIER_MARKS = frozenset(["commune_code", "from", "to"])
_CERTIFICATE_MARKS = frozenset(["commune_code", "as_of", "active"])


def read_export(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province. Raises FileRefused where no row can be taken."""
    if all(map(table.has, _READING_MARKS)):
        wanted = ["commune_code", "measure", "value", "basis", "as_of"]
        columns = ExportColumns(table, context, wanted)
        part = "readings"
        frame = _read_readings(columns, context)
    elif all(map(table.has, _DOSSIER_MARKS)):
        columns = ExportColumns(
            table,
            context,
            ["commune_code", "from", "to", *COUNTS, "mean_days", "accepting_unit", "deciding_unit"],
        )
        part = "dossiers"
        frame = _read_dossiers(columns, context)
    else:
        columns = ExportColumns(table, context, CERTIFICATE_COLUMNS)
        part = "certificates"
        frame = _read_certificates(columns, context)
    frame = frame[columns.kept]
    if frame.empty:
        problems = list(columns.problems())
        raise FileRefused(
            context.file_name,
            write_message("không có dòng nào nhận được"),
            write_message("hãy sửa các lỗi đã nêu rồi nạp lại"),
            problems,
        )
    return _make_batches(part, frame, columns, context)


def _make_batches(
    part: str, frame: pd.DataFrame, columns: ExportColumns, context: ImportContext
) -> list[Batch]:
    row_provinces = frame["commune_code"].map(reference.load_communes()["province_code"]).to_numpy()
    batches: list[Batch] = []
    for province in pd.unique(row_provinces):
        province_rows = frame[row_provinces == province]
        first = None
        last = None
        if part == "dossiers":
            first = province_rows["period_from"].min()
            last = province_rows["period_to"].max()
        newest = last or province_rows["as_of"].max()
        parts: dict[str, Any] = {part: _store_columns(part, province_rows)}
        if part == "dossiers":
            parts |= {"period": (first, last), "agencies": _make_agencies(province_rows)}
        problems = () if batches else columns.problems()  # of the file, told once
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                newest,
                len(province_rows),
                problems=problems,
                **parts,
            )
        )
    return batches


def _store_columns(part: str, province_rows: pd.DataFrame) -> pd.DataFrame:
    wanted = {
        "readings": READING_COLUMNS,
        "dossiers": DOSSIER_COLUMNS,
        "certificates": CERTIFICATE_COLUMNS,
    }[part]
    return province_rows[wanted].reset_index(drop=True)


def _read_readings(columns: ExportColumns, context: ImportContext) -> pd.DataFrame:
    measures = columns.read("measure", read_measure_code)
    types = np.array(
        [MEASURES[code].type if code else "" for code in MEASURES] + [""], dtype=object
    )
    positions = {code: number for number, code in enumerate(MEASURES)}
    row_types = types[[positions.get(measure, -1) for measure in measures]]
    numbers = np.full(len(measures), None, dtype=object)
    for type_name, read_cell in READERS_BY_TYPE.items():
        mask = row_types == type_name
        if mask.any():
            numbers[mask] = columns.read("value", read_cell, mask)[mask]
    _refuse_implausible(columns, measures, numbers)
    frame = pd.DataFrame(
        {
            "commune_code": _read_communes(columns, context),
            "measure": measures,
            "value": pd.to_numeric(pd.Series(numbers)).astype(float),
            "basis": [basis or BASES[0] for basis in columns.read("basis", read_basis)],
            "as_of": _read_days(columns, "as_of", context),
        }
    )
    columns.refuse(
        pd.isna(frame["measure"]).to_numpy(),
        write_message("dòng không có tên số đo"),
        write_message("hãy ghi tên số đo"),
        "measure",
    )
    # a value that was not told is not known, and no mistake
    columns.kept &= frame["value"].notna().to_numpy()
    return columns.once(frame, ["commune_code", "measure", "basis", "as_of"], ["value"])


def _refuse_implausible(columns: ExportColumns, measures: np.ndarray, numbers: np.ndarray) -> None:
    """Refuse what is more of a measure than one commune can have."""
    all_values = pd.to_numeric(pd.Series(numbers)).to_numpy(dtype=float)
    for measure in MEASURES:
        too_large = (measures == measure) & (all_values > MEASURES[measure].most)
        if too_large.any():
            try:
                require_plausible(measure, float(all_values[too_large].max()))
            except Unreadable as error:
                columns.refuse(too_large, error.message, error.remedy, "value")


def _refuse_implausible_counts(columns: ExportColumns, frame: pd.DataFrame) -> None:
    """Refuse rows with a count that no unit can have in their period."""
    largest = frame[COUNTS].max(axis=1).fillna(0)
    suspects = largest > MOST_IN_HAND
    for position in np.flatnonzero(suspects & frame["period_to"].notna() & columns.kept):
        row = frame.iloc[position]
        counts = row[COUNTS].astype(float).to_dict()
        is_commune = row["deciding_unit"] in reference.load_communes().index
        implausible = find_implausible_count(
            counts, row["period_from"], row["period_to"], is_commune=is_commune
        )
        if implausible:
            name, message, remedy = implausible
            columns.refuse(np.arange(len(frame)) == position, message, remedy, name)


def _read_dossiers(columns: ExportColumns, context: ImportContext) -> pd.DataFrame:
    communes = _read_communes(columns, context)
    accepting = columns.read("accepting_unit", read_unit_code)
    deciding = columns.read("deciding_unit", read_unit_code)
    deciding = np.where(pd.isna(accepting) & pd.isna(deciding), communes, deciding)
    deciding_or_accepting = np.where(pd.isna(deciding), accepting, deciding)
    columns.refuse(
        deciding_or_accepting != communes,
        write_message("không phải đơn vị giải quyết của dòng này"),
        write_message("hãy sửa mã đơn vị"),
        "commune_code",
    )
    counts = {
        name: pd.to_numeric(pd.Series(columns.read(name, values.read_count))).astype(float)
        for name in COUNTS
    }
    frame = pd.DataFrame(
        {
            "commune_code": communes,
            "accepting_unit": accepting,
            "deciding_unit": deciding,
            "period_from": _read_days(columns, "from", context, _YEAR_AHEAD),
            "period_to": _read_days(columns, "to", context, _YEAR_AHEAD),
            **counts,
            "mean_days": pd.to_numeric(
                pd.Series(columns.read("mean_days", read_export_decimal))
            ).astype(float),
        }
    )
    dated = frame["period_from"].notna() & frame["period_to"].notna()
    turned = dated & (
        frame["period_from"].where(dated, FIRST_DAY) > frame["period_to"].where(dated, FIRST_DAY)
    )
    columns.refuse(
        turned.to_numpy(),
        write_message("ngày cuối kỳ trước ngày đầu kỳ"),
        write_message("hãy đổi lại hai ngày"),
        "to",
    )
    _refuse_implausible_counts(columns, frame)
    keys = ["accepting_unit", "deciding_unit", "period_from", "period_to"]
    return columns.once(frame, keys, [*COUNTS, "mean_days"])


def _read_certificates(columns: ExportColumns, context: ImportContext) -> pd.DataFrame:
    counts = {
        name: pd.to_numeric(pd.Series(columns.read(name, values.read_count))).astype(float)
        for name in CERTIFICATES
    }
    frame = pd.DataFrame(
        {
            "commune_code": _read_communes(columns, context),
            "as_of": _read_days(columns, "as_of", context),
            **counts,
        }
    )
    return columns.once(frame, ["commune_code", "as_of"], CERTIFICATES)


def _read_communes(columns: ExportColumns, context: ImportContext) -> np.ndarray:
    """The rows' communes; refuses rows of an unknown one, or of another province than the caller
    named.
    """
    province = names.find_province_named(context.province) if context.province else None
    province = context.province if context.province in reference.load_province_names() else province
    province_codes = reference.load_communes()["province_code"]

    def read_cell(cell: str) -> str:
        code = names.parse_commune_code(cell)
        if code is None or code not in province_codes.index:
            raise Unreadable(
                write_message("không phải mã của đơn vị nào"),
                write_message("hãy sửa mã đơn vị hành chính (5 chữ số)"),
            )
        if province and province_codes[code] != province:
            raise Unreadable(
                write_message(
                    "không thuộc {province}", province=reference.load_province_names()[province]
                ),
                write_message("hãy bỏ dòng này hoặc bỏ --province"),
            )
        return code

    codes = columns.read("commune_code", read_cell)
    columns.refuse(
        pd.isna(codes),
        write_message("dòng không có mã đơn vị"),
        write_message("hãy ghi mã đơn vị hành chính"),
        "commune_code",
    )
    return codes


def _read_days(
    columns: ExportColumns, name: str, context: ImportContext, days_ahead: int = 1
) -> np.ndarray:
    """Days of a column; a value of a day to come would stand as the newest until then."""
    last = context.today + timedelta(days=days_ahead)

    def read_cell(cell: str) -> date | None:
        day = days.read_day(cell)
        if day is not None and not FIRST_DAY <= day <= last:
            raise Unreadable(
                write_message("nằm ngoài khoảng từ 01/07/2025 đến nay"),
                write_message("hãy sửa ngày"),
            )
        return day

    dates = columns.read(name, read_cell)
    columns.refuse(
        pd.isna(dates),
        write_message("để trống"),
        write_message("hãy ghi ngày dạng 2025-07-13"),
        name,
    )
    return dates


def _make_agencies(province_rows: pd.DataFrame) -> pd.DataFrame:
    """Departments that accepted for a commune: known here by their codes only, so the code is their
    name.
    """
    codes = pd.unique(province_rows["accepting_unit"].dropna())
    rows = [(code, code, "department", None) for code in codes if not code.isdecimal()]
    return pd.DataFrame(rows, columns=AGENCY_COLUMNS, dtype=object)


KIND = FileKind(
    code="exported",
    fields=(),
    required_fields=(),
    read=read_export,
    marks=(_READING_MARKS, _DOSSIER_MARKS | {"received"}, _CERTIFICATE_MARKS),
)
