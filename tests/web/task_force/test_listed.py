"""The list of weak communes, from the store to words; plans go out and come back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from dashboard import store
from dashboard.batch import TEAM_COLUMNS, TEAM_DAY_COLUMNS, WEAK_ENTRY_COLUMNS, Batch
from dashboard.reports import Reports, read_criteria
from dashboard.settings import ROOT
from dashboard.store import plans
from dashboard.store.undo import undo_batch
from dashboard.web.task_force import listed
from tests import making

TODAY = date(2026, 11, 22)
COMMUNE = "21250"
ENTRY = "6f3f1f6e-2f0c-5a39-9a55-51d2b8f5a0c7"


def plan_of(number: int, left_on: date | None = None) -> Batch:
    entry = (
        *(ENTRY, COMMUNE, "decision", date(2026, 11, 1), "chưa ổn định", left_on),
        *("đã ổn định" if left_on else None, "Sở"),
    )
    return Batch(
        f"danh-sach-{number}",
        f"{number:064d}",
        "weak_list",
        "51",
        datetime(2026, 11, number),
        1,
        weak_entries=pd.DataFrame([entry], columns=WEAK_ENTRY_COLUMNS, dtype=object),
        teams=pd.DataFrame(
            [("t", "Tổ 1", "Sở", 20, "VNPT", COMMUNE, None)], columns=TEAM_COLUMNS, dtype=object
        ),
        team_days=pd.DataFrame(
            [("d", "t", date(2026, 11, 25), COMMUNE, "planned")],
            columns=TEAM_DAY_COLUMNS,
            dtype=object,
        ),
    )


def test_a_newer_state_wins_and_taking_it_back_brings_the_older_one(engine: Engine) -> None:
    store.save_batch(engine, plan_of(2), by="test")
    newer = store.save_batch(engine, plan_of(3, date(2026, 11, 3)), by="test")
    (left_on,) = plans.fetch_weak_entries(engine, "51")["left_on"]
    assert left_on.date() == date(2026, 11, 3)
    undo_batch(engine, newer.batch_id, by="test")
    assert plans.fetch_weak_entries(engine, "51")["left_on"].isna().all()
    assert plans.fetch_team_days(engine, "51")["team"].tolist() == ["Tổ 1"]


def test_who_is_on_the_list_says_since_when_why_and_who_comes(
    engine: Engine, tmp_path: Path
) -> None:
    store.save_batch(engine, plan_of(2), by="test")
    red = making.declaration("21289", date(2026, 11, 20), network_stable=0)
    store.save_batch(engine, making.batch("khai", readings=red), by="test")
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), tmp_path)
    version = reports.version()
    report = reports.report("51", TODAY, version)
    weak_list = reports.weak_list("51", TODAY, version)
    team_days = reports.field_plans("51", version).team_days
    by_rule, decided = listed.describe_listed(report, weak_list, team_days)
    assert (by_rule.code, by_rule.since, by_rule.basis) == (
        *("21289", "20/11/2026, 2 ngày", "theo mức Đỏ"),
    )
    assert (decided.basis, decided.reason) == ("quyết định của Sở", "chưa ổn định")
    assert decided.done == "chưa kiểm tra từ khi vào danh sách; Tổ 1 đến ngày 25/11/2026"
    assert listed.tell_list_title([by_rule, decided]) == (
        "2 đơn vị trong danh sách yếu: 1 theo mức Đỏ, 1 theo quyết định"
    )
