"""The catalogue: unit, formula, source, edge cases and a worked example of each indicator.

It is written in data/indicators/*.toml, in Vietnamese for the screen (/chi-so) and in English for
the documentation: `python -m dashboard.indicators.catalogue.markdown` prints docs/indicators.md.
The tests compute every example by the indicators' own functions.
"""

from dashboard.indicators.catalogue.loader import (
    FILES,
    FOLDER,
    GROUPS,
    INDICATORS,
    TERMS,
    CatalogueInvalid,
    find_first_with_values,
    load_catalogue,
)

__all__ = [
    "FILES",
    "FOLDER",
    "GROUPS",
    "INDICATORS",
    "TERMS",
    "CatalogueInvalid",
    "find_first_with_values",
    "load_catalogue",
]
