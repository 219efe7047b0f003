"""The queue of a phone against any line: nothing lost, nothing doubled, none overtakes another."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard.web import visit

ROUNDS = 500


@pytest.mark.parametrize("seed", [1, 20261122])
def test_three_phones_and_a_bad_line_lose_and_double_nothing(seed: int, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here")
    assert visit.__file__
    queue = tmp_path / "queue.mjs"
    shutil.copy(Path(visit.__file__).parent / "queue.js", queue)
    played = subprocess.run(
        [node, str(Path(__file__).parent / "bad_lines.mjs"), str(queue), str(seed), str(ROUNDS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stderr
