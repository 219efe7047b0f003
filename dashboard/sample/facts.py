"""The published figures: what stands in `data/sample/`, with its sources, and what the notice says of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dashboard import names
from dashboard.reference import ROOT, provinces

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
    store; where the store's model cannot hold it, `modelled` is False and `why_not` says why.
    `notice` is its short Vietnamese name.
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


def published_files() -> list[PublishedFile]:
    """Real files, to be read by `sources` and saved with the origin "published"."""
    source = "Cổng Dịch vụ công quốc gia, tiến độ giải quyết hồ sơ tháng 08/2026, tỉnh Phú Thọ"
    return [PublishedFile(PROGRESS_FILE, "25", (date(2026, 8, 1), date(2026, 8, 31)), source)]


@lru_cache(maxsize=1)
def progress_rows() -> pd.DataFrame:
    """The 163 agencies of the published list: agency_code, agency_name, received, on_time, avg_days, commune_code.

    `commune_code` is None for a department. For generating only; what the store shows goes through `sources`.
    """
    rows = pd.read_csv(PROGRESS_FILE, sep=";", encoding="utf-8")
    rows["commune_code"] = [
        names.match("25", name=name).code if level == "COMMUNE" else None
        for name, level in zip(rows["agency_name"], rows["level"], strict=True)
    ]
    return rows.drop(columns="level")


@lru_cache(maxsize=1)
def published_facts() -> tuple[PublishedFact, ...]:
    """Every figure of `published_facts.toml`; a missing or unknown field is a TypeError that names it."""
    facts = tomllib.loads(FACTS_FILE.read_text(encoding="utf-8"))["fact"]
    return tuple(PublishedFact(**{"commune": "", "computed": "", "why_not": "", **fact}) for fact in facts)


def notice(province: str | None = None) -> str:
    """The permanent line of the page while simulated figures are shown."""
    return f"Số liệu mô phỏng, trừ {notice_exceptions(province)}"


def notice_exceptions(province: str | None = None) -> str:
    """What follows "Số liệu mô phỏng, trừ " on the screen: the published figures, of one province or of all."""
    facts = [fact for fact in published_facts() if fact.modelled and province in (None, fact.province)]
    told: dict[str, dict[str, None]] = {}
    for fact in facts:
        told.setdefault(fact.province, {})[fact.notice] = None
    if province is not None:
        return f"các số đã công bố: {', '.join(told[province])}" if province in told else "các số đã công bố"
    each = (f"{provinces()[code]} ({', '.join(notices)})" for code, notices in told.items())
    return f"các số đã công bố: {'; '.join(each)}"
