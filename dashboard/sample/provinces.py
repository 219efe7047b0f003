"""Which provinces the sample covers, and how each is meant to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Communes that the published figures name.
KIM_BOI, IA_HRUNG, THONG_NHAT, NGHIA_GIANG = "04978", "23767", "23584", "21250"


@dataclass(frozen=True)
class Province:
    """One province of the sample; the shares are of its communes.

    `never_reported` and `stopped_reporting` count silent communes; `lasting_yellow`/`lasting_red`
    are the shares that never get every condition in order. `joint_days` are days (since
    01/07/2025) on which every commune declared at once. `departments` is the agency code under
    which departments are summed up ("" where each has its own, from the published list).
    """

    code: str
    never_reported: int
    stopped_reporting: int
    lasting_yellow: float
    lasting_red: float
    departments: str
    visits_a_month: int
    joint_days: tuple[int, ...] = ()
    all_green_by: int | None = None
    departments_a_month: int = 0
    late_first: int = 0
    visits_from: date = date(2025, 7, 7)


QUANG_NGAI = Province("51", 4, 2, 0.16, 0.14, "H48.00", 9, departments_a_month=34_000)
GIA_LAI = Province("52", 4, 3, 0.16, 0.12, "H21.00", 11, departments_a_month=48_000)
# The report of 15/07/2025 tells the state of 13/07 (day 12); 31/07 (day 30) is the day of 100 % green.
PHU_THO = Province(
    "25", 0, 5, 0.09, 0.06, "", 12, (12, 30), all_green_by=30, late_first=3, visits_from=date(2025, 8, 4)
)
PROVINCES = (QUANG_NGAI, GIA_LAI, PHU_THO)

# Phú Thọ, 13/07/2025: so many of 148 were green.
GREEN_ON_13_JULY = 76
# Quảng Ngãi, 01/07/2025: so many communes had trouble generating dossiers; in order again by 06/07.
TROUBLED_ON_DAY_ONE = 24
