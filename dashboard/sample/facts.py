"""The published figures: what stands in `data/sample/`, with its sources, and what the notice says
of it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dashboard import names
from dashboard.reference import ROOT, load_province_names

# Which provinces the sample covers, and how each is meant to look.

# Communes that the published figures name.
KIM_BOI = "04978"
IA_HRUNG = "23767"
THONG_NHAT = "23584"
NGHIA_GIANG = "21250"


@dataclass(frozen=True)
class SampleProvince:
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


QUANG_NGAI = SampleProvince("51", 4, 2, 0.16, 0.14, "H48.00", 9, departments_a_month=34_000)
GIA_LAI = SampleProvince("52", 4, 3, 0.16, 0.12, "H21.00", 11, departments_a_month=48_000)
# The report of 15/07/2025 tells the state of 13/07 (day 12); 31/07 (day 30) is the day of 100%
# green.
PHU_THO = SampleProvince(
    "25",
    0,
    5,
    0.09,
    0.06,
    "",
    12,
    (12, 30),
    all_green_by=30,
    late_first=3,
    visits_from=date(2025, 8, 4),
)
PROVINCES = (QUANG_NGAI, GIA_LAI, PHU_THO)

# Phú Thọ, 13/07/2025: so many of 148 were green.
GREEN_ON_13_JULY = 76
# Quảng Ngãi, 01/07/2025: so many communes had trouble generating dossiers: few of them, on a sound
# line.
TROUBLED_ON_DAY_ONE = 24


FOLDER = ROOT / "data" / "sample"
PROGRESS_FILE = FOLDER / "phu_tho_2026-08_progress.csv"
FACTS_FILE = FOLDER / "published_facts.toml"


@dataclass(frozen=True)
class PublishedFile:
    """A real file that the sample brings along, for the ordinary reader; `period` inclusive."""

    path: Path
    province: str
    period: tuple[date, date]
    source: str


@dataclass(frozen=True)
class PublishedFact:
    """One published figure.

    `relation` says how the store's figure answers to `value`: `exactly`, `over` (more than) or
    `rounded` (after rounding to the digits printed). `computed` tells how to get it from the
    store; where the store's model cannot hold it, `modelled` is False and `why_not` says why, for
    people `remark` (Vietnamese). `dimensions`: of which the day's screen tells another count.
    `write_notice` is its short Vietnamese name.
    """

    id: str
    province: str
    commune: str
    day_from: date
    day_to: date
    figure: str
    value: float
    unit: str
    relation: str
    source: str
    notice: str
    modelled: bool
    computed: str
    why_not: str
    remark: str = ""
    dimensions: tuple[str, ...] = ()


def list_published_files() -> list[PublishedFile]:
    """Real files, to be read by `sources` and saved with the origin "published"."""
    source = "Cổng Dịch vụ công quốc gia, tiến độ giải quyết hồ sơ tháng 08/2026, tỉnh Phú Thọ"
    return [PublishedFile(PROGRESS_FILE, "25", (date(2026, 8, 1), date(2026, 8, 31)), source)]


@lru_cache(maxsize=1)
def read_progress_rows() -> pd.DataFrame:
    """The 163 agencies of the published list: agency_code, agency_name, received, on_time,
    avg_days, commune_code.

    `commune_code` is None for a department. For generating only; what the store shows goes through
    `sources`.
    """
    rows = pd.read_csv(PROGRESS_FILE, sep=";", encoding="utf-8")
    rows["commune_code"] = [
        names.match_commune("25", name=name).code if level == "COMMUNE" else None
        for name, level in zip(rows["agency_name"], rows["level"], strict=True)
    ]
    return rows.drop(columns="level")


@lru_cache(maxsize=1)
def read_published_facts() -> tuple[PublishedFact, ...]:
    """Every figure of `published_facts.toml`; a missing or unknown field is a TypeError that names
    it.
    """
    facts = tomllib.loads(FACTS_FILE.read_text(encoding="utf-8"))["fact"]
    return tuple(
        PublishedFact(**{"commune": "", "computed": "", "why_not": "", **fact}) for fact in facts
    )


def write_notice(province: str | None = None) -> str:
    """The permanent line of the page while simulated figures are shown."""
    return f"Số liệu mô phỏng, trừ {list_notice_exceptions(province)}"


def list_notice_exceptions(province: str | None = None) -> str:
    """What follows "Số liệu mô phỏng, trừ " on the screen: the published figures, of one province
    or of all.
    """
    facts = [
        fact
        for fact in read_published_facts()
        if fact.modelled and province in (None, fact.province)
    ]
    notices_by_province: dict[str, dict[str, None]] = {}
    for fact in facts:
        notices_by_province.setdefault(fact.province, {})[fact.notice] = None
    if province is not None:
        if province not in notices_by_province:
            return "các số đã công bố"
        return f"các số đã công bố: {', '.join(notices_by_province[province])}"
    province_notices = (
        f"{load_province_names()[code]} ({', '.join(notices)})"
        for code, notices in notices_by_province.items()
    )
    return f"các số đã công bố: {'; '.join(province_notices)}"
