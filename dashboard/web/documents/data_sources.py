"""What files a province has sent by a day: per kind the newest, every batch, and what was wrong in
them.

Readers drop personal data before anything is judged, so no problem told here quotes any.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import reference, sample, text
from dashboard.data_version import DataVersion
from dashboard.file_kinds import KIND_NAMES
from dashboard.indicators.criteria import ReportingRhythm
from dashboard.indicators.report import Report
from dashboard.reference import VIETNAM
from dashboard.reports import Reports
from dashboard.store import exports, read
from dashboard.web.words import coverage
from dashboard.web.words.headline import tell_reach

_OWN_KIND_WORDS = {"sample": "Số liệu mô phỏng", "exported": "Bảng do lệnh export ghi"}
READINESS_SOURCE = "các đơn vị tự kê khai và kết quả kiểm tra"
ORIGIN_WORDS = {"imported": "tệp của đơn vị", "published": "số đã công bố", "simulated": "mô phỏng"}
SEVERITY_WORDS = {"refused": "không nhận", "warning": "nhận, cần xem"}


@lru_cache(maxsize=1)
def list_kind_words() -> dict[str, str]:
    """Every kind of file that is read, and its words."""
    words = {code: text.upper_first_letter(name) for code, name in KIND_NAMES.items()}
    return words | _OWN_KIND_WORDS


def tell_dossier_sources(report: Report, today: date) -> str:
    """Who told of dossiers in the last year, and until when: `Số liệu mô phỏng, đến 22/11/2026`; ""
    where nobody.
    """
    kinds = dict.fromkeys(
        source_kind
        for series in report.dossiers.over_time.values()
        for source_kind in series["kind"]
        if source_kind
    )
    until = ""
    if report.dossiers.of_period.period_figures is not None:
        until = f", {tell_reach(report.dossiers.of_period.period_figures, today, report.today)}"
    return (
        "; ".join(list_kind_words().get(source_kind, source_kind) for source_kind in kinds) + until
    )


def select_sources_until(
    reports: Reports, province: str, day: date, version: DataVersion
) -> pd.DataFrame:
    """The batches whose figures count on the day."""
    sources = reports.loaded(province, version).sources
    return sources[sources["as_of"] < pd.Timestamp(day + timedelta(days=1))]


def is_simulated(reports: Reports, province: str, version: DataVersion) -> bool:
    """Whether any figure that counts is simulated. Of any day: one batch of simulated figures tells
    of many days, and real ones push all of them aside.
    """
    return bool((reports.loaded(province, version).sources["origin"] == "simulated").any())


def fetch_batches_until(engine: Engine, province: str, day: date) -> pd.DataFrame:
    """Batches whose figures are of `day` or before, newest import first: columns of
    store.exports.fetch_batches with `imported_at` in Vietnam's time, and `counts`: whether its
    figures are used (False where it was taken back, or simulated and a real file came)."""
    frame = exports.fetch_batches(engine, province)
    frame = frame[frame["as_of"] < pd.Timestamp(day + timedelta(days=1))].iloc[::-1]
    used = set(read.fetch_sources(engine, province, day)["id"])
    # the store keeps the moments of imports in UTC
    local_offset = VIETNAM.utcoffset(None)
    moments = {name: frame[name] + local_offset for name in ("imported_at", "undone_at")}
    return frame.assign(**moments, counts=frame["batch"].isin(used))


def list_sources_by_kind(
    batches: pd.DataFrame,
    rhythms: Mapping[str, ReportingRhythm],
    day: date,
    kinds_with_figures: Collection[str] = (),
) -> list[dict[str, Any]]:
    """One line a kind of file: those that came, newest first, then those that never came, expected
    ones first.

    `kinds_with_figures`: kinds whose figures are there although no such file came (the sample, a
    re-imported table).
    """
    counting = batches[batches["counts"]]
    lines = []
    for source_kind, own_batches in counting.groupby("kind"):
        newest = own_batches.sort_values(["as_of", "batch"]).iloc[-1]
        age = (day - newest["as_of"].date()).days
        lines.append(
            {
                "name": _source_name(str(source_kind), rhythms),
                "rhythm": _rhythm_words(rhythms.get(str(source_kind))),
                "as_of": newest["as_of"].to_pydatetime(),
                "age": age,
                "batches": len(own_batches),
                "last": describe_batch(newest),
            }
        )
    lines.sort(key=lambda line: line["age"])
    kinds_present = {*counting["kind"], *kinds_with_figures, *_OWN_KIND_WORDS}
    silent = [source_kind for source_kind in list_kind_words() if source_kind not in kinds_present]
    expected = sorted(silent, key=lambda source_kind: source_kind not in rhythms)
    never = {"as_of": None, "age": None, "batches": 0, "last": None}
    return lines + [
        {
            "name": _source_name(source_kind, rhythms),
            "rhythm": _rhythm_words(rhythms.get(source_kind)),
            **never,
        }
        for source_kind in expected
    ]


def _source_name(source_kind: str, rhythms: Mapping[str, ReportingRhythm]) -> str:
    if source_kind in rhythms:
        return rhythms[source_kind].name
    return list_kind_words().get(source_kind, source_kind)


def _rhythm_words(rhythm: ReportingRhythm | None) -> str:
    if rhythm is None:
        return "khi có"
    return coverage.format_rhythm(rhythm.expected_every_days)


def describe_batch(batch: pd.Series) -> dict[str, Any]:
    """One batch in words; not who imported it, which is for the command line."""
    taken_back = batch["undone_at"]
    return {
        "batch": int(batch["batch"]),
        "file": batch["file_name"],
        "kind": list_kind_words().get(batch["kind"], batch["kind"]),
        "origin": ORIGIN_WORDS.get(batch["origin"], batch["origin"]),
        "as_of": batch["as_of"].to_pydatetime(),
        "imported_at": batch["imported_at"].to_pydatetime(),
        "rows": int(batch["row_count"]),
        "problems": int(batch["problem_count"]),
        "state": _batch_state(batch, None if pd.isna(taken_back) else taken_back.to_pydatetime()),
    }


def _batch_state(batch: pd.Series, taken_back: datetime | None) -> str:
    if taken_back:
        return f"đã thu hồi {text.format_moment(taken_back)}"
    return "đang dùng" if batch["counts"] else "đã nhường cho tệp thật"


def list_problems_by_batch(
    engine: Engine, province: str, batches: pd.DataFrame
) -> list[dict[str, Any]]:
    """What was wrong, an entry a batch of `batches`, newest first: batch, file, rows in words."""
    frame = exports.fetch_problems(engine, province)
    files = []
    for batch in batches["batch"]:
        own_problems = frame[frame["batch"] == batch]
        if len(own_problems):
            rows = [_describe_problem(problem) for problem in own_problems.to_dict("records")]
            files.append(
                {"batch": int(batch), "file": own_problems["file_name"].iloc[0], "rows": rows}
            )
    return files


def _describe_problem(problem: Mapping[Any, Any]) -> dict[str, Any]:
    cells = {
        name: None if pd.isna(problem[name]) else problem[name]
        for name in ("row", "column", "value")
    }
    return {
        **cells,
        "row": None if cells["row"] is None else int(cells["row"]),
        "severity": SEVERITY_WORDS.get(problem["severity"], problem["severity"]),
        "message": problem["message"],
        "remedy": problem["remedy"],
    }


def tell_data_time(data_time: datetime | None) -> dict[str, str]:
    """When the newest figures were told, in words and for scripts; "" where nothing was."""
    return {
        "data_as_of": f"tính đến {text.format_moment(data_time)}" if data_time else "",
        "data_time": format_zoned_moment(data_time) if data_time else "",
    }


def format_zoned_moment(moment: datetime) -> str:
    """A moment of Vietnam's time as scripts read it: `2025-07-13T16:00:00+07:00`."""
    return moment.replace(tzinfo=VIETNAM).isoformat(timespec="seconds")


def tell_data_freshness(
    reports: Reports, province: str, day: date, version: DataVersion
) -> dict[str, str]:
    """What the frame of every page says of its figures: data_as_of, data_time, notice.

    The same words as the state's, without computing a state: a page that shows none of it does not
    wait for it.
    """
    data_time = reports.data_time(province, day, version)
    sources = reports.loaded(province, version).sources
    return {**tell_data_time(data_time), "notice": tell_notice(reports, province, sources)}


def tell_notice(reports: Reports, province: str, sources: pd.DataFrame) -> str:
    """Says that figures are simulated while any of them is, or that there are none; else empty."""
    if sources.empty:
        names = reference.load_province_names()
        others = ", ".join(names[code] for code in read.fetch_provinces_with_data(reports.engine))
        return f"Chưa nạp tệp nào của {names[province]}" + (
            f"; đã có số liệu: {others}" if others else ""
        )
    return sample.write_notice(province) if (sources["origin"] == "simulated").any() else ""
