"""The reports of a store: the one place that asks the store and hands frames to indicators.

Cached by the version of the data, never by minutes: nothing is asked or computed again until
something was imported or the store is another one, and every process sees the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from weakref import ReferenceType, WeakValueDictionary, ref

import pandas as pd
from sqlalchemy import Engine

from dashboard import store, workdays
from dashboard.cache import Result, SingleFlightCache
from dashboard.data_version import DataVersion
from dashboard.errors import DashboardError
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.criteria_file import parse_criteria
from dashboard.indicators.field.weak_list import WeakList, build_weak_list
from dashboard.indicators.levels import Levels
from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.levels_over_time import assess_dimensions_by_day
from dashboard.indicators.report import Report, build_report
from dashboard.indicators.snapshot import ListedDossiers, Snapshot
from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.dossiers import list_dossiers_over_time
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.single_dossiers import summarise_cohorts
from dashboard.indicators.throughput.source_selection import select_period_figures
from dashboard.memory import give_memory_back
from dashboard.messages import write_message
from dashboard.national import NationalSummaries
from dashboard.outlines.in_use import ProvinceOutline, load_outlines
from dashboard.provinces import LoadedProvince, fetch_province
from dashboard.reference import FIRST_DAY
from dashboard.store import StoreUnavailable, dossiers, plans, read
from dashboard.store.provinces import CountingBatches, fetch_counting_batches
from dashboard.store.readings import fetch_visit_notes

# What a province's figures depend on: the store, its own files, and the names of agencies,
# which files of other provinces may bring.
ProvinceStamp = tuple[str, str, str]
# What a province's single dossiers depend on: the store, and those of its files that told of any.
ListsStamp = tuple[str, CountingBatches]
# A province is 15 MB in each process that computes: who steps through its days or pages finds it,
# and what answers were made of is not kept for the hour until somebody asks for another one.
_UNASKED_SECONDS = 120.0
# Of a province of which there is a newer state nobody asks for the older one, but who is at it.
_OLDER_SECONDS = 10.0
# So long what an answer leaves behind stays with the process: memory that lies free between arrays.
_SWEEP_SECONDS = 5.0


class DataChanged(StoreUnavailable):
    """The version that was asked for is no longer the newest one."""


@dataclass(frozen=True)
class FieldPlans:
    """The newest states of the plans of a province (store/plans.py)."""

    weak_entries: pd.DataFrame
    teams: pd.DataFrame
    team_days: pd.DataFrame


def read_criteria(path: Path) -> Criteria:
    """The rules in force. Raises CriteriaInvalid or DashboardError, saying what to mend."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DashboardError(
            write_message(
                "Không đọc được tệp tiêu chí {path}; kiểm tra DASHBOARD_CRITERIA", path=path.name
            )
        ) from error
    return parse_criteria(content, path.name)


