"""Restores while two processes serve: `python -m tools.restores 100` is the full run."""

from __future__ import annotations

from pathlib import Path

from tools.restores import run_restores


def test_no_answer_shows_a_store_that_a_restore_has_replaced(tmp_path: Path) -> None:
    tally = run_restores(tmp_path, 5)
    assert len(tally.restores) == 6
    assert tally.list_wrong() == []
    assert {answer.shows for answer in tally.answers if answer.status == 200} == {"a", "b"}
    assert {answer.status for answer in tally.answers} <= {200, 304}, tally.format_table()
