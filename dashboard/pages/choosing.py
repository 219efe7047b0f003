"""How the lists of weak communes are narrowed and ordered: a plain form, kept in the address, obeyed by the server.

Every commune is always in the answer; those that do not fit are `hidden`, so that web/documents/narrowing.js narrows
at once without asking anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from dashboard import text
from dashboard.views.explain import DIMENSIONS
from dashboard.views.weak import FIXES, LEVELS, Weak

# Field to the name in the address; `from` is a word of Python.
NAMES = {"level": "level", "fix": "fix", "dimension": "dimension", "start": "from", "order": "order"}
NEAR = "near"


@dataclass(frozen=True)
class Chosen:
    """What somebody wants to see: "" is everything, no starting point, the page's own order."""

    level: str = ""
    fix: str = ""
    dimension: str = ""
    start: str = ""
    order: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str], communes: Collection[str]) -> Chosen:
        """What an address asks for; junk falls back to everything."""
        allowed: dict[str, Collection[str]] = {
            **{"level": LEVELS, "fix": FIXES, "dimension": DIMENSIONS, "start": communes},
            "order": (NEAR, "name"),
        }
        asked = {field: query.get(name, "") for field, name in NAMES.items()}
        return cls(**{field: value for field, value in asked.items() if value in allowed[field]})

    def to_query(self) -> dict[str, str]:
        """The address of this choice; `from_query` reads it back."""
        return {NAMES[field]: value for field, value in asdict(self).items() if value}

    def fits(self, one: Weak) -> bool:
        """Whether a commune is in the list."""
        wanted = ((self.level, one.levels), (self.fix, one.fixes), (self.dimension, one.dimensions))
        return all(not value or value in has for value, has in wanted)

    @property
    def words(self) -> list[str]:
        """What the list is narrowed to: `Đỏ`, `Mua sắm`."""
        told = ((LEVELS, self.level), (FIXES, self.fix), (DIMENSIONS, self.dimension))
        return [words[value] for words, value in told if value]


@dataclass(frozen=True)
class Field:
    """One choice of the form: its name in the address, its word, its options (value, word) and which is chosen."""

    name: str
    word: str
    options: Sequence[tuple[str, str]]
    value: str


def narrowing(chosen: Chosen) -> list[Field]:
    """The three choices that narrow a list."""
    return [
        Field("level", "Mức", [("", "mọi mức"), *LEVELS.items()], chosen.level),
        Field("fix", "Việc", [("", "mọi việc"), *FIXES.items()], chosen.fix),
        Field("dimension", "Lĩnh vực", [("", "mọi lĩnh vực"), *DIMENSIONS.items()], chosen.dimension),
    ]


def shown(chosen: Chosen, everybody: Sequence[Weak]) -> str:
    """How many of the list are seen, and narrowed to what: `12/45 xã: Đỏ, Mua sắm`."""
    fitting = sum(map(chosen.fits, everybody))
    words = f": {', '.join(chosen.words)}" if chosen.words else ""
    return f"{text.number(fitting)}/{text.number(len(everybody))} xã{words}"
