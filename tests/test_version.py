"""What tells one build of the program from another."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import version


def test_the_build_stamp_is_eight_hex_digits_and_stays_while_the_program_stays() -> None:
    stamp = version.compute_build_stamp()
    assert len(stamp) == 8
    assert int(stamp, 16) >= 0
    version.compute_build_stamp.cache_clear()
    assert version.compute_build_stamp() == stamp


@pytest.mark.parametrize("name", ["page.py", "page.html", "page.css", "page.js", "newest.sql"])
def test_whatever_a_page_is_made_of_changes_the_build_stamp(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "dashboard" / "web" / "dossiers" / name
    part.parent.mkdir(parents=True)
    part.write_text("before", encoding="utf-8")
    monkeypatch.setattr(version, "ROOT", tmp_path)
    compute_stamp = version.compute_build_stamp.__wrapped__  # without the cache
    stamp = compute_stamp()
    part.write_text("after", encoding="utf-8")
    assert compute_stamp() != stamp
