"""Which version of the program this is: the number of `pyproject.toml`, as in CHANGELOG.md, and the
stamp of this very build.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache, lru_cache

from dashboard.reference import ROOT

# What a page is made of: a template, style or question that changed is a new program, too.
_SUFFIXES_OF_PROGRAM = {".py", ".html", ".css", ".js", ".sql"}


@cache
def read_program_version() -> str:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(content["project"]["version"])


@lru_cache(maxsize=1)
def compute_build_stamp() -> str:
    """Eight hex digits that change when the program does: an open page with another stamp reloads
    itself.
    """
    digest = hashlib.sha256()
    code = sorted(
        path for path in ROOT.glob("dashboard/**/*") if path.suffix in _SUFFIXES_OF_PROGRAM
    )
    shown = sorted(path for path in ROOT.glob("assets/**/*") if path.is_file())
    prose = sorted(ROOT.glob("data/indicators/*.toml"))
    for path in [*code, *shown, *prose, ROOT / "data" / "criteria.toml", ROOT / "requirements.txt"]:
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:8]
