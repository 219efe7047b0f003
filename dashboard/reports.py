"""From store to screen: the one place that asks the store and hands frames to indicators and views.

Cached by the version of the data, never by minutes: nothing is asked or computed again until
something was imported, and every process sees the same thing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import outlines, reference, sample, store, workdays
from dashboard.errors import DashboardError
from dashboard.indicators import periods, readiness
from dashboard.indicators.cohorts import cohorts
from dashboard.indicators.criteria import FIRST_DAY, Criteria
from dashboard.indicators.criteria_file import parse
from dashboard.indicators.day_by_day import day_by_day
from dashboard.indicators.dossiers import over_time
from dashboard.indicators.levels import Levels
from dashboard.indicators.periods import Period
from dashboard.indicators.report import Report, report
from dashboard.indicators.snapshot import Known, Snapshot
from dashboard.kept import Kept
from dashboard.store import counts, dossiers, listing, read, told
from dashboard.views import map as map_view
from dashboard.views import state as state_view
from dashboard.views.report_json import report_json

_FAR = date(9999, 12, 30)


@dataclass(frozen=True)
class Loaded:
    """What the store knows of one province at one version, all days; never changed once made."""

    known: Known
    sources: pd.DataFrame
    told: pd.DataFrame
    problems: pd.DataFrame


@dataclass(frozen=True)
class Drawing:
    """A province's SVG and its own fingerprint: browsers keep a map for good, so another drawing of the
    same outlines needs another address."""

    svg: bytes
    fingerprint: str

    @classmethod
    def of(cls, svg: str) -> Drawing:
        content = svg.encode()
        return cls(content, hashlib.sha256(content).hexdigest()[:12])


def read_criteria(path: Path) -> Criteria:
    """The rules in force. Raises CriteriaInvalid or DashboardError, saying what to mend."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DashboardError(f"Không đọc được tệp tiêu chí {path.name}; kiểm tra DASHBOARD_CRITERIA") from error
    return parse(content, path.name)