class Reports:
    """What pages, exports and checks ask for, about one store. Safe to share between threads."""

    def __init__(self, engine: Engine, criteria: Criteria, outlines_dir: Path) -> None:
        self.engine = engine
        self.criteria = criteria
        self.outlines_dir = outlines_dir
        # A key is all that a thing depends on, so that nothing kept is ever out of date and nothing
        # is thrown away when a file comes: what nobody asks for any more goes after a while. The
        # criteria are in none: they are read once, at start-up.
        # (province, stamp), without a day: every day is computed from the same rows. Keep the few
        # provinces that are looked at, not all 34.
        self._loaded = SingleFlightCache(4, "provinces", self._forget_province)
        # (province, store): what was made last of each, as long as somebody keeps it; where batches
        # were only added since, theirs are added to it.
        self._newest_loaded = WeakValueDictionary[tuple[str, str], LoadedProvince]()
        self._newest_stamps: dict[tuple[str, str], ProvinceStamp] = {}
        # (province, day, stamp, period): the period that was asked for, not the one that was
        # chosen for it, so that all who name none share one report without looking it up first.
        self._reports = SingleFlightCache(12, "reports")
        # (what, province, day, stamp): what is the same for reports of all periods.
        self._shared_parts = SingleFlightCache(32, "parts")
        # (what, province, days, lists' stamp): made by a walk through single dossiers, which most
        # files leave as they are. Half a dozen things for each page that tells of them.
        self._listed_parts = SingleFlightCache(24, "lists")
        # What pages make from reports is kept beside them, by the version, which it tells.
        self.kept_states = SingleFlightCache(16, "states")
        self.kept_documents = SingleFlightCache(6, "documents")
        # The rows of /api/v1, some megabytes a list.
        self.kept_rows = SingleFlightCache(8, "rows")
        self._department_names = SingleFlightCache(4, "names")
        # What a process does that has nothing left in its memory.
        self.rest: Callable[[], None] = _go_on
        self._sweep_lock = Lock()
        self._is_swept = False
        self._made_when_tidied = 0
        self.national = NationalSummaries(engine, criteria, self._read_version)

    def version(self) -> DataVersion:
        """The data version, one small query."""
        return store.fetch_data_version(self.engine)

    def forget_unasked(self) -> bool:
        """Gives up what nobody asked for in a while, and to the machine what was needed to make the
        rest; whether anything is left.
        """
        caches = (
            self._loaded,
            self._reports,
            self._shared_parts,
            self._listed_parts,
            self.kept_states,
            self.kept_documents,
            self.kept_rows,
        )
        before = sum(map(len, caches))
        made = sum(cache.made for cache in caches)
        with self._sweep_lock:
            self._loaded.forget_unasked(_OLDER_SECONDS, self._is_older_state)
            self._listed_parts.forget_unasked(_OLDER_SECONDS, self._is_of_older_lists)
            for cache in caches:
                cache.forget_unasked(_UNASKED_SECONDS)
            after = sum(map(len, caches))
            self._is_swept = after > 0
            is_untidy = after < before or made != self._made_when_tidied
            self._made_when_tidied = made
        if is_untidy:
            give_memory_back()
        if after == 0:
            self.rest()
        return after > 0

    def _is_older_state(self, key: tuple[str, ProvinceStamp]) -> bool:
        """Of the keys of `_loaded`: whether the province was loaded since with other files."""
        province, stamp = key
        return self._newest_stamps.get((province, stamp[0]), stamp) != stamp

    def _is_of_older_lists(self, key: tuple[Any, ...]) -> bool:
        """Of the keys of `_listed_parts`: whether the province was loaded since with other
        dossiers.
        """
        _, province, _, (store_id, batches) = key
        newest = self._newest_loaded.get((province, store_id))
        return newest is not None and newest.counts.batches != batches

    def _sweep_from_now_on(self) -> None:
        """By a thread of its own, in the processes that compute: nobody may ask them again."""
        with self._sweep_lock:
            if not self._is_swept:
                self._is_swept = True
                Thread(target=_sweep, args=(ref(self),), daemon=True, name="sweep").start()

    @contextmanager
    def _read_version(self, version: DataVersion) -> Iterator[None]:
        """Questions inside are answered from that version; raises DataChanged where it is gone.
        Half of one beside half of another is the state of no moment, and under the name of the
        first it would come back with a backup.
        """
        with store.hold_one_commit(self.engine):
            if self.version() != version:
                raise _tell_data_changed()
            yield

    def loaded(self, province: str, version: DataVersion) -> LoadedProvince:
        """All that the store knows of a province, asked once for the files that it has."""
        key = province, self._stamp(province, version)
        return self._loaded.get(key, lambda: self._load(province, version))

    def _stamp(self, province: str, version: DataVersion) -> ProvinceStamp:
        """Equal for two versions exactly where the province's figures are."""
        names = self._name_departments(version)
        files = self.national.stamp_provinces(version).get(province, "")
        return version.store_id, files, sha256(repr(sorted(names.items())).encode()).hexdigest()

    def _name_departments(self, version: DataVersion) -> dict[str, str]:
        return self._department_names.get(
            version,
            lambda: self._fetch_confirmed(
                version, lambda: dossiers.fetch_department_names(self.engine)
            ),
        )

    def _forget_province(self, province_and_stamp: tuple[str, ProvinceStamp]) -> None:
        """A report holds its province's whole history: where that fell out, so do its reports, else
        memory would grow with the provinces that were ever looked at.
        """
        self._reports.forget(lambda key: (key[0], key[2]) == province_and_stamp)
        self._shared_parts.forget(lambda key: (key[1], key[3]) == province_and_stamp)

    def _load(self, province: str, version: DataVersion) -> LoadedProvince:
        self._sweep_from_now_on()
        names = self._name_departments(version)
        place = province, version.store_id
        before = self._newest_loaded.get(place)
        with self._read_version(version):
            loaded = fetch_province(self.engine, province, names, before)
        self._newest_loaded[place] = loaded
        self._newest_stamps[place] = self._stamp(province, version)
        return loaded

    def report(
        self, province: str, day: date, version: DataVersion, period: Period | None = None
    ) -> Report:
        """The one report of a province on a day; `period`: days of its dossier figures, else
        `opening_period`.
        """
        stamp = self._stamp(province, version)
        return self._reports.get(
            (province, day, stamp, period), lambda: self._report(province, day, version, period)
        )

    def _report(
        self, province: str, day: date, version: DataVersion, period: Period | None
    ) -> Report:
        loaded = self.loaded(province, version)
        selected_period = period or self.opening_period(province, day, version)
        figures_period = selected_period or Period(day, day)
        days = figures_period.first, min(figures_period.last, day)
        lists = version.store_id, loaded.counts.batches
        snapshot = Snapshot(
            province,
            version,
            loaded.province_data,
            workdays.load_calendar(),
            selected_period,
            loaded.reporting_days,
            loaded.problems,
            ListedDossiers(
                lambda: self._open_dossiers(province, day, lists),
                lambda: self._finished_dossiers(province, days, lists),
                lambda: self._listed_ends(province, days, lists),
            ),
        )
        return build_report(snapshot, self.criteria, day)

    def opening_period(self, province: str, day: date, version: DataVersion) -> Period | None:
        """The period whose figures are shown where none is asked for; None: nobody told any.

        The newest; of a month that has only begun the whole one before, as long as one source tells
        all of it: the first hours of a month are no rate, and give nobody a place.
        """
        newest = self.newest_period(province, day, version)
        calendar = workdays.load_calendar()
        if newest is None or periods.find_comparison_period(newest, calendar) is not None:
            return newest
        before = periods.find_previous_period(newest.natural_period)
        counts = self.loaded(province, version).province_data.counts

        def is_told_whole() -> bool:
            figures = select_period_figures(counts.until(day), before.first, before.last, calendar)
            return figures is not None and figures.complete

        is_whole = self._share(("month before is whole", province, day), version, is_told_whole)
        return before if is_whole else newest

    def newest_period(self, province: str, day: date, version: DataVersion) -> Period | None:
        """The newest that was told. Asked of the counts: whoever wants another period's report
        needs none of this one's.
        """
        counts = self.loaded(province, version).province_data.counts
        return self._share(
            ("newest period", province, day),
            version,
            lambda: periods.find_newest_period(counts.until(day).periods),
        )

    def _share(
        self, what: tuple[Any, ...], version: DataVersion, compute: Callable[[], Result]
    ) -> Result:
        """`what`: its name, province and day; the same for reports of all periods."""
        stamp = self._stamp(what[1], version)
        return self._shared_parts.get((*what, stamp), compute)

    def _stamp_lists(self, province: str, version: DataVersion) -> ListsStamp:
        return version.store_id, self.loaded(province, version).counts.batches

    def _share_listed(
        self, what: tuple[Any, ...], lists: ListsStamp, fetch: Callable[[], Result]
    ) -> Result:
        """As `_share`, of single dossiers: whichever report asks, and when, as long as no file came
        or went that told of any.
        """

        def fetch_confirmed() -> Result:
            with store.hold_one_commit(self.engine):
                _, with_counts = fetch_counting_batches(self.engine, what[1])
                if (self.version().store_id, with_counts) != lists:
                    raise _tell_data_changed()
                return fetch()

        return self._listed_parts.get((*what, lists), fetch_confirmed)

    def _open_dossiers(self, province: str, day: date, lists: ListsStamp) -> pd.DataFrame:
        """Open on the evening of a day, whatever period a report speaks of."""
        return self._share_listed(
            ("open dossiers", province, day),
            lists,
            lambda: dossiers.fetch_open_dossiers(self.engine, province, day),
        )

    def _finished_dossiers(
        self, province: str, days: tuple[date, date], lists: ListsStamp
    ) -> pd.DataFrame:
        """Finished from the first to the last of `days`."""
        return self._share_listed(
            ("finished dossiers", province, days),
            lists,
            lambda: dossiers.fetch_finished_dossiers(self.engine, province, *days),
        )

    def _listed_ends(
        self, province: str, days: tuple[date, date], lists: ListsStamp
    ) -> pd.DataFrame | None:
        """What lists tell of the ends of `days`; None where nobody told of single dossiers."""
        return self._share_listed(
            ("listed ends", province, days),
            lists,
            lambda: dossiers.count_listed_ends(self.engine, province, *days),
        )

    def green_over_time(self, province: str, day: date, version: DataVersion) -> pd.DataFrame:
        """Communes per level for each day from 01/07/2025 to `day`."""
        days = [FIRST_DAY + timedelta(days=n) for n in range((day - FIRST_DAY).days + 1)]
        return self._share(
            ("green over time", province, day),
            version,
            lambda: assessment.tabulate_levels(self._overall_by_day(province, days, version), days),
        )

    def _overall_by_day(self, province: str, days: Sequence[date], version: DataVersion) -> Levels:
        """Every commune's overall level on days in order, by which lists and curves are made."""
        history = self.loaded(province, version).province_data.history
        return self._share(
            ("overall by day", province, (tuple(days[:1]), len(days))),
            version,
            lambda: assessment.assess_levels_over_time(history, self.criteria, days),
        )

    def day_by_day(
        self, province: str, days: Sequence[date], version: DataVersion
    ) -> dict[str, Levels]:
        """Every commune's levels on consecutive days."""
        history = self.loaded(province, version).province_data.history
        return self._share(
            ("levels", province, (days[0], days[-1])),
            version,
            lambda: assess_dimensions_by_day(history, self.criteria, days),
        )

    def dossiers_over_time(self, province: str, day: date, version: DataVersion) -> pd.DataFrame:
        """The communes' dossiers per period told, up to `day`."""
        counts = self.loaded(province, version).province_data.counts
        return self._share(
            ("dossiers over time", province, day),
            version,
            lambda: list_dossiers_over_time(counts, day, workdays.load_calendar()),
        )

    def cohorts(self, province: str, day: date, version: DataVersion) -> pd.DataFrame | None:
        """What share of each week's dossiers was done when, of the last quarter up to `day`;
        None where nobody told of single dossiers."""
        return self._share_listed(
            ("cohorts", province, day),
            self._stamp_lists(province, version),
            lambda: self._cohorts(province, day),
        )

    def _cohorts(self, province: str, day: date) -> pd.DataFrame | None:
        newest_list_at = dossiers.fetch_list_moment(self.engine, province)
        if newest_list_at is None:
            return None
        until = min(day, newest_list_at.date())
        first = max(periods.find_week_of(until - timedelta(weeks=12)).first, FIRST_DAY)
        received = dossiers.fetch_received_dossiers(self.engine, province, first, until)
        return summarise_cohorts(received, until, workdays.load_calendar())

    def procedures(
        self, province: str, period: Period, day: date, version: DataVersion
    ) -> pd.DataFrame:
        """Which procedures the dossiers are of, latest first (dossiers.fetch_procedures)."""
        return self._listed(dossiers.fetch_procedures, province, period, day, version)

    def fields(
        self, province: str, period: Period, day: date, version: DataVersion
    ) -> pd.DataFrame:
        """Which fields the dossiers' procedures are of, latest first (dossiers.fetch_fields)."""
        return self._listed(dossiers.fetch_fields, province, period, day, version)

    def handovers(
        self, province: str, period: Period, day: date, version: DataVersion
    ) -> pd.DataFrame:
        """Who accepted dossiers for whom else (dossiers.fetch_handovers)."""
        return self._listed(dossiers.fetch_handovers, province, period, day, version)

    def _listed(
        self,
        fetch: Callable[[Engine, str, date, date], pd.DataFrame],
        province: str,
        period: Period,
        day: date,
        version: DataVersion,
    ) -> pd.DataFrame:
        """What lists of single dossiers tell of the days of a period that have come."""
        until = min(period.last, day)
        return self._share_listed(
            (fetch.__name__, province, (period.first, until)),
            self._stamp_lists(province, version),
            lambda: fetch(self.engine, province, period.first, until),
        )

    def list_moment(self, province: str, version: DataVersion) -> datetime | None:
        """The moment of which lists of single dossiers speak; None: nobody told one."""
        return self._share_listed(
            ("list moment", province, None),
            self._stamp_lists(province, version),
            lambda: dossiers.fetch_list_moment(self.engine, province),
        )

    def latest_readings(self, province: str, day: date, version: DataVersion) -> pd.DataFrame:
        """The newest value by a day of every commune, measure and basis, with its batch
        (read.fetch_latest_readings)."""
        return self._share(
            ("latest readings", province, day),
            version,
            lambda: self._fetch_confirmed(
                version, lambda: read.fetch_latest_readings(self.engine, province, day)
            ),
        )

    def unit_names(self, province: str, version: DataVersion) -> dict[str, str]:
        """The names of communes and of the departments that files named."""
        communes = self.loaded(province, version).province_data.communes
        return self._share(
            ("unit names", province, None),
            version,
            lambda: self._fetch_confirmed(
                version,
                lambda: {
                    **read.fetch_agency_names(self.engine, province),
                    **dict(zip(communes.index, communes["name"], strict=True)),
                },
            ),
        )

    def _fetch_confirmed(self, version: DataVersion, fetch: Callable[[], Any]) -> Any:
        """What `fetch` answers, of that version."""
        with self._read_version(version):
            return fetch()

    def field_plans(self, province: str, version: DataVersion) -> FieldPlans:
        """Teams, their days, and what coordinators decided of the list of weak communes."""
        return self._share(
            ("field plans", province, None),
            version,
            lambda: self._fetch_confirmed(
                version,
                lambda: FieldPlans(
                    plans.fetch_weak_entries(self.engine, province),
                    plans.fetch_teams(self.engine, province),
                    plans.fetch_team_days(self.engine, province),
                ),
            ),
        )

    def visit_notes(
        self, province: str, first: date, last: date, version: DataVersion
    ) -> pd.DataFrame:
        """Who was at communes and wrote what (store/readings.fetch_visit_notes)."""
        return self._share(
            ("visit notes", province, (first, last)),
            version,
            lambda: self._fetch_confirmed(
                version, lambda: fetch_visit_notes(self.engine, province, first, last)
            ),
        )

    def weak_list(self, province: str, day: date, version: DataVersion) -> WeakList:
        """The list of weak communes from 01/07/2025 to `day`, with who left it and why."""
        return self._share(
            ("weak list", province, day), version, lambda: self._weak_list(province, day, version)
        )

    def _weak_list(self, province: str, day: date, version: DataVersion) -> WeakList:
        history = self.loaded(province, version).province_data.history
        days = [FIRST_DAY + timedelta(days=n) for n in range((day - FIRST_DAY).days + 1)] or [day]
        overall = self._overall_by_day(province, days, version)
        entries = self.field_plans(province, version).weak_entries
        return build_weak_list(history, overall, days, entries)

    def data_time(self, province: str, day: date, version: DataVersion) -> datetime | None:
        """When the newest readiness figure of that day's picture was told, to the hour where a file
        says so.
        """
        return _find_data_time(self.loaded(province, version), day)

    def outline(self, province: str) -> ProvinceOutline:
        """The outlines in use: the office's where imported, else the schematic ones."""
        return load_outlines(province, self.outlines_dir)


def _tell_data_changed() -> DataChanged:
    return DataChanged(write_message("Số liệu vừa thay đổi trong khi đang đọc; hãy thử lại"))


def _go_on() -> None:
    """Nothing needs to be done."""


def _sweep(reports_seen: ReferenceType[Reports]) -> None:
    """Until nothing is left, or the reports themselves are gone."""
    pause = Event()  # never set; a thread of its own waits by nothing that others may replace
    while True:
        pause.wait(_SWEEP_SECONDS)
        reports = reports_seen()
        if reports is None or not reports.forget_unasked():
            return
        del reports


def _find_data_time(loaded: LoadedProvince, day: date) -> datetime | None:
    days = loaded.province_data.history.reported_days
    days_before = days[days <= pd.Timestamp(day).to_datetime64()]
    if not len(days_before):
        return None
    newest = pd.Timestamp(days_before[-1])
    source_moments = loaded.sources["as_of"]
    same_day = source_moments[
        (source_moments.dt.normalize() == newest) & (loaded.sources["kind"] != "portal_progress")
    ]
    moment: datetime = (same_day.max() if len(same_day) else newest).to_pydatetime()
    return moment
