"""The tools of `make bench`, `make soak` and the outlines start, and say what they take."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.reference import ROOT, VIETNAM
from tools import load, load_pages
from tools.clocks import Clock
from tools.running import Server

TOOLS = (
    *(
        "bench",
        "bench_peers",
        "bench_people",
        "bench_report",
        "bench_sources",
        "chaos",
        "chaos_nodes",
    ),
    *("golden_record", "load", "nation", "restores", "soak"),
)


# As a person asks each of them at the root, but in one process: what they import, a second and a
# half of it each, is imported once.
ASK_FOR_HELP = """
import contextlib, io, json, runpy, sys
answers = {}
for tool in sys.argv[1:]:
    sys.modules.pop(f"tools.{tool}", None)
    sys.argv, printed, status = [tool, "--help"], io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        try:
            runpy.run_module(f"tools.{tool}", run_name="__main__", alter_sys=True)
        except SystemExit as end:
            status = end.code
        except Exception as error:
            status = repr(error)
    answers[tool] = status, printed.getvalue()
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def help_answers() -> dict[str, tuple[Any, str]]:
    """How each tool ended that was asked for its options, and what it printed."""
    command = [sys.executable, "-c", ASK_FOR_HELP, *TOOLS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers: dict[str, tuple[Any, str]] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_starts_from_the_root_and_tells_its_options(
    help_answers: dict[str, tuple[Any, str]], tool: str
) -> None:
    status, printed = help_answers[tool]
    assert status == 0
    assert "usage:" in printed


def test_a_clock_jumps_under_a_program_and_its_forks(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock", datetime(2026, 11, 22, 10, tzinfo=VIETNAM))
    program = (
        "import os, sys, time\n"
        "if os.fork(): sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))\n"
        "while sys.stdin.readline(): print(time.time(), time.monotonic(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, **clock.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        moments = []
        for ahead in (timedelta(), timedelta(days=400), timedelta(hours=-5)):
            clock.jump(ahead)
            process.stdin.write("\n")
            process.stdin.flush()
            moments.append([float(number) for number in process.stdout.readline().split()])
        process.stdin.close()
    (first, began), (ahead_seconds, _), (behind_seconds, ended) = moments
    assert f"{datetime.fromtimestamp(first, VIETNAM):%Y-%m-%d %H}" == "2026-11-22 10"
    assert ahead_seconds - first == pytest.approx(400 * 86_400, abs=60)
    assert first - behind_seconds == pytest.approx(5 * 3_600, abs=60)
    assert 0 < ended - began < 60


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
