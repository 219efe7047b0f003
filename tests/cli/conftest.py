"""A store of its own for each test of the command line, and a folder that is watched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.__main__ import main
from dashboard.settings import Settings
from tests.conftest import TODAY
from tools.running import environment_in


@pytest.fixture
def run(
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """Run a command on an empty store of its own; gives its exit status, output and
    error output.
    """
    for name, value in environment_in(
        tmp_path, DASHBOARD_TODAY=TODAY, DASHBOARD_WATCH_STILL="0"
    ).items():
        monkeypatch.setenv(name, value)

    def typed(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


def exported(run: Any, what: str, province: str, *more: str) -> list[dict[str, Any]]:
    """What `export` prints, as records."""
    status, out, _ = run("export", what, "--province", province, "--format", "json", *more)
    assert status == 0
    rows: list[dict[str, Any]] = json.loads(out)
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A watched folder."""
    dropped = tmp_path / "thả vào đây"
    dropped.mkdir()
    return dropped


def watch_once(run: Any, folder: Path, *more: str) -> tuple[int, str, str]:
    """One look at the folder: exit status, output and error output."""
    status, out, err = run("watch", str(folder), "--once", "--every", "0.05", *more)
    return status, out, err


def list_names(folder: Path, subfolder: str) -> list[str]:
    """What lies there; nothing where the folder is not made yet."""
    path = folder / subfolder
    return sorted(file.name for file in path.iterdir()) if path.is_dir() else []
