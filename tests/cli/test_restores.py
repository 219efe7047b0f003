"""Restores while two processes serve: `python -m tools.restores 100` is the full run, with
`--store postgresql` on that database.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.postgresql import PostgreSQL
from tools.restores import run_restores


def test_no_answer_shows_a_store_that_a_restore_has_replaced(tmp_path: Path) -> None:
    tally = run_restores(tmp_path, 5, lambda name: f"sqlite:///{tmp_path / name}.sqlite")
    assert len(tally.restores) == 6
    assert tally.list_wrong() == []
    assert {answer.shows for answer in tally.answers if answer.status == 200} == {"a", "b"}
    assert {answer.status for answer in tally.answers} <= {200, 304}, tally.format_table()


def test_on_postgresql_too_and_only_while_it_is_restored_nobody_may_read(
    tmp_path: Path, postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", postgresql.extend_path())
    tally = run_restores(tmp_path, 3, postgresql.create_database)
    assert len(tally.restores) == 4
    assert tally.list_wrong() == []
    assert tally.list_failed_later() == []
    assert {answer.shows for answer in tally.answers if answer.status == 200} == {"a", "b"}
    assert {answer.status for answer in tally.answers} <= {200, 304, 503}, tally.format_table()
