"""The tools of `make bench`, `make soak` and the outlines start, and say what they take."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dashboard.reference import ROOT

TOOLS = ("bench", "bench_report", "bench_sources", "soak", "golden_record")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_starts_from_the_root_and_tells_its_options(tool: str) -> None:
    command = [sys.executable, "-m", f"tools.{tool}", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout
