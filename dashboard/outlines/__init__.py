"""Outlines of communes: `load` those in use, `take` the real ones an office sends, `tiles` for the tile map."""

from dashboard.outlines.loading import Outline, load
from dashboard.outlines.taking import Taken, take
from dashboard.outlines.tiling import tiles

__all__ = ["Outline", "Taken", "load", "take", "tiles"]
