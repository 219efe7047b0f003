"""What files a province has sent by a day: per kind the newest, every batch, and what was wrong in them.

Readers drop personal data before anything is judged, so no problem told here quotes any.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import text
from dashboard.indicators.criteria import Rhythm
from dashboard.indicators.report import Report
from dashboard.sources.kinds import all_kinds
from dashboard.store import listing, read
from dashboard.views import coverage
from dashboard.views.headline import reach

_VIETNAM = timedelta(hours=7)  # the store keeps the moments of imports in UTC
_MADE_BY_US = {"sample": "Số liệu mô phỏng", "exported": "Bảng do lệnh export ghi"}
READINESS = "các xã tự kê khai và kết quả kiểm tra"
ORIGINS = {"imported": "tệp của đơn vị", "published": "số đã công bố", "simulated": "mô phỏng"}
SEVERITIES = {"refused": "không nhận", "warning": "nhận, cần xem"}


@lru_cache(maxsize=1)
def kind_words() -> dict[str, str]:
    """Every kind of file that is read, and its words."""
    words = {kind.code: kind.name[:1].upper() + kind.name[1:] for kind in all_kinds()}
    return words | _MADE_BY_US


def of_dossiers(report: Report, today: date) -> str:
    """Who told of dossiers in the last year, and until when: `Số liệu mô phỏng, đến 22/11/2026`; "" where nobody."""
    kinds = dict.fromkeys(kind for told in report.over_time.values() for kind in told["kind"] if kind)
    until = "" if report.dossiers.answer is None else f", {reach(report.dossiers.answer, today, report.today)}"
    return "; ".join(kind_words().get(kind, kind) for kind in kinds) + until


def batches(engine: Engine, province: str, day: date) -> pd.DataFrame:
    """Batches whose figures are of `day` or before, newest import first: columns of store.listing.batches with
    `imported_at` in Vietnam's time, and `counts`: whether its figures are used (False where it was taken back,
    or simulated and a real file came)."""
    frame = listing.batches(engine, province)
    frame = frame[frame["as_of"] < pd.Timestamp(day + timedelta(days=1))].iloc[::-1]
    used = set(read.sources(engine, province, day)["id"])
    moments = {name: frame[name] + _VIETNAM for name in ("imported_at", "undone_at")}
    return frame.assign(**moments, counts=frame["batch"].isin(used))


def per_kind(
    batches: pd.DataFrame, rhythms: Mapping[str, Rhythm], day: date, told: Collection[str] = ()
) -> list[dict[str, Any]]:
    """One line a kind of file: those that came, newest first, then those that never came, expected ones first.

    `told`: kinds whose figures are there although no such file came (the sample, a re-imported table).
    """
    counting = batches[batches["counts"]]
    lines = []
    for kind, own in counting.groupby("kind"):
        newest = own.sort_values(["as_of", "batch"]).iloc[-1]
        age = (day - newest["as_of"].date()).days
        lines.append(
            {
                "name": _name(str(kind), rhythms),
                "rhythm": _rhythm(rhythms.get(str(kind))),
                "as_of": newest["as_of"].to_pydatetime(),
                "age": age,
                "batches": len(own),
                "last": row(newest),
            }
        )
    lines.sort(key=lambda line: line["age"])
    known = {*counting["kind"], *told, *_MADE_BY_US}
    silent = [kind for kind in kind_words() if kind not in known]
    expected = sorted(silent, key=lambda kind: kind not in rhythms)
    never = {"as_of": None, "age": None, "batches": 0, "last": None}
    return lines + [{"name": _name(kind, rhythms), "rhythm": _rhythm(rhythms.get(kind)), **never} for kind in expected]


def _name(kind: str, rhythms: Mapping[str, Rhythm]) -> str:
    return rhythms[kind].name if kind in rhythms else kind_words().get(kind, kind)


def _rhythm(rhythm: Rhythm | None) -> str:
    if rhythm is None:
        return "khi có"
    return coverage.rhythm(rhythm.expected_every_days)


def row(batch: pd.Series) -> dict[str, Any]:
    """One batch in words; not who imported it, which is for the command line."""
    taken_back = batch["undone_at"]
    return {
        "batch": int(batch["batch"]),
        "file": batch["file_name"],
        "kind": kind_words().get(batch["kind"], batch["kind"]),
        "origin": ORIGINS.get(batch["origin"], batch["origin"]),
        "as_of": batch["as_of"].to_pydatetime(),
        "imported_at": batch["imported_at"].to_pydatetime(),
        "rows": int(batch["row_count"]),
        "problems": int(batch["problem_count"]),
        "state": _state(batch, None if pd.isna(taken_back) else taken_back.to_pydatetime()),
    }


def _state(batch: pd.Series, taken_back: datetime | None) -> str:
    if taken_back:
        return f"đã thu hồi {text.moment(taken_back)}"
    return "đang dùng" if batch["counts"] else "đã nhường cho tệp thật"


def problems(engine: Engine, province: str, batches: pd.DataFrame) -> list[dict[str, Any]]:
    """What was wrong, one entry a batch of `batches`, newest first: batch, file, and rows in words."""
    frame = listing.problems(engine, province)
    files = []
    for batch in batches["batch"]:
        own = frame[frame["batch"] == batch]
        if len(own):
            rows = [_problem(found) for found in own.to_dict("records")]
            files.append({"batch": int(batch), "file": own["file_name"].iloc[0], "rows": rows})
    return files


def _problem(found: Mapping[Any, Any]) -> dict[str, Any]:
    told = {name: None if pd.isna(found[name]) else found[name] for name in ("row", "column", "value")}
    return {
        **told,
        "row": None if told["row"] is None else int(told["row"]),
        "severity": SEVERITIES.get(found["severity"], found["severity"]),
        "message": found["message"],
        "remedy": found["remedy"],
    }
