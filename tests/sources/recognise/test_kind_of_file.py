"""Every file is recognised as exactly its own kind, whichever kinds it looks like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard import sources
from dashboard.file_kinds import KIND_NAMES
from dashboard.sources.formats import opening
from dashboard.sources.recognise.file_kinds import load_file_kinds
from dashboard.sources.recognise.kind_of_file import recognise_file
from tests.sources.forms import COLUMNS, Grid, form, official, save_csv, some_communes
from tests.sources.kinds.test_certificates import certificates
from tests.sources.kinds.test_certificates import form as certificate_form
from tests.sources.kinds.test_device_inventory import HEAD as DEVICE_HEAD
from tests.sources.kinds.test_device_inventory import one_a_row
from tests.sources.kinds.test_portal_json import answer
from tests.sources.kinds.test_portal_progress import listing
from tests.sources.kinds.test_probe_log import grid as probe_grid
from tests.sources.kinds.test_probe_log import log
from tests.sources.kinds.test_visits import HEAD as VISIT_HEAD
from tests.sources.kinds.test_visits import findings

TODAY = date(2026, 11, 22)
CODES = some_communes("51", 6)
SAMPLES = {
    "samples/ke_khai_phu_tho_2025-07-13.xlsx": "readiness",
    "samples/ke_khai_quang_ngai_2026-11-13.xlsx": "readiness",
    "samples/chung_thu_so_quang_ngai_2026-11-13.xlsx": "certificates",
    "samples/II.06a_quang_ngai_2026-10.xlsx": "dossier_report",
    "samples/ho_so_quang_ngai.csv": "dossiers",
    "published/phu_tho_2026-08_progress.csv": "portal_progress",
}


def readiness_with_a_day_of_checking() -> Grid:
    """A declaration that also says when its network was last looked at, and by whom."""
    rows = form(CODES)
    head, below = rows[3], rows[4]
    head += ["Ngày kiểm tra gần nhất", "Ghi chú"]
    below += [None, None]
    return [*rows[:5], *([*row, "10/07/2025", "đã đo"] for row in rows[5:])]


def one_row_head() -> Grid:
    return [[" ".join(path) for _, path in COLUMNS], *form(CODES)[5:]]


def devices_needed_and_available() -> Grid:
    kept = [
        column
        for column, (name, _) in enumerate(COLUMNS)
        if name == "commune" or name.startswith(("computer", "scanner", "kiosk"))
    ]
    return [[row[column] for column in kept] if len(row) > 3 else row for row in form(CODES)]


def wide_visits() -> Grid:
    head = [
        "Xã",
        "Ngày kiểm tra",
        "Đoàn kiểm tra",
        "Đường truyền",
        "Tốc độ (Mbps)",
        "Máy scan",
        "Kiến nghị",
    ]
    return [
        head,
        *([official(code), "10/11/2026", "Tổ 1", "Đạt", 50, "1/2", "không"] for code in CODES),
    ]


def wide_devices() -> Grid:
    return [
        ["Xã", "Máy tính", "Máy scan", "Kiosk", "Ghi chú"],
        *([official(code), 3, 1, 0, "đủ"] for code in CODES),
    ]


def certificate_counts() -> Grid:
    head = [
        "Đơn vị",
        "Tổng số",
        "Đang hoạt động",
        "Bị khóa",
        "Thu hồi",
        "Hết hạn",
        "Sắp hết hạn 30 ngày",
    ]
    return [head, *([official(code), 9, 7, 1, 0, 1, 2] for code in CODES)]


def probes_with_a_state_of_the_line() -> Grid:
    head = ["Xã", "Thời gian đo", "Đường truyền", "Tốc độ đường truyền (Mbps)"]
    start = date(2026, 11, 10)
    return [
        head,
        *(
            [official(code), f"{start + timedelta(number):%d/%m/%Y} 08:00", "Có", 40]
            for number, code in enumerate(CODES)
        ),
    ]


MADE: dict[str, tuple[Callable[[], Grid], str]] = {
    "declaration": (lambda: form(CODES), "readiness"),
    "declaration, one heading row": (one_row_head, "readiness"),
    "declaration with a day of checking": (readiness_with_a_day_of_checking, "readiness"),
    "declaration of devices alone": (devices_needed_and_available, "readiness"),
    "portal list": (listing, "portal_progress"),
    "certificates": (lambda: certificate_form(certificates()), "certificates"),
    "counts of certificates": (certificate_counts, "certificates"),
    "findings": (lambda: [VISIT_HEAD, *findings()], "visits"),
    "visits": (wide_visits, "visits"),
    "devices one a row": (lambda: [DEVICE_HEAD, *one_a_row()], "device_inventory"),
    "devices as columns": (wide_devices, "device_inventory"),
    "probes": (lambda: probe_grid(log()), "probe_log"),
    "probes of the line": (probes_with_a_state_of_the_line, "probe_log"),
}


@pytest.mark.parametrize(("name", "kind_code"), SAMPLES.items())
def test_every_sample_is_its_own_kind(shared: Path, name: str, kind_code: str) -> None:
    with opening.open_sheets(shared / name) as sheets:
        assert recognise_file(Path(name).name, sheets).file_kind.code == kind_code


@pytest.mark.parametrize("name", MADE)
def test_every_made_form_is_its_own_kind(tmp_path: Path, name: str) -> None:
    make, kind_code = MADE[name]
    with opening.open_sheets(save_csv(tmp_path / "a.csv", make())) as sheets:
        assert recognise_file("a.csv", sheets).file_kind.code == kind_code


def test_the_portals_json_is_the_portals_kind(tmp_path: Path) -> None:
    import json

    path = tmp_path / "tien_do_2026-08.json"
    path.write_text(json.dumps(answer()), encoding="utf-8")
    assert sources.read_file(path, today=TODAY).file_kind == "portal_progress"


def test_every_kind_has_a_code_and_a_name_of_its_own() -> None:
    kinds = load_file_kinds()
    assert (
        len({file_kind.code for file_kind in kinds})
        == len({file_kind.name for file_kind in kinds})
        == len(kinds)
    )
    assert {file_kind.code for file_kind in kinds} == set(KIND_NAMES)
    assert {file_kind for _, file_kind in MADE.values()} | set(SAMPLES.values()) <= {
        file_kind.code for file_kind in kinds
    }
