"""Signals: what needs a decision today, at most five lines for a province, by fixed rules (signal_rules.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboard.indicators import signal_rules
from dashboard.indicators.levels import Numbers
from dashboard.indicators.signal_input import Days, Found, SignalInput

# In the order of urgency: a centre that stands still, one that will on a known day, people who wait,
# what nobody knows, what somebody should look at again.
RULES: Final[tuple[Callable[[SignalInput], Found], ...]] = (
    signal_rules.network_falling,
    signal_rules.certificates_expiring,
    signal_rules.overdue_growing,
    signal_rules.silent,
    signal_rules.contradicted,
)


@dataclass(frozen=True, eq=False)
class Signal:
    """One line: the rule, and the communes it speaks of, worst first; the arrays are in their order.

    `code` is the rule's name, `severity` its place (1: most urgent). `value` and `facts` are described at
    the rule; `since` is the day it entered, the first day of the window where it holds longer.
    """

    code: str
    severity: int
    communes: tuple[str, ...]
    value: Numbers
    since: Days
    facts: Mapping[str, Numbers]


def signals(seen: SignalInput) -> tuple[Signal, ...]:
    """The rules that hold for any commune on the last of `seen.days`, most urgent first; at most one line each."""
    lines = (_line(seen, rule.__name__, place, rule(seen)) for place, rule in enumerate(RULES, start=1))
    return tuple(line for line in lines if line.communes)


def _line(seen: SignalInput, code: str, severity: int, found: Found) -> Signal:
    codes = np.array(seen.codes, dtype=np.str_)
    here = np.flatnonzero(found.latched.on[:, -1])
    here = here[np.lexsort((codes[here], -found.worse[here]))]  # ties in the order of the codes
    return Signal(
        code,
        severity,
        tuple(str(commune) for commune in codes[here]),
        found.value[here],
        seen.days[found.latched.since[here, -1]],
        {name: fact[here] for name, fact in found.facts.items()},
    )
