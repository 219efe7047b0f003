"""Documentation that cannot rot: every command, option and setting stands in README.md as it is."""

from __future__ import annotations

import argparse
import re

import pytest
from pydantic.fields import FieldInfo

from dashboard.cli.parser import build_parser
from dashboard.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    (names,) = (
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(names.choices)


def documented() -> set[str]:
    return set(re.findall(r"`python -m dashboard ([a-z]+)", README))


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert name in documented()


def test_the_readme_names_no_command_that_is_not_there() -> None:
    assert documented() <= set(commands())


def test_every_command_says_what_it_does() -> None:
    for name, command in commands().items():
        assert (command.description or "").endswith("."), name


@pytest.mark.parametrize("field", Settings.model_fields.values(), ids=lambda field: field.alias)
def test_every_setting_stands_in_the_readme_with_its_default_and_meaning(field: FieldInfo) -> None:
    default = f"`{field.default}`" if field.default else ""
    assert f"| `{field.alias}` | {default} | {field.description} |" in README.splitlines()


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    settings_named = set(re.findall(r"`(DASHBOARD_[A-Z_]+)`", README))
    assert settings_named <= {field.alias for field in Settings.model_fields.values()}
