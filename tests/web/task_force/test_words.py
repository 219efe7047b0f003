"""Cards of a task force: why, what to check, what is missing, and who is only called. The list of
weak communes, from the store to words; plans go out and come back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from dashboard import store
from dashboard.batch import TEAM_COLUMNS, TEAM_DAY_COLUMNS, WEAK_ENTRY_COLUMNS, Batch
from dashboard.reports import Reports, read_criteria
from dashboard.settings import ROOT
from dashboard.store import plans
from dashboard.store.undo import undo_batch
from dashboard.web.task_force import words
from dashboard.web.task_force.words import TaskForceCard, TaskForceDay, plan_task_force_day
from tests import making
from tests.web.reporting import CODES, TODAY, report_of

OLD = TODAY - timedelta(days=40)
COMMUNE = "21250"
ENTRY = "6f3f1f6e-2f0c-5a39-9a55-51d2b8f5a0c7"


def day_of(*rows: pd.DataFrame) -> TaskForceDay:
    return plan_task_force_day(report_of(readings=pd.concat(rows)))


def card_of(*rows: pd.DataFrame) -> TaskForceCard:
    return day_of(*rows).visits[0]


def found(days: int, **values: float) -> pd.DataFrame:
    when = TODAY - timedelta(days=days)
    return making.readings(
        (CODES[0], measure, value, "verified", when) for measure, value in values.items()
    )


def test_a_red_commune_tells_only_what_makes_it_red_and_all_that_it_lacks() -> None:
    card = card_of(
        making.declaration(
            CODES[0], TODAY, network_stable=0, scanner_available=1, signature_issued=4
        )
    )
    assert card.reason == "▲ Đường truyền: không · ▲ Chữ ký số: 4/20 (20,0%)"
    assert card.missing == ("Khắc phục: đường truyền", "Cấp: +16 chữ ký số", "Mua sắm: +1 máy scan")
    assert card.checks == ()
    assert card.visited == "chưa kiểm tra lần nào"


def test_a_line_names_three_criteria_and_counts_the_rest() -> None:
    devices = dict.fromkeys(
        ("computer_available", "scanner_available", "kiosk_available", "display_available"), 1.0
    )
    card = card_of(making.declaration(CODES[0], TODAY, **devices))
    assert card.reason.count("◐") == 3
    assert card.reason.endswith(" · và 1 điều nữa")


def test_what_a_visit_found_otherwise_is_to_be_checked_again() -> None:
    card = card_of(making.declaration(CODES[0], TODAY), found(20, network_stable=0))
    assert card.reason == "▲ Đường truyền: không ✓"
    assert card.checks == (
        "⚡ Khác kiểm tra: Đường truyền: kê khai có, kiểm tra 02/11/2026 không",
        "Phúc tra: đường truyền",
    )
    assert card.visited == "kiểm tra 02/11/2026, 20 ngày trước: chưa báo cáo thành đỏ"


def test_old_and_missing_figures_of_one_criterion_are_to_be_asked_for() -> None:
    complete = making.declaration(CODES[0], TODAY, network_stable=0)
    without = complete[~complete["measure"].isin(["online_meeting", "security_device"])]
    old = making.readings([(CODES[0], "security_device", 1, "declared", OLD)])
    assert card_of(without, old).checks == (
        "Số liệu cũ: thiết bị an toàn thông tin",
        "Chưa báo cáo: họp trực tuyến từ Trung ương",
    )


def test_green_and_found_otherwise_is_gone_to_as_well() -> None:
    teams_day = day_of(
        making.declaration(CODES[0], TODAY, network_stable=0), found(1, network_stable=1)
    )
    assert teams_day.visits[0].reason == "Đạt mọi tiêu chí, nhưng kết quả kiểm tra khác tự kê khai."
    assert (
        teams_day.title
        == "1 đơn vị cần kiểm tra, hỗ trợ: 1 mức Xanh nhưng khác kiểm tra; 4 đơn vị cần liên hệ"
    )


def test_who_is_silent_is_called_and_the_card_says_since_when() -> None:
    teams_day = day_of(making.declaration(CODES[0], OLD), making.declaration(CODES[1], TODAY))
    assert teams_day.visits == ()
    assert [card.reason for card in teams_day.calls] == [
        *["Chưa báo cáo lần nào."] * 3,
        "Báo cáo gần nhất 13/10/2026, 40 ngày trước.",
    ]
    assert teams_day.calls[-1].weak.fixes == ("report",)
    assert teams_day.title == "Không đơn vị nào cần kiểm tra, hỗ trợ; 4 đơn vị cần liên hệ"


def test_a_card_says_since_when_and_what_the_last_visit_changed() -> None:
    card = card_of(
        making.declaration(CODES[0], OLD + timedelta(days=20)), found(6, network_stable=0)
    )
    assert card.begin == "từ 16/11/2026, 6 ngày"
    assert card.visited == "kiểm tra 16/11/2026, 6 ngày trước: xanh thành đỏ"


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
    by_rule, decided = words.describe_listed(report, weak_list, team_days)
    assert (by_rule.code, by_rule.since, by_rule.basis) == (
        *("21289", "20/11/2026, 2 ngày", "theo mức Đỏ"),
    )
    assert (decided.basis, decided.reason) == ("quyết định của Sở", "chưa ổn định")
    assert decided.done == "chưa kiểm tra từ khi vào danh sách; Tổ 1 đến ngày 25/11/2026"
    assert words.tell_list_title([by_rule, decided]) == (
        "2 đơn vị trong danh sách yếu: 1 theo mức Đỏ, 1 theo quyết định"
    )
