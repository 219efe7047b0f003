"""The sentences of a bulletin: each figure is the report's, parsed back over many days; nothing is
said of what nobody told; one and none are told rightly.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard import store
from dashboard.indicators import levels
from dashboard.indicators.field.follow_ups import FollowUp, FollowUpState
from dashboard.indicators.report import Report
from dashboard.reports import Reports, read_criteria
from dashboard.settings import ROOT
from dashboard.web.bulletin.making import compose_bulletin, fetch_edition_report
from dashboard.web.bulletin.page import describe_promises
from dashboard.web.bulletin.words import EDITIONS, Bulletin, Edition, list_bulletin_sections
from tests import making
from tests.web.reporting import CODES, KINDS, TODAY, report_of

NUMBER = r"(\d[\d.]*(?:,\d+)?)"


@pytest.fixture(scope="module")
def reports(sample_folder: Path) -> Iterator[Reports]:
    engine = store.open_store(f"sqlite:///{sample_folder / 'dashboard.sqlite'}")
    yield Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    engine.dispose()


def lines_of(report: Report, edition: str = "day") -> dict[str, list[str]]:
    sections = list_bulletin_sections(report, EDITIONS[edition], KINDS)
    return {section.code: [line.words for line in section.lines] for section in sections}


def read_number(written: str) -> float:
    return float(written.replace(".", "").replace(",", "."))


def find_numbers(pattern: str, words: str) -> list[float] | None:
    """The numbers of a sentence of that form; None where it is of another."""
    form = re.escape(pattern).replace("N", NUMBER)
    match = re.fullmatch(form, words)
    return [read_number(group) for group in match.groups()] if match else None


def count(levels_of_units: np.ndarray, *wanted: int) -> int:
    return int(np.isin(levels_of_units, wanted).sum())


def check_overview(bulletin: Bulletin, report: Report, earlier: Report, before: date) -> None:
    """The sentences about levels against two reports made apart."""
    overview = [line.words for line in bulletin.sections[0].lines]
    now, then = (
        report.readiness.assessment.overall[:, 0],
        earlier.readiness.assessment.overall[:, 0],
    )
    silent = (levels.STALE, levels.UNKNOWN)
    if count(now, *silent) == len(now):
        assert len(overview) == 1
        assert "mức Xanh" not in overview[0]
        return
    green = count(now, levels.GREEN)
    change = green - count(then, levels.GREEN)
    day = f"{before:%d/%m/%Y}"
    is_comparable = count(then, *silent) < len(then)
    share = "N/N đơn vị cấp xã (N%) đạt mức Xanh, "
    if not is_comparable:
        words = f"chưa đủ kỳ để so với ngày {day}."
    elif change:
        words = f"{'tăng' if change > 0 else 'giảm'} {abs(change)} đơn vị so với ngày {day}."
    else:
        words = f"không đổi so với ngày {day}."
    assert find_numbers(share + words.replace("N", "n"), overview[0]) == [
        green,
        len(now),
        pytest.approx(100 * green / len(now), abs=0.051),
    ]
    assert "tăng 0" not in overview[0]
    assert "giảm 0" not in overview[0]
    rest = next((words for words in overview if words.startswith("Các đơn vị còn lại")), "")
    counts = {word: int(number) for word, number in re.findall(r"([\w ]+?) (\d+)(?:,|\.$)", rest)}
    names = {"Vàng": 1, "Đỏ": 0, "Chưa báo cáo": levels.UNKNOWN, "Số liệu cũ": levels.STALE}
    expected = {word: count(now, level) for word, level in names.items() if count(now, level)}
    assert {word.strip(): number for word, number in counts.items()} == expected
    assert green + sum(expected.values()) == len(now)
    moved = int((now != then).sum()) if is_comparable else 0
    grouped = [
        int(number)
        for words in overview
        for number in re.findall(
            r"^(\d+) đơn vị (?:chuyển|không còn|hết|lên|ra khỏi|có báo cáo|vẫn)", words
        )
    ]
    assert sum(grouped) == moved


def check_dossiers(bulletin: Bulletin, report: Report) -> None:
    lines = [line.words for line in bulletin.sections[3].lines]
    figures = report.dossiers.of_period.period_figures
    if figures is None:
        assert lines == ["Hồ sơ: chưa có dữ liệu của kỳ này."]
        return
    sums = figures.sums
    (received,) = re.findall(rf"{NUMBER} hồ sơ tiếp nhận", lines[0])
    departments = report.dossiers.of_period.departments
    of_departments = 0 if departments is None else departments.sums["received"].sum()
    assert read_number(received) == sums["received"].sum() + of_departments
    for line in lines:
        if match := re.match(rf"Cấp xã đúng hạn .*: {NUMBER}/{NUMBER} \({NUMBER}%\)", line):
            part, denominator, share = map(read_number, match.groups())
            rated = report.dossiers.of_period.rates["on_time_766"]
            assert (part, denominator) == (np.nansum(rated.numerator), np.nansum(rated.denominator))
            assert share == pytest.approx(100 * part / denominator, abs=0.051)
        if match := re.match(
            rf"Cấp xã đã giải quyết {NUMBER} hồ sơ, (nhiều|ít) hơn .* {NUMBER} h", line
        ):
            resolved, word, difference = match.groups()
            new = sums["received_new"].sum()
            assert read_number(resolved) == sums["resolved"].sum()
            assert read_number(difference) == abs(sums["resolved"].sum() - new)
            assert (word == "nhiều") == (sums["resolved"].sum() > new)
        if line.startswith("Mức đúng hạn"):
            counts = [int(number) for number in re.findall(r"(?:Xanh|Vàng|Đỏ) (\d+)", line)]
            unranked = re.search(r"(\d+) đơn vị không xếp mức", line)
            total = sum(counts) + (int(unranked[1]) if unranked else 0)
            assert total == len(report.codes)


def test_every_figure_of_twenty_days_is_the_reports(reports: Reports) -> None:
    chosen = random.Random(19)
    version = reports.version()
    for number in range(20):
        province = chosen.choice(["51", "52", "25"])
        day = date(2025, 7, 1) + timedelta(days=chosen.randrange(510))
        edition: Edition = list(EDITIONS.values())[number % 3]
        before = edition.find_compared_day(day)
        bulletin = compose_bulletin(reports, province, edition, day, version)
        report = fetch_edition_report(reports, province, edition, day, version)
        earlier = reports.report(province, before, version)
        check_overview(bulletin, report, earlier, before)
        check_dossiers(bulletin, report)
        for signal, line in zip(report.signals, bulletin.sections[1].lines, strict=True):
            assert re.search(rf"\b{len(signal.communes)}(?:/\d+)? đơn vị", line.words)


@pytest.mark.parametrize("edition", EDITIONS)
def test_where_nobody_told_anything_nothing_is_claimed(edition: str) -> None:
    sections = list_bulletin_sections(report_of(), EDITIONS[edition], KINDS)
    words = " ".join(
        [line.words for section in sections for line in section.lines]
        + [section.empty for section in sections if not section.lines]
    )

    assert "mức Xanh" not in words
    assert "so với" not in words
    assert "hiệu lực từ" not in words
    assert re.findall(r"\d+", words) == [str(len(CODES))]
    assert words.count("hưa có dữ liệu") == 5


def test_no_change_is_told_as_none() -> None:
    report = report_of(declared=dict.fromkeys(CODES, TODAY - timedelta(days=9)))

    for edition in ("day", "week"):
        overview = lines_of(report, edition)["overview"]
        assert ", không đổi so với ngày " in overview[0]
        assert overview[-1].startswith("Không đơn vị nào đổi mức so với ngày ")


def test_one_that_turned_green_is_named() -> None:
    days_before = dict.fromkeys(CODES[1:], TODAY - timedelta(days=20))
    earlier = making.declaration(CODES[0], TODAY - timedelta(days=20), online_meeting=0)
    later = making.declaration(CODES[0], TODAY)
    report = report_of(declared=days_before, readings=pd.concat([earlier, later]))

    overview = lines_of(report)["overview"]

    green = "5/5 đơn vị cấp xã (100,0%) đạt mức Xanh"
    assert overview[0] == f"{green}, tăng 1 đơn vị so với ngày 21/11/2026."
    name = report.communes["name"].iloc[0]
    assert any(re.match(rf"1 đơn vị lên Xanh.*: {name}\.", words) for words in overview)


def test_what_began_after_the_compared_day_is_compared_with_nothing() -> None:
    report = report_of(declared=dict.fromkeys(CODES, TODAY))

    assert "chưa đủ kỳ để so với ngày 15/11/2026" in lines_of(report, "week")["overview"][0]


@pytest.mark.parametrize(
    ("code", "day", "before", "words"),
    [
        ("day", date(2026, 11, 22), date(2026, 11, 21), "ngày 22/11/2026"),
        ("week", date(2026, 11, 22), date(2026, 11, 15), "tuần 16/11–22/11/2026"),
        ("month", date(2026, 3, 31), date(2026, 2, 28), "tháng 3/2026, đến ngày 31/03/2026"),
        ("month", date(2026, 1, 5), date(2025, 12, 5), "tháng 1/2026, đến ngày 05/01/2026"),
    ],
)
def test_editions_name_their_days(code: str, day: date, before: date, words: str) -> None:
    assert EDITIONS[code].find_compared_day(day) == before
    assert EDITIONS[code].tell_days(day) == words


Fill = Callable[..., object]


def promised(state: FollowUpState, since: date, number: int = 1) -> FollowUp:
    return FollowUp(
        f"id-{number}",
        CODES[0],
        "Cấp đủ máy scan",
        "scanner_available",
        4.0,
        "Sở Tài chính",
        date(2026, 10, 1),
        date(2026, 11, 12),
        state,
        since,
        None,
    )


def with_promises(*follow_ups: FollowUp) -> Report:
    report = report_of()
    report.field.__dict__["follow_ups"] = follow_ups
    return report


def test_overdue_promises_are_counted_and_the_longest_named() -> None:
    overdue = [promised(FollowUpState.OVERDUE, date(2026, 11, 13), number) for number in range(7)]
    kept = promised(FollowUpState.KEPT, date(2026, 11, 2), 8)

    count, first, *rest = lines_of(with_promises(*overdue, kept))["promises"]

    assert count == "7/8 việc đã hứa quá hạn; 5 việc quá hạn lâu nhất:"
    assert first.endswith(": cấp đủ máy scan")
    assert len(rest) == 4
    (alone, _) = lines_of(with_promises(overdue[0]))["promises"]
    assert alone == "1/1 việc đã hứa quá hạn:"
    sections = list_bulletin_sections(with_promises(kept), EDITIONS["day"], KINDS)
    (promises,) = [section for section in sections if section.code == "promises"]
    assert (promises.lines, promises.empty) == ((), "Không việc nào quá hạn trong 1 việc đã hứa.")


def test_a_meeting_is_told_what_became_of_promises_since_the_last() -> None:
    begin = date(2026, 11, 8)
    report = with_promises(
        promised(FollowUpState.OVERDUE, date(2026, 11, 13), 1),
        promised(FollowUpState.OVERDUE, date(2026, 11, 1), 2),
        promised(FollowUpState.KEPT, date(2026, 11, 9), 3),
        promised(FollowUpState.KEPT, begin, 4),
        promised(FollowUpState.OPEN, date(2026, 11, 20), 5),
    )

    promises = describe_promises(report, begin)

    assert promises["counts"] == ["1 việc quá hạn", "1 việc đã thực hiện"]
    assert (promises["total"], promises["still"], promises["made"]) == (5, 1, 0)
    assert [row["id"] for row in promises["rows"]] == ["id-1", "id-3"]
