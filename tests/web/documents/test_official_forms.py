"""The offices' own forms, filled in from a report: our importer reads back the counts that were
imported, totals are values, and no name becomes a formula.
"""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard import sources, store
from dashboard.batch import Batch
from dashboard.indicators.report import Report
from dashboard.settings import Settings
from dashboard.web.documents.declaration_form import DECLARATION_SHEET, fill_declaration_form
from dashboard.web.documents.dossier_form import fill_dossier_form
from dashboard.web.documents.form_book import (
    NOTES_SHEET,
    SIMULATED_LINE,
    FilledForm,
    NothingToFill,
)
from dashboard.web.server import create_app
from tests import making
from tests.web.reporting import CODES, TODAY, report_of

OCTOBER = date(2026, 10, 1), date(2026, 10, 31)
FORM_COUNTS = {
    "received": 31,
    "received_online": 20,
    "received_other": 8,
    "carried_over": 3,
    "resolved": 26,
    "resolved_early": 11,
    "resolved_on_time": 9,
    "resolved_late": 6,
    "open": 5,
    "open_in_term": 4,
    "open_overdue": 1,
}


def reread(filled: FilledForm, tmp_path: Path) -> Batch:
    """What our own importer makes of the file."""
    path = tmp_path / f"{filled.name}.xlsx"
    path.write_bytes(filled.content)
    return sources.read_file(path, today=TODAY)


def notes_of(filled: FilledForm) -> str:
    sheet = openpyxl.load_workbook(BytesIO(filled.content))[NOTES_SHEET]
    return "\n".join(str(row[0]) for row in sheet.iter_rows(values_only=True))


def report_with(*rows: dict[str, object], source_kind: str = "dossier_report") -> Report:
    return report_of(counts=making.dossiers(list(rows)).assign(kind=source_kind))


def test_what_form_II_06a_told_is_told_by_the_form_again(tmp_path: Path) -> None:
    counts = [
        {"unit": CODES[0], "first": OCTOBER[0], "last": OCTOBER[1], **FORM_COUNTS},
        {
            "unit": CODES[1],
            "first": OCTOBER[0],
            "last": OCTOBER[1],
            **dict.fromkeys(FORM_COUNTS, 0),
        },
    ]
    filled = fill_dossier_form(report_with(*map(dict, counts)), simulated=False)

    batch = reread(filled, tmp_path)

    assert batch.period == OCTOBER
    assert not batch.problems
    read = batch.dossiers.set_index("deciding_unit")
    assert list(read.index) == CODES[:2]  # who told nothing is a row of blanks, not of noughts
    for unit in counts:
        for name in FORM_COUNTS:
            assert read.at[unit["unit"], name] == unit[name], name


def test_columns_that_the_form_lacks_are_told_beside_it(tmp_path: Path) -> None:
    split = {**FORM_COUNTS, "received_in_person": 6, "received_post": 2}
    del split["received_other"]
    filled = fill_dossier_form(
        report_with(
            {"unit": CODES[0], "first": OCTOBER[0], "last": OCTOBER[1], **split, "paused": 7}
        ),
        simulated=False,
    )

    assert reread(filled, tmp_path).dossiers["received_other"].tolist() == [8]
    assert "trực tiếp 6, bưu chính công ích 2" in notes_of(filled)
    assert "Biểu không có cột cho 7 hồ sơ đang tạm dừng" in notes_of(filled)


def test_form_of_a_part_of_a_month_is_no_form_of_the_month(tmp_path: Path) -> None:
    days = [
        {"unit": CODES[0], "first": date(2026, 11, day), "received": 2, "resolved": 1, "open": day}
        for day in range(1, 14)
    ]
    filled = fill_dossier_form(report_with(*days), simulated=True)

    batch = reread(filled, tmp_path)

    assert batch.period == (date(2026, 11, 1), date(2026, 11, 13))
    assert SIMULATED_LINE in notes_of(filled)


