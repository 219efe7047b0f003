"""Outlines of communes: `load` those in use, `take` the real ones an office sends, `tiles` for the
tile map.
"""

from dashboard.outlines.import_outlines import ImportedOutlines, import_office_outlines
from dashboard.outlines.in_use import ProvinceOutline, load_outlines, locate_tiles

__all__ = [
    "ImportedOutlines",
    "ProvinceOutline",
    "import_office_outlines",
    "load_outlines",
    "locate_tiles",
]
