"""Which state of which store a figure is of: what caches, tags and open pages compare."""

from __future__ import annotations

import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class DataVersion:
    """A commit of a store. Equal only where all three are: the number counts and is shown, but two
    stores count alike; the token is drawn anew with every commit and never occurs twice.
    """

    number: int
    token: str
    store_id: str


# While the store is away: no commit has this token.
UNKNOWN_VERSION = DataVersion(0, "", "")


def draw_token() -> str:
    """A word that nobody drew before: of a commit, or of a store."""
    return secrets.token_hex(10)