class Reports:
    """What pages, exports and checks ask for, about one store. Safe to share between threads."""

    def __init__(self, engine: Engine, criteria: Criteria, outlines_dir: Path) -> None:
        self.engine, self.criteria, self.outlines_dir = engine, criteria, outlines_dir
        # A province's whole history is some 20 MB: keep the few that are looked at, not all 34.
        self._loaded, self._reports, self._states = Kept(6), Kept(24), Kept(64)
        self._curves, self._drawings, self._answers = Kept(24), Kept(36), Kept(6)

    def version(self) -> int:
        """The data version, one small query."""
        return store.version(self.engine)

    def loaded(self, province: str, version: int) -> Loaded:
        """All that the store knows of a province, asked once per version."""
        return self._loaded.get((province, version), lambda: self._load(province))

    def _load(self, province: str) -> Loaded:
        """Asked once more where a file came in between the questions: half of one version beside half of another
        is the state of no moment. Not for ever: files may come faster than they are read."""
        for _ in range(2):
            version = self.version()
            loaded = self._asked(province)
            if self.version() == version:
                break
        return loaded

    def _asked(self, province: str) -> Loaded:
        readings, dossier_rows = told.readings(self.engine, province), counts.rows(self.engine, province)
        known = Known.of(
            reference.communes_of(province),
            told.newest_readings(readings),
            counts.counts(dossier_rows),
            listing.certificates(self.engine, province, FIRST_DAY, _FAR),
        )
        return Loaded(
            known,
            read.sources(self.engine, province, _FAR),
            told.told_days(self.engine, province, readings, dossier_rows, FIRST_DAY),
            listing.problems(self.engine, province),
        )

    def report(self, province: str, day: date, version: int, period: Period | None = None) -> Report:
        """The one report of a province on a day; `period`: days of its dossier figures, else the newest told."""
        return self._reports.get((province, day, version, period), lambda: self._report(province, day, version, period))

    def _report(self, province: str, day: date, version: int, period: Period | None) -> Report:
        loaded = self.loaded(province, version)
        shown = period or periods.newest_period(loaded.known.counts.until(day).periods)
        spoken_of = shown or Period(day, day)
        snapshot = Snapshot(
            province,
            version,
            loaded.known,
            workdays.calendar(),
            shown,
            loaded.told,
            loaded.problems,
            dossiers.open_dossiers(self.engine, province, day),
            dossiers.finished_dossiers(self.engine, province, spoken_of.first, min(spoken_of.last, day)),
        )
        return report(snapshot, self.criteria, day)

    def report_json(self, province: str, day: date, version: int) -> dict[str, Any]:
        """The report as plain JSON (views.report_json), made once."""
        return self._answers.get((province, day, version), lambda: report_json(self.report(province, day, version)))

    def state(self, province: str, day: date, today: date, version: int, attempt: int = 0) -> dict[str, Any]:
        """The data part of /api/state for a province on a day (views.state); one with a part that `failed` is made
        again with the next `attempt`, by whoever asks first."""
        key, make = (province, day, today, version), lambda: self._state(province, day, today, version)
        found = self._states.get(key, make)
        return self._states.get((*key, attempt), make) if found["failed"] else found

    def _state(self, province: str, day: date, today: date, version: int) -> dict[str, Any]:
        loaded, seen = self.loaded(province, version), self.report(province, day, version)
        return {
            "province": province,
            "province_name": reference.provinces()[province],
            "notice": self.notice(province, loaded.sources),
            **state_view.state(seen, today, self.data_time(province, day, version)),
        }

    def told(self, province: str, day: date, version: int) -> dict[str, str]:
        """What the frame of every page says of its figures: data_as_of, data_time (views.state.data_told), notice.

        The same words as `state`'s, without computing a state: a page that shows none of it does not wait for it.
        """
        time = self.data_time(province, day, version)
        return {**state_view.data_told(time), "notice": self.notice(province, self.loaded(province, version).sources)}

    def notice(self, province: str, sources: pd.DataFrame) -> str:
        """Says that figures are simulated while any of them is, or that there are none; else empty."""
        if sources.empty:
            names = reference.provinces()
            others = ", ".join(names[code] for code in read.provinces_told_of(self.engine))
            return f"Chưa nạp tệp nào của {names[province]}" + (f"; đã có số liệu: {others}" if others else "")
        return sample.notice(province) if (sources["origin"] == "simulated").any() else ""

    def green_over_time(self, province: str, day: date, version: int) -> pd.DataFrame:
        """Communes per level for each day from 01/07/2025 to `day`."""
        days = [FIRST_DAY + timedelta(days=n) for n in range((day - FIRST_DAY).days + 1)]
        history = self.loaded(province, version).known.history
        return self._curves.get(
            (province, day, version), lambda: readiness.green_over_time(history, self.criteria, days)
        )

    def day_by_day(self, province: str, days: Sequence[date], version: int) -> dict[str, Levels]:
        """Every commune's levels on consecutive days (indicators.day_by_day)."""
        history = self.loaded(province, version).known.history
        key = (province, days[0], days[-1], version, "levels")
        return self._curves.get(key, lambda: day_by_day(history, self.criteria, days))

    def dossiers_over_time(self, province: str, day: date, version: int) -> pd.DataFrame:
        """The communes' dossiers per period told, up to `day` (indicators.dossiers.over_time)."""
        known = self.loaded(province, version).known
        key = (province, day, version, "dossiers")
        return self._curves.get(key, lambda: over_time(known.counts, day, workdays.calendar()))

    def cohorts(self, province: str, day: date, version: int) -> pd.DataFrame | None:
        """What share of each week's dossiers was done when, of the last quarter up to `day` (indicators.cohorts);
        None where nobody told of single dossiers."""
        return self._curves.get((province, day, version, "cohorts"), lambda: self._cohorts(province, day))

    def _cohorts(self, province: str, day: date) -> pd.DataFrame | None:
        told = dossiers.told_at(self.engine, province)
        if told is None:
            return None
        until = min(day, told.date())
        first = max(periods.week(until - timedelta(weeks=12)).first, FIRST_DAY)
        received = dossiers.received_dossiers(self.engine, province, first, until)
        return cohorts(received, until, workdays.calendar())

    def data_time(self, province: str, day: date, version: int) -> datetime | None:
        """When the newest readiness figure of that day's picture was told, to the hour where a file says so."""
        return _data_time(self.loaded(province, version), day)

    def outline(self, province: str) -> outlines.Outline:
        """The outlines in use: the office's where imported, else the schematic ones."""
        return outlines.load(province, self.outlines_dir)

    def drawing(self, outline: outlines.Outline) -> Drawing:
        """The SVG of a boundary set (views.map), built once."""
        communes, tiles = reference.communes_of(outline.province), outlines.tiles(outline.province)
        return self._drawings.get(
            (outline.province, outline.fingerprint), lambda: Drawing.of(map_view.svg(outline, tiles, communes))
        )


def _data_time(loaded: Loaded, day: date) -> datetime | None:
    days = loaded.known.history.reported_days
    before = days[days <= pd.Timestamp(day).to_datetime64()]
    if not len(before):
        return None
    newest = pd.Timestamp(before[-1])
    told = loaded.sources["as_of"]
    same_day = told[(told.dt.normalize() == newest) & (loaded.sources["kind"] != "portal_progress")]
    return (same_day.max() if len(same_day) else newest).to_pydatetime()  # type: ignore[no-any-return]
