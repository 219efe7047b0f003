"""The report as JSON of odd provinces and days: always whole, always JSON, and the same for the
same facts.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.batch import CERTIFICATES
from dashboard.indicators.report import build_report
from dashboard.indicators.snapshot import (
    OPEN_DOSSIER_COLUMNS,
    ListedDossiers,
    ProvinceData,
    Snapshot,
    build_empty_certificate_frame,
)
from dashboard.indicators.throughput.periods import Period
from dashboard.reference import FIRST_DAY
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from dashboard.web.api.report import build_report_json
from dashboard.workdays import load_calendar
from tests import making
from tests.indicators.throughput.counting import Row, frame, row

CRITERIA = read_criteria(ROOT / "data" / "criteria.toml")
TODAY = date(2026, 11, 22)
CODES = tuple(f"{number:05}" for number in range(1, 9))
WEEK = (date(2026, 11, 16), date(2026, 11, 22))
PERIOD = Period(*WEEK)
ISLAND = CODES[-1]  # the only one of its kind
SILENT = CODES[-2:]  # who never reported anything


def communes(codes: tuple[str, ...] = CODES) -> pd.DataFrame:
    kinds = ["dac_khu" if code == ISLAND else "xa" for code in codes]
    names = [f"Xã {code}" for code in codes]
    return pd.DataFrame({"name": names, "bare_name": names, "kind": kinds}, index=list(codes))


def readings() -> pd.DataFrame:
    declared = [
        making.declaration(
            code, TODAY - timedelta(days=10 * n), network_mbps=10 * n, scanner_available=n % 3
        )
        for n, code in enumerate(CODES[:-2])
    ]
    visits = making.readings(
        [(CODES[1], "network_mbps", 5.0, "verified", TODAY - timedelta(days=90))]
    )
    all_of_it = pd.concat([*declared, visits], ignore_index=True)
    return all_of_it.assign(
        as_of=pd.to_datetime(all_of_it["as_of"]), value=all_of_it["value"].astype("float64")
    )


def counts() -> pd.DataFrame:
    rows: list[Row] = []
    for n, code in enumerate(CODES[:5]):
        counts_row = row(code, *WEEK, "weekly", received=40 + n, on_time_766=30 + n)
        counts_row |= {"resolved": 20, "resolved_early": n, "resolved_on_time": 5}
        rows.append(counts_row | {"open_in_term": 3, "open_overdue": n % 2})
    rows += [row(CODES[5], *WEEK, "weekly", received=0, on_time_766=0, resolved=0)]
    rows += [row("H48.01", *WEEK, "weekly", received=9, on_time_766=1)]
    weekly = frame(rows)
    return weekly.assign(
        level=np.where(weekly["unit"].str.startswith("H"), "department", "commune")
    )


def certificates() -> pd.DataFrame:
    rows = [
        (code, pd.Timestamp(TODAY), *range(n, n + len(CERTIFICATES)))
        for n, code in enumerate(CODES[2:5])
    ]
    return pd.DataFrame(rows, columns=["commune_code", "as_of", *CERTIFICATES])


def told_of(
    day: date = TODAY, period: Period | None = PERIOD, shuffled: bool = False, **of: Any
) -> Any:
    parts = {
        "communes": communes(),
        "readings": readings(),
        "counts": counts(),
        "certificates": certificates(),
        **of,
    }
    if shuffled:
        parts |= {
            name: parts[name].sample(frac=1, random_state=4)
            for name in ("readings", "counts", "certificates")
        }
    seen = Snapshot("51", making.FIRST_VERSION, ProvinceData.of(**parts), load_calendar(), period)
    return json.loads(
        json.dumps(build_report_json(build_report(seen, CRITERIA, day)), allow_nan=False)
    )


def nothing() -> dict[str, Any]:
    return {
        "readings": readings().iloc[:0],
        "counts": counts().iloc[:0],
        "certificates": build_empty_certificate_frame(),
    }


@pytest.mark.parametrize("period", [None, PERIOD])
def test_a_province_of_which_nothing_is_known_is_unknown_and_neither_red_nor_nought(
    period: Period | None,
) -> None:
    report = told_of(period=period, **nothing())
    assert report["province"]["levels"] == {
        "red": 0,
        "yellow": 0,
        "green": 0,
        "stale": 0,
        "unknown": len(CODES),
    }
    throughput = report["province"]["throughput"]
    assert (throughput["counts"], throughput["source"], throughput["departments"]) == (
        None,
        None,
        None,
    )
    assert {rate["state"] for rate in throughput["rates"].values()} == {"unknown"}
    assert {
        value
        for commune in report["communes"]
        for value in commune["throughput"]["at_risk"].values()
    } == {None}
    assert report["signals"] == []


@pytest.mark.parametrize(
    "day", [date(2020, 1, 1), FIRST_DAY - timedelta(days=1), FIRST_DAY, date(2030, 1, 1)]
)
def test_any_day_has_a_report(day: date) -> None:
    report = told_of(day)
    assert len(report["communes"]) == sum(report["province"]["levels"].values()) == len(CODES)
    if day <= FIRST_DAY:
        assert {commune["changed_in_week"] for commune in report["communes"]} == {None}, (
            "before the rules nothing changed"
        )


def test_the_order_of_rows_changes_nothing() -> None:
    assert told_of(shuffled=True) == told_of()


def test_departments_alone_say_nothing_of_the_communes() -> None:
    apart = counts()
    report = told_of(counts=apart[apart["level"] == "department"])
    throughput = report["province"]["throughput"]
    assert (throughput["counts"], throughput["departments"]["received"]) == (None, 9)


def test_a_zero_denominator_is_no_activity_and_the_only_one_of_its_kind_has_itself_for_peers() -> (
    None
):
    by_code = {commune["commune_code"]: commune for commune in told_of()["communes"]}
    assert by_code[CODES[5]]["throughput"]["rates"]["on_time_766"]["state"] == "no_activity"
    assert by_code[CODES[5]]["ranks"]["on_time_766"]["place"] is None
    assert by_code[ISLAND]["ranks"]["on_time_766"]["group_size"] == 1


def test_a_commune_that_never_reported_changes_nothing_for_the_others() -> None:
    without = told_of(communes=communes(CODES[:-2]))
    with_it = told_of()
    assert {
        commune["level"] for commune in with_it["communes"] if commune["commune_code"] in SILENT
    } == {"unknown"}
    assert with_it["province"]["levels"]["green"] == without["province"]["levels"]["green"]
    assert with_it["province"]["throughput"]["rates"] == without["province"]["throughput"]["rates"]
    others = {commune["commune_code"]: commune for commune in with_it["communes"]}
    for commune in without["communes"]:
        other = others[commune["commune_code"]]
        for name in ("level", "reasons", "way_to_green", "criteria", "throughput"):
            assert commune[name] == other[name], name
        places = [
            {code: rank["place"] for code, rank in each["ranks"].items() if code != "counts"}
            for each in (commune, other)
        ]
        assert places[0] == places[1]


def test_of_a_commune_that_no_list_names_nobody_knows_what_is_open() -> None:
    opened = pd.DataFrame(
        [(CODES[0], *[pd.Timestamp(TODAY)] * 2, "open", 0, 3, pd.Timestamp(TODAY))],
        columns=OPEN_DOSSIER_COLUMNS,
    )
    reporting_days = pd.DataFrame(
        {"kind": "dossiers", "commune_code": CODES[:2], "as_of": pd.Timestamp(TODAY)}
    )
    province_data = ProvinceData.of(communes(), **nothing())
    seen = build_report(
        Snapshot(
            "51",
            making.FIRST_VERSION,
            province_data,
            load_calendar(),
            listed=ListedDossiers(lambda: opened),
            reporting_days=reporting_days,
        ),
        CRITERIA,
        TODAY,
    )
    assert np.array_equal(seen.dossiers.at_risk["open"][:3], [3, 0, np.nan], equal_nan=True)


def test_how_old_a_report_is_is_held_against_the_limit_of_what_was_told() -> None:
    limits = {"network_speed": 7, "kiosk_coverage": 60}
    mixed = replace(
        CRITERIA,
        criteria=tuple(
            replace(
                criterion, stale_after_days=limits.get(criterion.code, criterion.stale_after_days)
            )
            for criterion in CRITERIA.criteria
        ),
    )
    rows = making.readings(
        [(CODES[0], "network_mbps", 90.0, "declared", TODAY - timedelta(days=10))]
    )
    readings = rows.assign(as_of=pd.to_datetime(rows["as_of"]))
    province_data = ProvinceData.of(communes(), **{**nothing(), "readings": readings})
    first = build_report_json(
        build_report(
            Snapshot("51", making.FIRST_VERSION, province_data, load_calendar()), mixed, TODAY
        )
    )["communes"][0]
    assert (first["level"], first["reasons"]) == (
        "stale",
        ["Báo cáo gần nhất ngày 12/11/2026, đã quá 7 ngày."],
    )
