"""Whatever goes wrong, a person gets one plain line, and no cell of a file gets into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.cli import serve, set_up
from dashboard.settings import Settings
from dashboard.web import static_files


def test_our_own_mistake_is_one_line_with_its_kind_and_place_and_nothing_of_the_file(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise KeyError("NGUYỄN THỊ BÍ MẬT 0912345678")

    monkeypatch.setattr(sources, "read_file_by_province", fail)
    status, out, err = run("import", str(tmp_path / "a.csv"))
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "KeyError, import_files.py:" in err
    assert "BÍ MẬT" not in err
    assert "0912345678" not in err


def test_a_file_name_cannot_forge_a_line_of_ours(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "a\n51: 96 đơn vị khớp"
    folder.mkdir()
    status, _, err = run("outlines", str(folder))
    assert status == 2
    assert len(err.splitlines()) == 1


def test_a_full_disk_while_static_files_are_made_is_one_plain_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(static_files, "build_static_files", full)
    with pytest.raises(serve.CannotServe, match=r"No space left on device.*DASHBOARD_STATIC_DIR"):
        set_up.prepare_static_files(settings)
