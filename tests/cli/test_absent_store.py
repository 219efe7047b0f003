"""Only `setup` makes a store: where it is away, whoever else wants it stops with one line."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from dashboard import store
from tools.running import free_port

COMMANDS = (
    ("import", "FILE"),
    ("import", "FILE", "--dry-run"),
    ("watch", "FOLDER", "--once", "--every", "0.05"),
    ("batches",),
    ("undo", "1"),
    ("export", "readings", "--province", "51"),
    ("export", "report", "--province", "51"),
    ("sample",),
    ("serve",),
)


@pytest.fixture
def absent(run: Any, tmp_path: Path) -> Path:
    """Where the store would be: its disk is away."""
    file = tmp_path / "dashboard.sqlite"
    file.unlink()
    return file


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_without_a_store_says_so_in_one_line_and_makes_none(
    run: Any, absent: Path, tmp_path: Path, command: tuple[str, ...], monkeypatch: Any
) -> None:
    monkeypatch.setattr(runpy, "run_module", lambda *_, **__: pytest.fail("it serves"))
    monkeypatch.setenv("PORT", str(free_port()))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    sent = inbox / "ke-khai.csv"
    sent.write_text("x")
    places = {"FILE": str(sent), "FOLDER": str(inbox)}
    status, _, err = run(*(places.get(word, word) for word in command))
    assert status == 2
    assert len(err.splitlines()) == 1
    assert "python -m dashboard setup" in err
    assert not absent.exists()
    assert [path.name for path in inbox.iterdir()] == ["ke-khai.csv"]


def test_a_file_is_tried_out_in_an_empty_temporary_folder_without_set_up(
    run: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    trial = tmp_path / "trial"
    trial.mkdir()
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", f"sqlite:///{trial / 's.sqlite'}")
    sent = tmp_path / "so_lieu.csv"
    sent.write_text("commune_code,measure,value,as_of\n21250,signature_needed,20,2026-11-21\n")
    assert run("import", str(sent))[0] == 0
    (trial / "s.sqlite").unlink()
    (trial / "other").touch()
    assert run("import", str(sent))[0] == 2, "somebody has a folder here: the store may be away"


def test_an_empty_database_is_no_store_either(tmp_path: Path) -> None:
    file = tmp_path / "nothing.sqlite"
    file.touch()
    with pytest.raises(store.StoreMissing):
        store.open_store(f"sqlite:///{file}")
    assert file.stat().st_size == 0


def test_a_store_of_an_older_schema_waits_for_its_upgrade(run: Any, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'dashboard.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    engine.dispose()
    status, _, err = run("batches")
    assert status == 2
    assert len(err.splitlines()) == 1
    assert "python -m dashboard upgrade" in err
