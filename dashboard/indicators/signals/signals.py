"""Signals: what needs a decision today, at most five lines for a province by fixed rules
(rules.py), one of faults that many communes report, and one of what offices promised and did not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import numpy as np

from dashboard.indicators.criteria import Criteria
from dashboard.indicators.field.follow_ups import FollowUp, FollowUpState
from dashboard.indicators.field.support_requests import Incident
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.readiness import assessment
from dashboard.indicators.signals import rules
from dashboard.indicators.signals.rules import WINDOW_DAYS, Days, RuleResult, SignalInput
from dashboard.indicators.snapshot import Snapshot

# The last days of a province as the rules of signals want them: communes x days, each day by its
# own rules.

SPEED_MEASURE = "network_mbps"
PROBED_MEASURE = "network_mbps_probed"


def build_signal_input(
    snapshot: Snapshot, criteria: Criteria, today: date, without_centre: Flags | None = None
) -> SignalInput:
    """What the rules of signals look at on `today`. A commune `without_centre` that never reported
    owes no report: it is as good as one that reports every day.
    """
    window = [today - timedelta(days=back) for back in range(WINDOW_DAYS - 1, -1, -1)]
    days = np.array(window, dtype="datetime64[D]")
    speed, red_below, contradicted, contradicted_criteria = _assess_window(
        snapshot, criteria, window
    )
    probed = snapshot.province_data.history.last(PROBED_MEASURE, "verified", days)
    report_age = snapshot.province_data.history.newest(days)
    if without_centre is not None:
        report_age = np.where(without_centre[:, None] & np.isnan(report_age), 0.0, report_age)
    reported_days = snapshot.province_data.history.reported_days
    return SignalInput(
        snapshot.codes,
        days,
        snapshot.calendar.is_working(days),
        speed,
        red_below,
        np.where(probed.age == 0, probed.value, np.nan),
        snapshot.province_data.certificates,
        snapshot.province_data.counts.end_of_day_stock("open_overdue", days),
        report_age,
        contradicted,
        reported_days[0].item() if len(reported_days) else None,
        contradicted_criteria,
    )


def _assess_window(
    snapshot: Snapshot, criteria: Criteria, window: Sequence[date]
) -> tuple[Numbers, Numbers, Numbers, dict[str, Numbers]]:
    """Speed that counts, its limit, and how many criteria a visit found worse than the green that
    is declared; which these are on the last day.
    """
    speeds = []
    limits = []
    contradictions = []
    by_criterion: dict[str, Numbers] = {}
    for in_force, together in groupby(window, key=criteria.in_force):
        span = np.array(list(together), dtype="datetime64[D]")
        assessed = assessment.assess_days(snapshot.province_data.history, in_force, span)
        empty = np.full((len(snapshot.codes), len(span)), np.nan)
        speed = next(
            (
                judged
                for judged in assessed.assessments
                if judged.criterion.measure == SPEED_MEASURE
            ),
            None,
        )
        speeds.append(empty if speed is None else speed.value)
        limits.append(np.full(len(span), np.nan if speed is None else speed.criterion.red_below))
        worse = [
            judged.contradicted & (judged.declared >= judged.criterion.green_from)
            for judged in assessed.assessments
        ]
        contradictions.append(
            np.add.reduce(worse, dtype=np.float64) if worse else np.zeros_like(empty)
        )
        by_criterion = {  # of the last days, when all is done
            judged.criterion.short_name: flags[:, -1].astype(np.float64)
            for judged, flags in zip(assessed.assessments, worse, strict=True)
            if flags[:, -1].any()
        }
    return (
        np.concatenate(speeds, axis=1),
        np.concatenate(limits),
        np.concatenate(contradictions, axis=1),
        by_criterion,
    )


# In the order of urgency: a centre that stands still, one that will on a known day, people who
# wait, what nobody knows, what somebody should look at again.
SIGNAL_RULES: Final[Mapping[str, Callable[[SignalInput], RuleResult]]] = {
    "network_falling": rules.detect_network_falling,
    "certificates_expiring": rules.detect_certificates_expiring,
    "overdue_growing": rules.detect_overdue_growing,
    "silent": rules.detect_silence,
    "contradicted": rules.detect_contradictions,
}


@dataclass(frozen=True, eq=False)
class Signal:
    """One line: the rule, and the communes it speaks of, worst first; the arrays are in their
    order.

    `code` is the rule's name, `severity` its place (1: most urgent). `value` and `facts` are
    described at the rule; `since` is the day it entered, `window_begin` (the first day that rules
    remember) where it holds longer.
    """

    code: str
    severity: int
    communes: tuple[str, ...]
    value: Numbers
    since: Days
    facts: Mapping[str, Numbers]
    window_begin: np.datetime64 | None = None


def find_signals(inputs: SignalInput) -> tuple[Signal, ...]:
    """The rules that hold for any commune on the last of `inputs.days`, most urgent first; at most
    one line each.
    """
    lines = (
        _line_of_signal(inputs, code, severity, rule(inputs))
        for severity, (code, rule) in enumerate(SIGNAL_RULES.items(), start=1)
    )
    return tuple(line for line in lines if line.communes)


# One fault of many is for whoever runs that software, not for each commune.
SUPPORT_INCIDENTS: Final = "support_incidents"


def find_incident_signal(incidents: Sequence[Incident]) -> tuple[Signal, ...]:
    """One line where many communes report one fault, none elsewhere: the communes, with how many
    such faults each, the largest fault's first; `facts` the same of each fault by its subject.
    """
    if not incidents:
        return ()
    communes = list(dict.fromkeys(code for entry in incidents for code in entry.communes))
    facts = {
        entry.subject: np.array([code in entry.communes for code in communes], dtype=np.float64)
        for entry in incidents
    }
    since = [
        min(entry.since.date() for entry in incidents if code in entry.communes)
        for code in communes
    ]
    return (
        Signal(
            SUPPORT_INCIDENTS,
            len(SIGNAL_RULES) + 1,
            tuple(communes),
            np.add.reduce(list(facts.values())),
            np.array(since, dtype="datetime64[D]"),
            facts,
        ),
    )


# Last: who waits for an office has been waiting since its day, and knows whom to ask.
FOLLOW_UPS_OVERDUE: Final = "follow_ups_overdue"


def find_follow_up_signal(follow_ups: Sequence[FollowUp]) -> tuple[Signal, ...]:
    """One line where any promise is overdue, none elsewhere: the communes that wait, with how many
    promises each; `facts` the same of each office that owes.
    """
    overdue = [follow_up for follow_up in follow_ups if follow_up.state is FollowUpState.OVERDUE]
    if not overdue:
        return ()
    # the longest overdue first, as they come
    waiting: dict[str, list[FollowUp]] = {}
    for follow_up in overdue:
        waiting.setdefault(follow_up.commune_code, []).append(follow_up)
    communes = sorted(waiting, key=lambda code: -len(waiting[code]))
    offices = sorted({follow_up.owner for follow_up in overdue})
    return (
        Signal(
            FOLLOW_UPS_OVERDUE,
            len(SIGNAL_RULES) + 2,
            tuple(communes),
            np.array([len(waiting[code]) for code in communes], dtype=np.float64),
            np.array([waiting[code][0].since for code in communes], dtype="datetime64[D]"),
            {
                office: np.array(
                    [
                        sum(follow_up.owner == office for follow_up in waiting[code])
                        for code in communes
                    ],
                    dtype=np.float64,
                )
                for office in offices
            },
        ),
    )


def _line_of_signal(inputs: SignalInput, code: str, severity: int, result: RuleResult) -> Signal:
    codes = np.array(inputs.codes, dtype=np.str_)
    concerned = np.flatnonzero(result.state.on[:, -1])
    # ties in the order of the codes
    concerned = concerned[np.lexsort((codes[concerned], -result.worse[concerned]))]
    return Signal(
        code,
        severity,
        tuple(str(commune) for commune in codes[concerned]),
        result.value[concerned],
        inputs.days[result.state.since[concerned, -1]],
        {name: fact[concerned] for name, fact in result.facts.items()},
        inputs.days[0],
    )
