"""What one file says, read and checked, on its way from `sources` (or `sample`) to `store`.

This module is the whole agreement between readers and store: frames with these columns, nothing
else. Readers never touch the database; the store never opens a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from dashboard.errors import Problem

# simulated figures step aside for the first imported file of their province; published facts stay.
Origin = Literal["imported", "published", "simulated"]

READING_COLUMNS = ["commune_code", "measure", "value", "basis", "as_of"]

COUNTS = [
    "received",
    "received_online",
    "received_in_person",
    "received_post",
    "received_other",
    "carried_over",
    "resolved",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "open",
    "open_in_term",
    "open_overdue",
    "paused",
    "digitised",
    "e_result",
    # The national index's "on time" (766): resolved in time plus still open in term. Sources that
    # print only this figure (the portal's progress list) fill it; others leave it missing.
    "on_time_766",
    # What was received and cannot be judged is on neither side of "on time": no due day was
    # printed, or it is resolved and nobody knows when. Only lists of single dossiers tell it.
    "no_due_day",
    "no_finish_day",
]
DOSSIER_COLUMNS = [
    "accepting_unit",
    "deciding_unit",
    "period_from",
    "period_to",
    *COUNTS,
    "mean_days",
]
AGENCY_COLUMNS = ["agency_code", "name", "level", "commune_code"]
CERTIFICATES = ["active", "locked", "revoked", "expired", "expiring_30", "expiring_60"]
CERTIFICATE_COLUMNS = ["commune_code", "as_of", *CERTIFICATES]
# A stretch without a line, as probes saw it: its first and last moment; the last is missing where
# the log ends before the line is back.
OUTAGE_COLUMNS = ["commune_code", "as_of", "began_at", "ended_at"]
# What the note of a finding says where the team put it right at once.
VISIT_MENDED = "đã khắc phục tại chỗ"
VISIT_COLUMNS = ["commune_code", "visited_on", "measure", "team", "note"]
# What an office promised: a measure of a commune that reaches a target by a day. Told again under
# the same id it is the newer state. There is no column for its end: only evidence closes it.
FOLLOW_UP_COLUMNS = [
    "follow_up_id",
    "commune_code",
    "what",
    "measure",
    "target",
    "owner",
    "promised_on",
    "due_on",
    "withdrawn_on",
    "withdrawn_reason",
]
# Plans of the field: a row is a thing with a life, known by its stable id; the same id in a later
# batch is its newer state. Days are dates or None, lists of communes are codes with blanks between.
#
# A commune on the list of weak ones: put there by a coordinator (`basis` decision), or by the rule
# of its level (`rule`) and taken off by a coordinator; `left_on` None: still on it.
WEAK_ENTRY_COLUMNS = [
    "entry_id",
    "commune_code",
    "basis",
    "listed_on",
    "reason",
    "left_on",
    "left_reason",
    "office",
]
# A team: `office` whose it is, `partner` the telecom company that goes along, `communes` those it
# looks after; `ended_on` None: it still goes out.
TEAM_COLUMNS = ["team_id", "name", "office", "size", "partner", "communes", "ended_on"]
# Where a team goes on a day: `communes` in the order of the way; `state` planned|called_off.
TEAM_DAY_COLUMNS = ["day_id", "team_id", "goes_on", "communes", "state"]
# One step in the life of a request for help; the steps of one id are its life. `office` is whom to
# call (asked) or who takes care (triaged), `account` who did the step.
SUPPORT_STEP_COLUMNS = [
    "request_id",
    "commune_code",
    "step",
    "stepped_at",
    "what",
    "subject",
    "urgency",
    "office",
    "way",
    "account",
    "note",
]
# What the province gives its communes, counted for itself: a row is a thing with a stable id, as
# plans are. `topic` of RESOURCE_TOPICS; `commune_code` None: of the whole province; `what` the
# course, speciality, device, work or form; `variant` of RESOURCE_VARIANTS where the topic has any;
# `quantity` how many (seats, officials, devices, certificates, forms), `done` how many of them so
# far (came, issued, in use) or None: not told; `office` those asked, or the one that sends or owes.
RESOURCE_COLUMNS = [
    "resource_id",
    "topic",
    "commune_code",
    "what",
    "variant",
    "quantity",
    "done",
    "office",
    "began_on",
    "ended_on",
]
RESOURCE_TOPICS = ("training", "secondment", "device", "certificate", "form")
RESOURCE_VARIANTS = {
    "device": ("bought", "on_order", "broken"),
    "certificate": ("issue", "change", "unlock"),
}
# What citizens told a commune of its service in a period; NaN: not told. `satisfaction` is the
# score of the national index 766, of 18 points.
FEEDBACK_COUNTS = ["received", "apologised", "resolved"]
FEEDBACK_COLUMNS = [
    "commune_code",
    "period_from",
    "period_to",
    *FEEDBACK_COUNTS,
    "satisfaction",
]
MOST_SATISFACTION = 18.0
SUPPORT_STEPS = ("asked", "triaged", "helping", "mended", "rechecked", "reopened", "closed")
URGENCIES = ("stopped", "hindered", "usual")
SUPPORT_WAYS = ("remote", "visit")
# A single dossier. No name, number, phone or address of a person is among them, nor ever will be.
SINGLE_COLUMNS = [
    "code",
    "procedure_code",
    "field",
    "accepting_unit",
    "deciding_unit",
    "received_at",
    "due",
    "finished_at",
    "state",
    "channel",
    "digitised",
]
# A channel that was written and could not be read: a blank counts as in person, this as nothing.
UNCLEAR_CHANNEL = "unclear"
# The ten national states, as they are numbered and as they count (docs/glossary.md).
STATES = {
    1: "mới đăng ký",
    2: "được tiếp nhận",
    3: "không được tiếp nhận",
    4: "đang xử lý",
    5: "yêu cầu bổ sung",
    6: "yêu cầu nghĩa vụ tài chính",
    7: "công dân xin rút",
    8: "dừng xử lý",
    9: "đã xử lý xong",
    10: "đã trả kết quả",
}


@lru_cache
def _build_first_frame(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


def _build_empty_frame(columns: list[str]) -> pd.DataFrame:
    """A batch has many parts, most of them empty, and pandas takes longer over an empty frame than
    a reader over a row: each is made once, and copied on writing.
    """
    return _build_first_frame(tuple(columns)).copy(deep=False)


@dataclass(frozen=True)
class Batch:
    """One file's content. A part that the file does not have is an empty frame.

    readings      one row per commune, measure, basis and day: `commune_code` str of five digits,
                  `measure` of `measures.MEASURES`, `value` float, `basis` declared|verified,
                  `as_of` date.
    dossiers      one row per unit and period: `accepting_unit`, `deciding_unit` a commune code or
                  an agency code, or None where the source does not tell; `period_from`,
                  `period_to` dates, both inclusive; COUNTS float with NaN where the source does
                  not tell (a blank is never 0); `mean_days` float.
    agencies      agencies named in the file: `agency_code` ("H44.216"), `name`, `level`
                  ("commune"|"department"), `commune_code` or None.
    certificates  one row a commune and day: counts of its certificates, NaN where not told.
    outages       one row a stretch without a line: `as_of` the day on which it began, `began_at`
                  and `ended_at` datetime64 (NaT: not over when the log ends).
    follow_ups    one row a promise (FOLLOW_UP_COLUMNS; `measure` of measures.PROMISED, `owner` an
                  office, days `date` or None).
    support_steps one row a step of a request for help (SUPPORT_STEP_COLUMNS; `stepped_at` datetime,
                  `step` of SUPPORT_STEPS, `urgency` of URGENCIES, `way` of SUPPORT_WAYS or None).
    resources     one row a thing that is given or sent (RESOURCE_COLUMNS), also a state.
    feedback      one row a commune and period (FEEDBACK_COLUMNS; counts float, NaN: not told).
    visits        one row a finding: what a team saw; the value itself is a verified reading.
    weak_entries  one row an entry of the list of weak communes (WEAK_ENTRY_COLUMNS); `teams` and
                  `team_days` likewise: states of things with a stable id.
    singles       chunks of single dossiers (SINGLE_COLUMNS: `field` the public name of a domain of
                  procedures ("Đất đai") or None, `received_at`, `due`, `finished_at`
                  datetime64 or NaT, `state` 1..10, `channel` online|in_person|post, `digitised`
                  bool or None). Read once, in order, while they are written, so that a list of any
                  length fits in memory; `problems` may grow until the last chunk, and a chunk may
                  still raise FileRefused.

    `readings` of a declaration that a visit found otherwise:

        commune_code  measure           value  basis     as_of
        21250         signature_needed   20.0  declared  2026-11-20
        21250         signature_issued   20.0  declared  2026-11-20
        21250         signature_issued   17.0  verified  2026-11-21
    """

    file_name: str
    sha256: str
    file_kind: str
    province_code: str
    as_of: datetime
    rows: int
    origin: Origin = "imported"
    period: tuple[date, date] | None = None
    readings: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(READING_COLUMNS))
    dossiers: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(DOSSIER_COLUMNS))
    agencies: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(AGENCY_COLUMNS))
    certificates: pd.DataFrame = field(
        default_factory=lambda: _build_empty_frame(CERTIFICATE_COLUMNS)
    )
    outages: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(OUTAGE_COLUMNS))
    visits: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(VISIT_COLUMNS))
    follow_ups: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(FOLLOW_UP_COLUMNS))
    weak_entries: pd.DataFrame = field(
        default_factory=lambda: _build_empty_frame(WEAK_ENTRY_COLUMNS)
    )
    teams: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(TEAM_COLUMNS))
    team_days: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(TEAM_DAY_COLUMNS))
    support_steps: pd.DataFrame = field(
        default_factory=lambda: _build_empty_frame(SUPPORT_STEP_COLUMNS)
    )
    resources: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(RESOURCE_COLUMNS))
    feedback: pd.DataFrame = field(default_factory=lambda: _build_empty_frame(FEEDBACK_COLUMNS))
    singles: Iterable[pd.DataFrame] = ()
    problems: Sequence[Problem] = ()


def make_batch(
    file_name: str, sha256: str, kind_code: str, province: str, as_of: date, rows: int, **parts: Any
) -> Batch:
    """A batch as of a moment or of a day, which is its first moment."""
    moment = as_of if isinstance(as_of, datetime) else datetime.combine(as_of, time())
    return Batch(file_name, sha256, kind_code, province, moment, rows, **parts)
