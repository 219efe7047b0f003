"""`export_rows`: what the store knows of a province, as CSV or JSON. `import` reads it back
(sources/kinds/exported/reader.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.batch import CERTIFICATES, COUNTS, FEEDBACK_COUNTS
from dashboard.cli import console
from dashboard.cli.language import tell_user
from dashboard.data_version import DataVersion
from dashboard.errors import DashboardError
from dashboard.indicators.throughput.periods import Period
from dashboard.measures import restore_value_type
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY
from dashboard.reports import Reports, read_criteria
from dashboard.settings import Settings
from dashboard.store import exports, plans, read
from dashboard.text import escape_formula, format_csv_row
from dashboard.web.api.report import fetch_whole_report_json
from dashboard.web.documents import data_sources
from dashboard.web.documents.declaration_form import fill_declaration_form
from dashboard.web.documents.dossier_form import fill_dossier_form
from dashboard.web.documents.form_book import NothingToFill

# `export report`: the one report of a province and day, as pages and /api/report tell it.

# What a row of the CSV holds of each commune; the whole is only in JSON.
_BALANCE = ("carried_over", "received_new", "open", "paused", "undated")
_RATES = ("on_time_766", "on_time_report")


@contextmanager
def _use_reports(settings: Settings) -> Iterator[tuple[Reports, DataVersion]]:
    """The reports, and the version of the data that all of them show."""
    with console.use_store(settings) as engine, store.hold_one_commit(engine):
        reports = Reports(engine, read_criteria(settings.criteria), settings.outlines_dir)
        yield reports, reports.version()


def _check_report_days(
    settings: Settings, options: argparse.Namespace
) -> tuple[date, Period | None]:
    """The day of the report, and the days of its dossier figures where they were asked for."""
    console.check_province(options.province)
    day = options.as_of or settings.today()
    if day < FIRST_DAY:
        raise DashboardError(
            write_message(
                "--as-of {day}: chưa có đơn vị nào trước ngày {first_day}; hãy chọn ngày sau đó",
                day=day,
                first_day=FIRST_DAY,
            )
        )
    if (options.first is None) != (options.last is None):
        raise DashboardError(
            write_message("--from và --to phải đi cùng nhau: đó là kỳ của số liệu hồ sơ")
        )
    if options.first and not FIRST_DAY <= options.first <= options.last <= day:
        raise DashboardError(
            write_message(
                "--from và --to phải theo thứ tự và nằm từ {first_day} đến {day}; hãy sửa hai ngày",
                first_day=FIRST_DAY,
                day=day,
            )
        )
    return day, Period(options.first, options.last) if options.first else None


# The forms that offices send each other, filled in from the report of a day.
FORM_EXPORTS = {"form-II.06a": fill_dossier_form, "form-declaration": fill_declaration_form}


def export_form(settings: Settings, options: argparse.Namespace) -> int:
    """Write a form, filled in, into --output; --from and --to are its period."""
    day, period = _check_report_days(settings, options)
    if options.output is None:
        raise DashboardError(write_message("biểu là một tệp Excel: hãy ghi --output TỆP.xlsx"))
    with _use_reports(settings) as (reports, version):
        report = reports.report(options.province, day, version, period)
        simulated = data_sources.is_simulated(reports, options.province, version)
    try:
        filled = FORM_EXPORTS[options.what](report, simulated=simulated)
    except NothingToFill:
        raise DashboardError(
            write_message("chưa nguồn nào cho số liệu của biểu này; hãy chọn kỳ hoặc ngày khác")
        ) from None
    console.write_whole_file(options.output, filled.content)
    print(tell_user("Đã ghi {output}", output=options.output))
    return console.DONE


def export_report(settings: Settings, options: argparse.Namespace) -> int:
    """The report as of a day (default: today); --from and --to are the days of its
    dossier figures.
    """
    day, period = _check_report_days(settings, options)
    with _use_reports(settings) as (reports, version):
        report_document = fetch_whole_report_json(
            reports, reports.report(options.province, day, version, period), version
        )
    if options.format == "csv":
        _write_report_csv(report_document["communes"])
    else:
        print(json.dumps(report_document, ensure_ascii=False, allow_nan=False, indent=1))
    return console.DONE


def _write_report_csv(communes: list[dict[str, Any]]) -> None:
    rows = [_flatten_commune(commune) for commune in communes]
    print(format_csv_row(rows[0]))
    for row in rows:
        print(format_csv_row(escape_formula(value) for value in row.values()))


def _flatten_commune(commune: dict[str, Any]) -> dict[str, Any]:
    counts = commune["throughput"]["counts"] or {}
    rates = commune["throughput"]["rates"]
    row = {
        name: commune[name]
        for name in ("commune_code", "name", "peer_group", "level", "declared_level")
    }
    row |= {name: " | ".join(commune[name]) for name in ("reasons", "way_to_green_words")}
    row |= {
        name: counts.get(name) for name in ("received", "resolved", "open_in_term", "open_overdue")
    }
    balance = commune["throughput"]["balance"] or {}
    row |= {name: balance.get(name) for name in _BALANCE}
    for code in _RATES:
        row |= {f"{code}_{name}": rates[code][name] for name in ("part", "whole", "state")}
        row |= {f"{code}_{name}": commune["ranks"][code][name] for name in ("place", "ranked")}
    return row


_FIRST_POSSIBLE_DAY = date(1, 1, 1)
_LAST_POSSIBLE_DAY = date(9999, 12, 31)


@dataclass(frozen=True)
class ExportFilter:
    """Of which province and days: `as_of` what was known by a day, else all from `first`
    to `last`.
    """

    province: str
    as_of: date | None
    first: date
    last: date

    @property
    def until(self) -> date:
        return min(self.last, self.as_of or self.last)

    def select_days(self, frame: pd.DataFrame, begin: str, end: str = "") -> pd.DataFrame:
        """The rows whose day, or days from `begin` to `end`, are asked for."""
        begun = frame[begin].dt.date
        ended = frame[end or begin].dt.date
        return frame[(begun >= self.first) & (ended <= self.until)]


def _restore_types(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The values of measures as people write them; None where there is none."""
    values = [
        None if pd.isna(value) else restore_value_type(measure, value)
        for measure, value in zip(frame["measure"], frame[column], strict=True)
    ]
    return frame.assign(**{column: pd.Series(values, index=frame.index, dtype=object)})


