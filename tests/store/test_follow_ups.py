"""A promise is told, told anew, exported, imported again and taken back; on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import store
from dashboard.batch import FOLLOW_UP_COLUMNS
from dashboard.store import dry_run
from dashboard.store.exports import fetch_follow_ups
from tests import making

FIRST, SECOND = (f"{number:08x}-0000-0000-0000-000000000000" for number in (1, 2))
PROMISED, DUE = date(2026, 11, 2), date(2026, 11, 16)


def promises(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "follow_up_id": FIRST,
        "commune_code": "21250",
        "what": "Cấp thêm máy scan",
        "measure": "scanner_available",
        "target": 4.0,
        "owner": "Sở KH&CN",
        "promised_on": PROMISED,
        "due_on": DUE,
        "withdrawn_on": None,
        "withdrawn_reason": None,
    }
    return pd.DataFrame([usual | row for row in rows], columns=FOLLOW_UP_COLUMNS, dtype=object)


def save(engine: Engine, name: str, *rows: dict[str, Any], **more: Any) -> int:
    batch = making.batch(name, file_kind="follow_ups", follow_ups=promises(*rows), **more)
    return store.save_batch(engine, batch, by="test").batch_id


def test_a_promise_told_again_is_its_newer_state_until_that_is_taken_back(engine: Engine) -> None:
    save(engine, "a", {}, {"follow_up_id": SECOND})
    later = save(engine, "b", {"withdrawn_on": DUE, "withdrawn_reason": "Đổi kế hoạch"})
    stored = fetch_follow_ups(engine, "51").set_index("follow_up_id")
    assert stored.at[FIRST, "withdrawn_on"].date() == DUE
    assert stored["promised_on"].dt.date.tolist() == [PROMISED, PROMISED]
    assert pd.isna(stored.at[SECOND, "withdrawn_on"])
    store.undo_batch(engine, later, by="test")
    assert fetch_follow_ups(engine, "51")["withdrawn_reason"].isna().all()


def test_one_province_says_nothing_of_another_ones_promise(engine: Engine) -> None:
    save(engine, "a", {})
    save(engine, "b", {"commune_code": "25261", "what": "khác"}, province="25")
    assert fetch_follow_ups(engine, "51")["what"].tolist() == ["Cấp thêm máy scan"]


def test_simulated_promises_step_aside_and_go(engine: Engine) -> None:
    number = save(engine, "a", {}, origin="simulated")
    assert len(fetch_follow_ups(engine, "51")) == 1
    batch = making.batch("b", file_kind="follow_ups", follow_ups=promises({}))
    store.save_batches(engine, [batch], by="test", instead_of=[number])
    assert len(fetch_follow_ups(engine, "51")) == 1


def test_a_dry_run_and_an_undo_say_how_many_promises_they_change(engine: Engine) -> None:
    number = save(engine, "a", {}, {"follow_up_id": SECOND})
    third = f"{3:08x}-0000-0000-0000-000000000000"
    rows: tuple[dict[str, Any], ...] = (
        {},
        {"follow_up_id": SECOND, "target": 5.0},
        {"follow_up_id": third},
    )
    batch = making.batch("b", file_kind="follow_ups", follow_ups=promises(*rows))
    values = dry_run.compare_batches(engine, [batch])[0].values
    assert dict(zip(values["outcome"], values["values"], strict=True)) == {
        "new": 1,
        "changed": 1,
        "unchanged": 1,
    }
    preview = store.undo.preview_undo(engine, number)
    row = preview.values.set_index("part").loc["follow_ups"]
    assert (row["value_count"], row["units"]) == (2, 1)
