"""What all parts of a report see: a province on a day, and what had been told until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.indicators.criteria import Criteria
from dashboard.indicators.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Seen:
    """A province on `today`; rows of all arrays follow `codes`."""

    snapshot: Snapshot
    criteria: Criteria
    today: date

    @property
    def codes(self) -> tuple[str, ...]:
        return self.snapshot.codes

    @property
    def communes(self) -> pd.DataFrame:
        return self.snapshot.known.communes