def test_declarations_come_back_with_their_own_days(tmp_path: Path) -> None:
    older = making.readings([(CODES[0], "online_meeting", 0, "declared", date(2026, 10, 2))])
    newer = making.declaration(CODES[0], date(2026, 11, 20), network_mbps=67.9, self_rating=1)
    newer = newer[newer["measure"] != "online_meeting"]
    other = making.declaration(CODES[3], date(2026, 11, 2))
    visits = making.readings([(CODES[3], "signature_issued", 1, "verified", date(2026, 11, 21))])
    report = report_of(readings=pd.concat([older, newer, other, visits]))
    filled = fill_declaration_form(report, simulated=False)

    batch = reread(filled, tmp_path)

    assert not batch.problems
    declared = pd.concat([older, newer, other])
    read_back, expected = (
        {(*row[:3], row[4]) for row in frame.itertuples(index=False)}
        for frame in (batch.readings, declared)
    )
    assert read_back == expected
    book = openpyxl.load_workbook(BytesIO(filled.content))
    assert book[DECLARATION_SHEET].max_row == 5 + len(CODES)


@pytest.mark.parametrize("fill", [fill_dossier_form, fill_declaration_form])
def test_no_figure_gives_no_form(fill: object) -> None:
    with pytest.raises(NothingToFill):
        fill(report_of(), simulated=False)  # type: ignore[operator]


def test_no_cell_of_a_form_is_a_formula_and_the_same_report_gives_the_same_file() -> None:
    report = report_with({"unit": CODES[0], "first": OCTOBER[0], "last": OCTOBER[1], **FORM_COUNTS})
    report.communes.loc[CODES[0], "name"] = "=cmd|' /C calc'!A0"
    filled = fill_dossier_form(report, simulated=False)

    with zipfile.ZipFile(BytesIO(filled.content)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml")
    assert filled == fill_dossier_form(report, simulated=False)


def test_samples_come_back_whole(shared: Path, own_pages: FlaskClient, tmp_path: Path) -> None:
    """Two real files in, both forms out, and what our importer reads of them is the same."""
    settings = own_pages.application.config["DASHBOARD_SETTINGS"]
    engine = store.open_store(settings.database_url)
    for name, address in (
        ("II.06a_quang_ngai_2026-10.xlsx", "/ho-so/bieu-II.06a.xlsx?province=51&period=2026-10"),
        ("ke_khai_quang_ngai_2026-11-13.xlsx", "/du-lieu/bieu-ke-khai.xlsx?as_of=2026-11-13"),
    ):
        original = sources.read_file(shared / "samples" / name, today=TODAY)
        store.save_batch(engine, original, by="test")
        answer = own_pages.get(address)
        assert answer.status_code == 200
        path = tmp_path / name
        path.write_bytes(answer.data)
        again = sources.read_file(path, today=TODAY)
        for part, key in (
            ("dossiers", ["deciding_unit"]),
            ("readings", ["commune_code", "measure"]),
        ):
            frames = [
                getattr(batch, part).sort_values(key, ignore_index=True)
                for batch in (original, again)
            ]
            pd.testing.assert_frame_equal(*frames, check_dtype=False)
    engine.dispose()
    missing = own_pages.get("/ho-so/bieu-II.06a.xlsx?province=52")
    assert missing.status_code == 404


def test_a_past_day_of_simulated_figures_is_told_as_simulated(
    sample_folder: Path, settings: Settings
) -> None:
    """The batch of simulated figures is newer than the days that it tells of."""
    database_url = f"sqlite:///{sample_folder / 'dashboard.sqlite'}"
    pages = create_app(settings.model_copy(update={"database_url": database_url})).server
    answer = pages.test_client().get("/ho-so/bieu-II.06a.xlsx?province=51&as_of=2026-09-30")

    sheet = openpyxl.load_workbook(BytesIO(answer.data))[NOTES_SHEET]
    assert SIMULATED_LINE in {row[0] for row in sheet.iter_rows(values_only=True)}
