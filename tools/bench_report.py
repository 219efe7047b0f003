"""`make bench`: what a province's report costs, beside a plain pandas loop over its communes in the
same run.

Two years of days: dossiers and a measured line daily, everything else declared weekly. Prints time
and memory for a province of 148 communes and for all 3,321; times are this machine's, the ratios
are what counts.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard import reference, workdays
from dashboard.batch import COUNTS
from dashboard.data_version import UNKNOWN_VERSION
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.readiness.pace import list_week_ends
from dashboard.indicators.report import build_report
from dashboard.indicators.snapshot import ProvinceData, Snapshot, build_empty_certificate_frame
from dashboard.indicators.throughput.periods import Period, find_previous_period
from dashboard.indicators.throughput.ranking import compute_wilson_interval
from dashboard.measures import DECLARED
from dashboard.reference import FIRST_DAY
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from dashboard.web.api.report import build_report_json

TODAY = date(2026, 11, 22)
DAYS = 730
FACTOR = 20.0  # the report is to be at least so many times faster than the loop


def frames(communes: int) -> tuple[list[str], pd.DataFrame, pd.DataFrame]:
    """Codes, readings and dossier counts of so many communes over two years; the same on
    every run.
    """
    random = np.random.default_rng(7)
    codes = reference.load_communes().index[:communes].tolist()
    days = np.datetime64(TODAY) - np.arange(DAYS)[::-1]
    weekly = days[::7]
    parts = []
    for measure in (*DECLARED, "network_mbps_probed"):
        told = days if measure in ("network_mbps", "network_mbps_probed") else weekly
        if measure.startswith("network_mbps"):
            value = random.uniform(5, 200, len(told) * communes)
        elif measure.endswith("_needed") or measure == "staff_planned":
            value = np.repeat(random.integers(1, 20, communes), len(told)).astype(float)
        else:
            value = random.integers(0, 3, len(told) * communes).astype(float)
        parts.append(
            (measure, np.repeat(np.arange(communes), len(told)), np.tile(told, communes), value)
        )
    length = [len(value) for _, _, _, value in parts]
    readings = pd.DataFrame(
        {
            "commune_code": pd.Categorical.from_codes(np.concatenate([p[1] for p in parts]), codes),
            "measure": pd.Categorical.from_codes(
                np.repeat(np.arange(len(parts)), length), [measure for measure, *_ in parts]
            ),
            "basis": pd.Categorical.from_codes(
                np.zeros(sum(length), dtype=np.int8), ["declared", "verified"]
            ),
            "as_of": np.concatenate([p[2] for p in parts]),
            "value": np.concatenate([p[3] for p in parts]),
        }
    )
    return codes, readings, _dossiers(random, codes, days)


def _dossiers(random: np.random.Generator, codes: list[str], days: np.ndarray) -> pd.DataFrame:
    size = len(codes) * len(days)
    told: dict[str, Any] = {name: np.full(size, np.nan) for name in COUNTS}
    received = random.poisson(30, size).astype(float)
    told |= {
        "received": received,
        "received_online": np.floor(received * 0.6),
        "received_post": np.floor(received * 0.1),
    }
    told["received_in_person"] = received - told["received_online"] - told["received_post"]
    told["resolved"] = random.poisson(29, size).astype(float)
    told["resolved_late"] = np.floor(told["resolved"] * 0.1)
    told["resolved_on_time"] = told["resolved"] - told["resolved_late"]
    told["resolved_early"] = np.zeros(size)
    told["open_in_term"] = random.poisson(80, size) * 1.0
    told["open_overdue"] = random.poisson(8, size) * 1.0
    told["on_time_766"] = np.floor(received * 0.9)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.array(codes, dtype=object), len(days)),
            "level": "commune",
            "kind": "dossiers",
            "period_from": np.tile(days, len(codes)),
            "period_to": np.tile(days, len(codes)),
            **told,
            "mean_days": np.nan,
        }
    )


def snapshot(codes: list[str], readings: pd.DataFrame, dossiers: pd.DataFrame) -> Snapshot:
    """What `Reports` keeps per version of the data: sorted once, asked often."""
    known = ProvinceData.of(
        reference.load_communes().loc[codes], readings, dossiers, build_empty_certificate_frame()
    )
    return Snapshot(
        "25", UNKNOWN_VERSION, known, workdays.load_calendar(), Period(TODAY.replace(day=1), TODAY)
    )


def loop(
    codes: list[str], readings: pd.DataFrame, dossiers: pd.DataFrame, criteria: Criteria
) -> list[dict[str, Any]]:
    """The plain way, commune by commune: levels today and at every week's end (for the pace), this
    month's counts and the month's before, rates and Wilson's bound. Without peers, signals,
    changes, freshness: less than a report."""
    ends = list_week_ends(FIRST_DAY, TODAY)
    month = pd.Timestamp(TODAY.replace(day=1))
    before = pd.Timestamp(find_previous_period(Period(TODAY.replace(day=1), TODAY)).first)
    lines = []
    for code in codes:
        own = readings[
            (readings["commune_code"] == code) & (readings["basis"] == "declared")
        ].sort_values("as_of")
        levels = [_levels(own[own["as_of"] <= pd.Timestamp(day)], criteria, day) for day in ends]
        counts = dossiers[dossiers["unit"] == code]
        now = counts[counts["period_from"] >= month][COUNTS].sum(min_count=1)
        then = counts[(counts["period_from"] >= before) & (counts["period_from"] < month)][
            COUNTS
        ].sum(min_count=1)
        rates = [(now[part] / now[whole], then[part] / then[whole]) for part, whole in _RATES]
        lower, _ = compute_wilson_interval(now["on_time_766"], now["received"])
        lines.append({"code": code, "levels": levels, "rates": rates, "lower": float(lower)})
    return lines


_RATES = (
    ("on_time_766", "received"),
    ("resolved_on_time", "resolved"),
    ("received_online", "received"),
)


def _levels(told: pd.DataFrame, criteria: Criteria, day: date) -> list[str]:
    last = told.drop_duplicates("measure", keep="last").set_index("measure")["value"]
    levels = []
    for criterion in criteria.on(day):
        values = [last.get(measure, float("nan")) for measure in criterion.measures]
        value = values[0] / values[1] if len(values) == 2 and values[1] else values[0]
        if value >= criterion.green_from:
            levels.append("green")
        else:
            levels.append("red" if value < criterion.red_below else "yellow")
    return levels


def measured(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds (best of three, the first of which is thrown away where there are more) and MB at the
    peak.
    """
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(seconds), peak / 1e6


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--communes", type=int, nargs="*", default=[148, len(reference.load_communes())]
    )
    criteria = read_criteria(ROOT / "data" / "criteria.toml")
    seconds: dict[int, float] = {}
    missed = []
    print(f"{'report of two years of days':38}{'seconds':>10}{'MB':>8}{'loop, s':>10}{'times':>8}")
    for communes in asked.parse_args().communes:
        codes, readings, dossiers = frames(communes)
        begin = time.perf_counter()
        seen = snapshot(codes, readings, dossiers)
        sorting = time.perf_counter() - begin
        taken, memory = measured(
            lambda seen=seen: build_report_json(  # type: ignore[misc]
                build_report(seen, criteria, TODAY)
            )
        )
        some = codes[:12]  # the loop's time grows with the communes and with the rows it filters
        begin = time.perf_counter()
        loop(some, readings, dossiers, criteria)
        plain = (time.perf_counter() - begin) / len(some) * communes
        seconds[communes] = taken
        ok = plain / taken >= FACTOR
        missed += [] if ok else [str(communes)]
        times = f"{plain / taken:8.0f}  {'ok' if ok else 'MISSED'}"
        print(f"{f'{communes} communes':38}{taken:10.3f}{memory:8.0f}{plain:10.1f}{times}")
        rows = f"{len(readings):,} readings, {len(dossiers):,} counts"
        print(f"{'  sorting, once per version of the data':38}{sorting:9.3f}  {rows}")
    if len(seconds) == 2:
        (few, first), (many, last) = sorted(seconds.items())
        print(f"{'growth, times the linear one':38}{last / first / (many / few):10.2f}  ≤ 1")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