def _select_readings(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    """With --as-of the last value of each commune, measure and basis; without it the
    whole history.
    """
    if export_filter.as_of:
        frame = read.fetch_latest_readings(engine, export_filter.province, export_filter.as_of)
        if export_filter.first > _FIRST_POSSIBLE_DAY:
            frame = frame[frame["as_of"] >= pd.Timestamp(export_filter.first).as_unit("s")]
    else:
        frame = exports.fetch_reading_history(
            engine, export_filter.province, export_filter.first, export_filter.last
        )
    return _restore_types(frame, "value")


def _select_dossiers(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    frame = exports.fetch_dossier_counts(
        engine, export_filter.province, export_filter.first, export_filter.until
    )
    frame[COUNTS] = frame[COUNTS].astype("Int64")
    return frame.rename(columns={"period_from": "from", "period_to": "to"})


def _select_certificates(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    if export_filter.as_of:
        frame = exports.fetch_latest_certificates(
            engine, export_filter.province, export_filter.as_of
        )
    else:
        frame = exports.fetch_certificates(
            engine, export_filter.province, export_filter.first, export_filter.last
        )
    frame[CERTIFICATES] = frame[CERTIFICATES].astype("Int64")
    return frame


def _select_follow_ups(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    """Promises by the day on which they were made."""
    frame = exports.fetch_follow_ups(engine, export_filter.province)
    return _restore_types(export_filter.select_days(frame, "promised_on"), "target")


def _select_visits(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    """What visits found, one row a finding or note, by the day of the visit."""
    frame = exports.fetch_visit_results(
        engine, export_filter.province, export_filter.first, export_filter.until
    )
    return _restore_types(frame, "value")


def _select_support_steps(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    """Steps of requests for help by their day."""
    frame = exports.fetch_support_steps(engine, export_filter.province)
    return export_filter.select_days(frame, "stepped_at")


def _select_communes(_engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    return (
        reference.select_communes_of_province(export_filter.province)
        .reset_index(names="commune_code")
        .drop(columns="bare_name")
    )


def _select_batches(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    return exports.fetch_batches(engine, export_filter.province)


def _select_weak_entries(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    return plans.fetch_weak_entries(engine, export_filter.province)


def _select_teams(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    frame = plans.fetch_teams(engine, export_filter.province)
    frame["size"] = frame["size"].astype("Int64")
    return frame.assign(province=reference.load_province_names()[export_filter.province])


def _select_team_days(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    frame = plans.fetch_team_days(engine, export_filter.province)
    return frame.assign(province=reference.load_province_names()[export_filter.province])


def _select_resources(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    """What the province gives, by the day on which it began."""
    frame = plans.fetch_resources(engine, export_filter.province)
    frame = export_filter.select_days(frame, "began_on")
    counts = frame[["quantity", "done"]].astype("Int64")
    province = reference.load_province_names()[export_filter.province]
    return frame.assign(quantity=counts["quantity"], done=counts["done"], province=province)


def _select_feedback(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    """What citizens told in periods within the days that are asked for."""
    frame = plans.fetch_feedback(engine, export_filter.province)
    frame = export_filter.select_days(frame, "period_from", "period_to")
    return frame.assign(**{name: frame[name].astype("Int64") for name in FEEDBACK_COUNTS})


def _select_problems(engine: Engine, export_filter: ExportFilter) -> pd.DataFrame:
    frame = exports.fetch_problems(engine, export_filter.province)
    return frame.assign(row=frame["row"].astype("Int64"))


EXPORTS: dict[str, Callable[[Engine, ExportFilter], pd.DataFrame]] = {
    "readings": _select_readings,
    "dossiers": _select_dossiers,
    "certificates": _select_certificates,
    "follow_ups": _select_follow_ups,
    "support_requests": _select_support_steps,
    "batches": _select_batches,
    "problems": _select_problems,
    "communes": _select_communes,
    "visits": _select_visits,
    "weak_list": _select_weak_entries,
    "teams": _select_teams,
    "team_days": _select_team_days,
    "field_resources": _select_resources,
    "feedback": _select_feedback,
}


def list_exports() -> list[str]:
    """Everything that `export` writes."""
    return sorted([*EXPORTS, *FORM_EXPORTS, "report"])


def export_rows(settings: Settings, options: argparse.Namespace) -> int:
    """Rows of one kind for one province; empty cells are what no source told."""
    if options.what in FORM_EXPORTS:
        return export_form(settings, options)
    if options.what == "report":
        return export_report(settings, options)
    console.check_province(options.province)
    first = options.first or _FIRST_POSSIBLE_DAY
    last = options.last or _LAST_POSSIBLE_DAY
    if first > last:
        raise DashboardError(
            write_message(
                "--from {first} nằm sau --to {last}; hãy đổi lại hai ngày", first=first, last=last
            )
        )
    with console.use_store(settings) as engine:
        frame = EXPORTS[options.what](
            engine, ExportFilter(options.province, options.as_of, first, last)
        )
    write_rows = _write_json if options.format == "json" else _write_csv
    write_rows(_format_days(frame))
    return console.DONE


def _format_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as 2025-07-13, the moments of a batch as 2025-07-13T16:00:00, what is not known
    as None.
    """
    frame = frame.copy()
    moments = {"imported_at", "undone_at", "as_of"} if "imported_at" in frame else {"stepped_at"}
    for column in frame.select_dtypes("datetime"):
        frame[column] = frame[column].dt.strftime(
            "%Y-%m-%dT%H:%M:%S" if column in moments else "%Y-%m-%d"
        )
    return frame.astype(object).where(frame.notna(), None)


def _write_json(rows: pd.DataFrame) -> None:
    """A JSON list with one record a line."""
    column_names = list(rows.columns)
    columns = [rows[name].tolist() for name in column_names]
    lines = (
        json.dumps(dict(zip(column_names, row, strict=True)), ensure_ascii=False)
        for row in zip(*columns, strict=True)
    )
    sys.stdout.write("[")
    for position, line in enumerate(lines):
        sys.stdout.write(f"{',' if position else ''}\n {line}")
    print("\n]")


def _write_csv(rows: pd.DataFrame) -> None:
    columns = ([_format_cell(value) for value in rows[name].tolist()] for name in rows.columns)
    print(format_csv_row(rows.columns))
    sys.stdout.writelines(f"{format_csv_row(row)}\n" for row in zip(*columns, strict=True))


def _format_cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else escape_formula(value)
