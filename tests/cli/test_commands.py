"""The command line as a whole: every command is there, and help costs no library."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator

import pytest

from dashboard.__main__ import import_command
from dashboard.cli.parser import build_parser
from dashboard.settings import ROOT

_LIBRARIES = ("pandas", "numpy", "sqlalchemy", "pydantic", "flask", "dash", "plotly")
# What a server needs for one page, one form or one office at most, or for no page at all.
_RARE = (
    *("authlib", "requests", "openpyxl", "alembic", "python_calamine", "typst", "duckdb"),
    *("lxml", "icalendar", "xlsxwriter", "segno", "fast_tsp", "holidays"),
    "sqlalchemy.dialects.postgresql",
)


def walk_places(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Where each command and each command of a family is defined."""
    if command := parser.get_default("run"):
        yield command
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for subparser in action.choices.values():
                yield from walk_places(subparser)


@pytest.mark.parametrize("command", sorted(set(walk_places(build_parser()))))
def test_every_command_is_where_the_parser_says(command: str) -> None:
    assert callable(import_command(command))


def list_imported(statement: str, names: tuple[str, ...]) -> str:
    """Those of `names` that a new process has imported after `statement`."""
    program = f"{statement}\nimport sys\nprint(*sorted({set(names)} & set(sys.modules)), end='')"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_help_and_version_import_no_library() -> None:
    statement = "from dashboard.cli.parser import build_parser\nbuild_parser().format_help()"
    assert list_imported(statement, _LIBRARIES) == ""


def test_a_server_imports_nothing_that_few_of_its_answers_need() -> None:
    assert list_imported("import dashboard.cli.serve, dashboard.web.server", _RARE) == ""


def test_an_export_that_is_not_there_is_told_with_those_that_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["export", "nothing", "--province", "51"])
    assert "'readings'" in capsys.readouterr().err
