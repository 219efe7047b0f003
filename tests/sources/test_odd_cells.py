"""Whatever stands in any cell of any kind of form: no crash, and what is read can be stored."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import sources
from dashboard.batch import CERTIFICATES, Batch
from dashboard.errors import FileRefused
from dashboard.measures import MEASURES
from dashboard.sources.recognise import provinces
from tests.sources.forms import Grid, save_csv, save_xlsx
from tests.sources.recognise.test_kind_of_file import MADE, TODAY

ODD = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "-",
            "0",
            "x",
            "-1",
            "1e400",
            "nan",
            "inf",
            "31/02/2026",
            "01/01/1900",
            "31/12/2099",
            "#REF!",
            "=1+1",
            "'",
            '"',
            "2/0",
            "0/0",
            "99999999999999999999",
            "½",
            "٣",
            "Xã",
            "Tổng cộng",
            "I",
            "Ngày 1 tháng 2 năm 2026",
            "🙂",
            "a" * 5000,
            "2026-11-10T25:61:00Z",
            "1.234,8",
            "%",
            "Sơn Hà",
        ]
    ),
    st.text(max_size=12),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.just(datetime(2026, 11, 10, 23, 59)),
    st.just(None),
)


def can_be_stored(batch: Batch) -> None:
    readings = batch.readings
    assert not readings.duplicated(["commune_code", "measure", "basis", "as_of"]).any()
    assert set(readings["measure"]) <= set(MEASURES)
    assert all(math.isfinite(value) and value >= 0 for value in readings["value"])
    assert (readings.loc[readings["measure"] == "network_uptime", "value"] <= 1).all()
    certificates = batch.certificates
    assert not certificates.duplicated(["commune_code", "as_of"]).any()
    assert not (certificates[CERTIFICATES] < 0).any().any()
    assert not batch.dossiers.duplicated(["accepting_unit", "deciding_unit", "period_from"]).any()
    for codes in (readings, certificates, batch.visits):
        assert {provinces.find_province_of_code(code) for code in codes["commune_code"]} <= {
            batch.province_code
        }
    for days in (readings["as_of"], batch.visits["visited_on"]):
        assert all(
            type(day) is date and date(2025, 7, 1) <= day <= date(2027, 11, 23) for day in days
        )
    assert all(len(problem.value or "") <= 40 for problem in batch.problems)


@pytest.mark.parametrize("name", MADE)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(draws=st.data())
def test_odd_cells_neither_crash_the_reader_nor_reach_the_store(
    name: str, draws: st.DataObject
) -> None:
    grid: Grid = [list(row) for row in MADE[name][0]()][:60]
    filled = [(row, column) for row, cells in enumerate(grid) for column in range(len(cells))]
    for row, column in draws.draw(st.lists(st.sampled_from(filled), min_size=1, max_size=12)):
        grid[row][column] = draws.draw(ODD)
    as_workbook = draws.draw(st.integers(0, 5)) == 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quang_ngai_2026-11-13.csv"
        batches: list[Batch] = []
        with suppress(FileRefused):
            batches = sources.read_file_by_province(_saved(path, grid, as_workbook), today=TODAY)
    for batch in batches:
        can_be_stored(batch)


def _saved(path: Path, grid: Grid, as_workbook: bool) -> Path:
    if not as_workbook:
        return save_csv(path, grid)

    def without_controls(cell: Any) -> Any:
        if isinstance(cell, str):
            return "".join(
                mark for mark in cell if mark.isprintable() and not 0xD800 <= ord(mark) < 0xE000
            )
        return cell

    return save_xlsx(path, [[without_controls(cell) for cell in row] for row in grid])
