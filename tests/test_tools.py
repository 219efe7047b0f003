"""The tools of `make bench`, `make soak` and the outlines start, and say what they take."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from dashboard.reference import ROOT
from tools import load, load_pages
from tools.running import Server

TOOLS = (
    *("bench", "bench_people", "bench_report", "bench_sources", "chaos", "golden_record"),
    *("load", "nation", "restores", "soak"),
)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_starts_from_the_root_and_tells_its_options(tool: str) -> None:
    command = [sys.executable, "-m", f"tools.{tool}", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout


def test_five_open_pages_all_show_a_file_that_is_imported_meanwhile(
    own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_pages, "PATIENCE", 300.0)
    monkeypatch.setattr(load, "LONGEST_WAIT", 300.0)
    run = asyncio.run(load.open_pages(own_server, count=5, seconds=2, imports=1))
    assert not run.measured.errors
    assert len(run.measured.states) >= 5
    assert len(run.shown_after) == 1
    assert max(run.opened_after, *run.shown_after) < float("inf")
    assert run.memory > 50
    assert len(load.list_cells(run)) == len(load.HEADINGS)
