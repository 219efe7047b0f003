"""Which version of the program this is: the number of `pyproject.toml`, as in CHANGELOG.md."""

from __future__ import annotations

import tomllib
from functools import cache

from dashboard.reference import ROOT


@cache
def read_program_version() -> str:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(content["project"]["version"])
