"""A form that the dashboard wrote is read back without a single doubt."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard import reference, sources
from dashboard.forms.columns import FORMS, FormColumn, find_file_kind, list_form_columns
from dashboard.forms.workbook import HEAD_ROWS, write_form
from dashboard.measures import DECLARED, MEASURES, restore_value_type

DAY = date(2026, 11, 20)
FIRST = HEAD_ROWS[-1] + 1
WRITTEN = {True: "Đạt", False: "Không đạt", "red": "Đỏ", "yellow": "Vàng", "green": "Xanh"}


def made(tmp_path: Path, kind_code: str, province: str = "51") -> tuple[Path, list[FormColumn]]:
    path = tmp_path / "form.xlsx"
    write_form(FORMS[kind_code], province, DAY, path)
    return path, list_form_columns(FORMS[kind_code])


def fill(path: Path, shown: list[FormColumn], rows: dict[int, dict[str, Any]]) -> None:
    book = openpyxl.load_workbook(path)
    for row, values in rows.items():
        for number, column in enumerate(shown, start=2):
            if column.field in values:
                cell = book["Biểu"].cell(row, number)
                assert not cell.protection.locked, f"{column.field} cannot be filled in"
                cell.value = values[column.field]
    book.save(path)


def true_value(measure: str, seed: int) -> Any:
    part = seed * (len(measure) + 3) % 40
    kinds = {
        "flag": bool(part % 2),
        "count": part,
        "mbps": part + 0.5,
        "rating": ("red", "yellow", "green")[part % 3],
    }
    return kinds[MEASURES[measure].type]


@pytest.mark.parametrize("province", ["51", "25", "01"])
def test_a_filled_in_declaration_gives_every_value_and_no_problem(
    tmp_path: Path, province: str
) -> None:
    path, shown = made(tmp_path, "readiness", province)
    codes = [str(code) for code in reference.select_communes_of_province(province).index]
    truth = {
        code: {
            **{measure: true_value(measure, int(code)) for measure in DECLARED},
            "declared_on": date(2026, 11, 19),
        }
        for code in codes[::2]
    }
    rows = {
        FIRST + codes.index(code): {
            field: WRITTEN.get(value, value) if isinstance(value, bool | str) else value
            for field, value in commune_values.items()
        }
        for code, commune_values in truth.items()
    }
    fill(path, shown, rows)
    (batch,) = sources.read_file_by_province(path, today=DAY)
    values: dict[str, dict[str, Any]] = {}
    for row in batch.readings.itertuples():
        values.setdefault(row.commune_code, {"declared_on": row.as_of})[row.measure] = (
            restore_value_type(row.measure, row.value)
        )
    assert values == truth
    assert (batch.province_code, batch.as_of.date(), batch.problems) == (province, DAY, ())


def test_an_empty_declaration_leaves_every_commune_unknown_without_a_problem(
    tmp_path: Path,
) -> None:
    (batch,) = sources.read_file_by_province(made(tmp_path, "readiness")[0], today=DAY)
    assert batch.readings.empty
    assert (batch.rows, batch.province_code, batch.problems) == (96, "51", ())


def test_a_filled_in_report_of_dossiers_gives_every_count(tmp_path: Path) -> None:
    path, shown = made(tmp_path, "dossier_report")
    counts = {
        "received": 20,
        "received_online": 10,
        "received_in_person": 6,
        "received_post": 1,
        "carried_over": 3,
        "resolved": 12,
        "resolved_early": 5,
        "resolved_on_time": 5,
        "resolved_late": 2,
        "open": 8,
        "open_in_term": 7,
        "open_overdue": 1,
        "paused": 0,
    }
    fill(path, shown, {FIRST + 3: counts})
    (batch,) = sources.read_file_by_province(path, today=DAY)
    assert (batch.period, batch.problems) == ((date(2026, 11, 1), date(2026, 11, 30)), ())
    rows = batch.dossiers.dropna(subset=["received"]).to_dict("records")
    assert [{name: row[name] for name in counts} for row in rows] == [counts]
    assert rows[0]["deciding_unit"] == str(reference.select_communes_of_province("51").index[3])


def test_findings_of_a_visit_become_verified_readings(tmp_path: Path) -> None:
    path, shown = made(tmp_path, "visits")
    values = {
        "commune": "Xã Nghĩa Giang",
        "visited_on": date(2026, 11, 18),
        "criterion": "Tốc độ mạng (Mbps)",
        "value": 42.5,
        "team": "Tổ 1",
        "note": "Đường truyền chập chờn",
    }
    fill(
        path,
        shown,
        {
            FIRST: values,
            FIRST + 1: {**values, "criterion": "Đường truyền thông suốt", "value": "Không đạt"},
        },
    )
    (batch,) = sources.read_file_by_province(path, today=DAY)
    assert batch.problems == ()
    assert set(batch.readings["basis"]) == {"verified"}
    assert dict(zip(batch.readings["measure"], batch.readings["value"], strict=True)) == {
        "network_mbps": 42.5,
        "network_stable": 0.0,
    }


def test_a_filled_in_promise_is_read_whole(tmp_path: Path) -> None:
    path, shown = made(tmp_path, "follow_ups")
    cells = {
        "commune": "Xã Nghĩa Giang",
        "what": "Cấp thêm 2 máy scan",
        "measure": "Máy scan: có",
        "target": 4,
        "owner": "Sở KH&CN",
        "promised_on": date(2026, 11, 18),
        "due_on": date(2026, 12, 18),
    }
    fill(path, shown, {FIRST: cells})
    (batch,) = sources.read_file_by_province(path, today=DAY)
    assert batch.problems == ()
    (promise,) = batch.follow_ups.to_dict("records")
    assert {name: promise[name] for name in ("what", "target", "owner", "due_on")} == {
        name: cells[name] for name in ("what", "target", "owner", "due_on")
    }


@pytest.mark.parametrize("kind_code", sorted(FORMS))
def test_every_heading_of_a_form_is_known_exactly(kind_code: str) -> None:
    vocabulary = find_file_kind(FORMS[kind_code]).vocabulary
    for column in list_form_columns(FORMS[kind_code]):
        meant = vocabulary.field_of(column.path)
        assert meant is not None
        assert meant[0] == column.field
        assert meant[1] >= 0.98


@pytest.mark.parametrize("kind_code", sorted(FORMS))
def test_headings_and_names_are_locked_and_cells_tell_what_they_take(
    tmp_path: Path, kind_code: str
) -> None:
    path, shown = made(tmp_path, kind_code)
    page = openpyxl.load_workbook(path)["Biểu"]
    assert page.protection.sheet
    assert all(
        page.cell(row, number).protection.locked
        for row in HEAD_ROWS
        for number in range(1, len(shown) + 2)
    )
    ruled = {
        cell.split(":")[0]
        for check in page.data_validations.dataValidation
        for cell in str(check.sqref).split()
    }
    needed = [number for number, column in enumerate(shown, start=2) if column.cell != "text"]
    assert len(ruled) >= len(needed) > 0


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path, _ = made(tmp_path, "readiness")
    with pytest.raises(FileExistsError):
        write_form(FORMS["readiness"], "51", DAY, path)
