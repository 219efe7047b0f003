"""How the lists of weak communes are narrowed and ordered: a plain form, kept in the address,
obeyed by the server.

Every commune is always in the answer; those that do not fit are `hidden`, so that
web/documents/narrowing.js narrows at once without asking anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from dashboard import text
from dashboard.web.words.explain import DIMENSIONS
from dashboard.web.words.weak import FIX_FILTERS, LEVEL_FILTERS, WeakCommune

# Field to the name in the address; `from` is a word of Python.
ADDRESS_NAMES = {
    "level": "level",
    "fix": "fix",
    "dimension": "dimension",
    "start": "from",
    "order": "order",
    "team": "team",
    "area": "area",
    "within": "within",
}
NEAREST_FIRST = "near"
# Kilometres from the start, as the crow flies, within which a commune has to be.
DISTANCE_STEPS = {km: f"{km} km đường chim bay" for km in ("5", "10", "20", "30", "50")}


@dataclass(frozen=True)
class ListNarrowing:
    """What somebody wants to see: "" is everything, no starting point, the page's own order."""

    level: str = ""
    fix: str = ""
    dimension: str = ""
    start: str = ""
    order: str = ""
    team: str = ""
    area: str = ""
    within: str = ""

    @classmethod
    def from_query(
        cls,
        query: Mapping[str, str],
        communes: Collection[str],
        teams: Collection[str] = (),
        areas: Collection[str] = (),
        distances: Collection[str] = (),
    ) -> ListNarrowing:
        """What an address asks for; junk falls back to everything. `teams`, `areas`, `distances`:
        those that a page of its own narrows by.
        """
        allowed: dict[str, Collection[str]] = {
            **{
                "level": LEVEL_FILTERS,
                "fix": FIX_FILTERS,
                "dimension": DIMENSIONS,
                "start": communes,
            },
            "order": (NEAREST_FIRST, "name"),
            "team": teams,
            "area": areas,
            "within": distances,
        }
        values_requested = {field: query.get(name, "") for field, name in ADDRESS_NAMES.items()}
        return cls(
            **{field: value for field, value in values_requested.items() if value in allowed[field]}
        )

    def to_query(self) -> dict[str, str]:
        """The address of this choice; `from_query` reads it back."""
        return {ADDRESS_NAMES[field]: value for field, value in asdict(self).items() if value}

    @property
    def taken(self) -> dict[str, str]:
        """What was taken for each field of an address; "" where it is everything."""
        return {ADDRESS_NAMES[field]: value for field, value in asdict(self).items()}

    def fits(self, commune: WeakCommune) -> bool:
        """Whether a commune is in the list."""
        conditions = (
            (self.level, commune.levels),
            (self.fix, commune.fixes),
            (self.dimension, commune.dimensions),
        )
        return all(not value or value in properties for value, properties in conditions)

    @property
    def words(self) -> list[str]:
        """What the list is narrowed to: `Đỏ`, `Mua sắm`."""
        choices = (
            (LEVEL_FILTERS, self.level),
            (FIX_FILTERS, self.fix),
            (DIMENSIONS, self.dimension),
        )
        return [words[value] for words, value in choices if value]


def list_steps_reached(km: float) -> list[str]:
    """Of DISTANCE_STEPS those that reach as far; none where nobody knows how far it is."""
    return [step for step in DISTANCE_STEPS if km <= float(step)]


@dataclass(frozen=True)
class NarrowingField:
    """One choice of the form: its name in the address, its word, its options (value, word) and
    which is chosen.
    """

    name: str
    word: str
    options: Sequence[tuple[str, str]]
    value: str


def list_narrowing_fields(narrowing: ListNarrowing) -> list[NarrowingField]:
    """The three choices that narrow a list."""
    return [
        NarrowingField("level", "Mức", [("", "mọi mức"), *LEVEL_FILTERS.items()], narrowing.level),
        NarrowingField("fix", "Việc", [("", "mọi việc"), *FIX_FILTERS.items()], narrowing.fix),
        NarrowingField(
            "dimension",
            "Lĩnh vực",
            [("", "mọi lĩnh vực"), *DIMENSIONS.items()],
            narrowing.dimension,
        ),
    ]


def tell_narrowed_count(narrowing: ListNarrowing, communes: Sequence[WeakCommune]) -> str:
    """How many of the list are seen, and narrowed to what: `12/45 đơn vị: Đỏ, Mua sắm`."""
    fitting = sum(map(narrowing.fits, communes))
    words = f": {', '.join(narrowing.words)}" if narrowing.words else ""
    return f"{text.format_part(fitting, len(communes))} đơn vị{words}"
