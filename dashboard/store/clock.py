"""The clock by which the store keeps moments, and moments that are still to come: a clock stood
wrong when they were written, and was set right.

Nobody waits for such a moment, and nothing counts as seen until then.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

# Clocks of two machines differ so far, and no more.
CLOCK_TOLERANCE = timedelta(minutes=10)


def read_clock() -> datetime:
    """Now, UTC, naive, as the store keeps moments."""
    return datetime.now(UTC).replace(tzinfo=None)


def is_to_come(moment: Any, now: Any) -> Any:
    """Whether a moment lies further ahead of `now` than clocks differ; of a column or a frame's
    series each.
    """
    return moment > now + CLOCK_TOLERANCE
