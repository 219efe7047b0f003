"""The sample of one day, made once; and the readiness rule once more, slow and obvious."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import pandas as pd
import pytest

from dashboard import reference, sample
from dashboard.batch import Batch
from dashboard.measures import DEVICES

TODAY = date(2026, 11, 22)
FLAGS = ["online_meeting", "security_device", "procedures_published"]

Known = dict[tuple[str, str], tuple[float, date]]


@pytest.fixture(scope="session")
def today() -> date:
    return TODAY


@pytest.fixture(scope="session")
def batches() -> list[Batch]:
    """All simulated batches of TODAY."""
    return list(sample.simulate_batches(TODAY))


@pytest.fixture(scope="session")
def readings(batches: list[Batch]) -> dict[str, pd.DataFrame]:
    """Province code to all its readings, declared and verified."""
    return {
        province: pd.concat(
            [b.readings for b in batches if b.province_code == province and len(b.readings)]
        )
        for province in ("51", "52", "25")
    }


@pytest.fixture(scope="session")
def dossiers(batches: list[Batch]) -> dict[str, pd.DataFrame]:
    """Province code to its daily dossier rows."""
    return {b.province_code: b.dossiers for b in batches if len(b.dossiers)}


@pytest.fixture(scope="session")
def levels(readings: dict[str, pd.DataFrame]) -> Callable[[str, date], dict[str, str]]:
    """The level of each commune of a province on a day, by the rule of docs/indicators.md."""
    return lambda province, day: _levels(
        readings[province], reference.select_communes_of_province(province).index, day
    )


def _levels(readings: pd.DataFrame, communes: Iterable[str], day: date) -> dict[str, str]:
    last_readings: dict[str, Known] = {}
    until = readings[readings["as_of"] <= day].sort_values("as_of", kind="stable")
    for code, measure, value, basis, as_of in until.itertuples(index=False):
        last_readings.setdefault(code, {})[measure, basis] = (value, as_of)
    return {code: _level(last_readings.get(code, {}), day) for code in communes}


def _level(last_readings: Known, day: date) -> str:
    """Green if every criterion is green; red if network or signatures are red; else yellow.

    Who never declared is unknown, who last declared more than 30 days ago is stale.
    """
    if ("network_stable", "declared") not in last_readings:
        return "unknown"
    if (day - last_readings["network_stable", "declared"][1]).days > 30:
        return "stale"
    parts = _criteria(
        {
            measure: _value(last_readings, measure, day)
            for measure, basis in last_readings
            if basis == "declared"
        }
    )
    if all(part == "green" for part in parts.values()):
        return "green"
    return (
        "red"
        if "red" in (parts["network_stable"], parts["network_mbps"], parts["signatures"])
        else "yellow"
    )


def _value(last_readings: Known, measure: str, day: date) -> float:
    """What a visit found, for 90 days; then what the commune declares."""
    verified = last_readings.get((measure, "verified"))
    if verified and (day - verified[1]).days <= 90:
        return verified[0]
    return last_readings[measure, "declared"][0]


def _criteria(value: dict[str, float]) -> dict[str, str]:
    def graded(figure: float, green_from: float, red_below: float) -> str:
        return "green" if figure >= green_from else "red" if figure < red_below else "yellow"

    return {
        "network_stable": "green" if value["network_stable"] else "red",
        "network_mbps": graded(value["network_mbps"], 50, 20),
        "signatures": graded(value["signature_issued"] / value["signature_needed"], 1, 0.8),
        "staff": graded(value["staff_present"] / value["staff_planned"], 1, 0.5),
        **{d: graded(value[f"{d}_available"] / value[f"{d}_needed"], 1, 0.5) for d in DEVICES},
        **{flag: "green" if value[flag] else "yellow" for flag in FLAGS},
    }
