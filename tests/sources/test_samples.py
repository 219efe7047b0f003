"""The files that provinces really sent give exactly their true values."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from tests.sources.forms import written

DECLARATIONS = ["ke_khai_phu_tho_2025-07-13.xlsx", "ke_khai_quang_ngai_2026-11-13.xlsx"]


def expected(shared: Path, name: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(
        (shared / "samples" / "expected.json").read_text(encoding="utf-8")
    )[name]
    return values


@pytest.mark.parametrize("name", DECLARATIONS)
def test_every_cell_of_a_declaration_is_read_as_it_is_meant(shared: Path, name: str) -> None:
    batch = sources.read_file(shared / "samples" / name, today=date(2026, 11, 22))
    truth = expected(shared, name)
    said = {
        code: {**values, "declared_on": date.fromisoformat(values["declared_on"])}
        for code, values in truth["communes"].items()
        if values is not None
    }
    assert written(batch) == said
    assert (batch.file_kind, batch.province_code) == ("readiness", truth["province"])
    assert batch.as_of == datetime.combine(
        date.fromisoformat(truth["as_of"]), datetime.min.time()
    ).replace(hour=16)
    assert set(batch.readings["basis"]) == {"declared"}
    assert batch.problems == ()


@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_commune_that_did_not_declare_gives_nothing_and_no_problem(
    shared: Path, name: str
) -> None:
    batch = sources.read_file(shared / "samples" / name, today=date(2026, 11, 22))
    silent = {code for code, values in expected(shared, name)["communes"].items() if values is None}
    assert silent
    assert not silent & set(batch.readings["commune_code"])


def test_the_portals_list_sums_to_the_published_totals(shared: Path) -> None:
    batch = sources.read_file(
        shared / "published" / "phu_tho_2026-08_progress.csv", today=date(2026, 11, 22)
    )
    assert batch.dossiers["received"].sum() == 184_513
    assert batch.dossiers["on_time_766"].sum() == 144_625
    assert (batch.file_kind, batch.province_code, batch.problems) == ("portal_progress", "25", ())
    assert batch.period == (date(2026, 8, 1), date(2026, 8, 31))


def test_departments_stand_apart_from_communes_and_codes_are_learned(shared: Path) -> None:
    batch = sources.read_file(
        shared / "published" / "phu_tho_2026-08_progress.csv", today=date(2026, 11, 22)
    )
    agencies = batch.agencies.set_index("agency_code")
    assert agencies["level"].value_counts().to_dict() == {"commune": 148, "department": 15}
    assert agencies["commune_code"].dropna().is_unique
    units = set(batch.dossiers["deciding_unit"])
    assert "H44.42" in units
    assert "H44.216" not in units, (
        "a commune is known by its own code, its agency code is only learned"
    )
    assert set(agencies["commune_code"].dropna()) <= units


def test_nothing_received_has_no_mean_time(shared: Path) -> None:
    batch = sources.read_file(
        shared / "published" / "phu_tho_2026-08_progress.csv", today=date(2026, 11, 22)
    )
    nothing = batch.dossiers[batch.dossiers["received"] == 0]
    assert len(nothing)
    assert nothing["mean_days"].isna().all()
