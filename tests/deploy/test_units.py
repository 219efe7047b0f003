"""What deploy/ names is there: commands, settings, files, users; and the system takes its units."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard.cli.parser import build_parser
from dashboard.settings import ROOT, Settings, read_settings

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
ENVIRONMENTS = sorted((DEPLOY / "examples").glob("*.env"))
_COMMAND = re.compile(r"-m dashboard ([a-z-]+)")


def known_commands() -> set[str]:
    (subparsers,) = (
        action.choices for action in build_parser()._actions if isinstance(action.choices, dict)
    )
    return set(subparsers)


def variables(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: written for name, _, written in pairs}


@pytest.mark.parametrize("file", ENVIRONMENTS, ids=lambda file: file.name)
def test_every_setting_of_the_examples_exists_and_is_taken(file: Path) -> None:
    written = variables(file)
    names = {field.alias for field in Settings.model_fields.values()}
    assert set(written) <= names
    read_settings(written)


def test_every_command_that_is_written_down_exists() -> None:
    files = [*UNITS, DEPLOY / "Containerfile", DEPLOY / "back-up.sh", ROOT / "docs/operations.md"]
    commands = {
        (file.name, command)
        for file in files
        for command in _COMMAND.findall(file.read_text(encoding="utf-8"))
    }
    assert {command for _, command in commands} >= {"serve", "watch", "backup", "check", "doctor"}
    assert [entry for entry in sorted(commands) if entry[1] not in known_commands()] == []


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    for unit in UNITS:
        content = unit.read_text(encoding="utf-8")
        # where it is installed on this machine; the file named must be there
        (tmp_path / unit.name).write_text(
            content.replace("/opt/dashboard", str(ROOT)), encoding="utf-8"
        )
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    own_lines = [line for line in verified.stderr.splitlines() if "dashboard" in line]
    assert (verified.returncode, own_lines) == (0, [])


def test_no_unit_runs_as_root_and_each_timer_has_its_service() -> None:
    names = {unit.name for unit in UNITS}
    for unit in UNITS:
        content = unit.read_text(encoding="utf-8")
        if unit.suffix == ".service":
            assert "\nUser=dashboard\n" in content, unit.name
            assert "\nNoNewPrivileges=yes\n" in content, unit.name
        else:
            assert unit.with_suffix(".service").name in names


def test_the_container_runs_without_root_from_files_that_are_there() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    copied = [words.split()[:-1] for step, words in steps if step == "COPY"]
    for name in (name for names in copied for name in names):
        assert (ROOT / name).exists(), name
    (user,) = [words for step, words in steps if step == "USER"]
    assert user.split(":")[0] not in {"0", "root"}
    assert [step for step, _ in steps].index("USER") < [step for step, _ in steps].index("CMD")
    (health,) = [words for step, words in steps if step == "HEALTHCHECK"]
    assert "/ready" in health
    (environment,) = [words for step, words in steps if step == "ENV"]
    given = dict(pair.split("=", 1) for pair in environment.split())
    given.pop("PYTHONDONTWRITEBYTECODE")
    assert set(given) <= {field.alias for field in Settings.model_fields.values()}
    read_settings(given)


def test_what_the_container_copies_is_all_that_serving_needs(tmp_path: Path) -> None:
    """A copy of just those files says its version and helps."""
    content = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    for names in re.findall(r"^COPY (.+) \S+$", content, re.MULTILINE):
        for name in names.split():
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, tmp_path / name)
            else:
                shutil.copy(source, tmp_path / name)
    said = subprocess.run(
        [sys.executable, "-m", "dashboard", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("dashboard ")


def test_logrotate_takes_its_file(tmp_path: Path) -> None:
    logrotate = shutil.which("logrotate", path="/usr/sbin:/usr/bin")
    content = (DEPLOY / "logrotate" / "dashboard").read_text(encoding="utf-8")
    assert content.count("{") == content.count("}") == 1
    assert re.search(r"^\s+rotate \d+$", content, re.MULTILINE)
    if logrotate is None:
        pytest.skip("logrotate is not here; its file was only looked at")
    file = tmp_path / "dashboard"
    file.write_text(content.replace("/var/log/dashboard", str(tmp_path)), encoding="utf-8")
    file.chmod(0o644)
    tried = subprocess.run(
        [logrotate, "-d", str(file)], capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr
    assert "error" not in tried.stderr


@pytest.fixture
def pretended_python(tmp_path: Path) -> Path:
    """A program that writes what it was asked to back up, or fails where the name says so."""
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\necho x > "$4"\n[ ! -e "$(dirname "$4")/fail" ]\n', encoding="utf-8"
    )
    python.chmod(0o755)
    return python


def back_up(folder: Path, python: Path) -> int:
    environment = {"PYTHON": str(python), "PATH": "/usr/bin:/bin"}
    command = [str(DEPLOY / "back-up.sh"), str(folder)]
    return subprocess.run(command, env=environment, check=False).returncode


def test_old_backups_go_and_the_newest_three_stay(tmp_path: Path, pretended_python: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    day = 86_400
    for age in (31, 40, 50, 60):
        file = folder / f"dashboard_{age}.backup"
        file.write_text("x", encoding="utf-8")
        moment = time.time() - age * day
        os.utime(file, (moment, moment))
    assert back_up(folder, pretended_python) == 0
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert names[-2:] == ["dashboard_31.backup", "dashboard_40.backup"]
    (folder / "fail").touch()
    assert back_up(folder, pretended_python) == 1
    left = sorted(path.name for path in folder.glob("dashboard_*"))
    assert left == names, "no half one is left"
