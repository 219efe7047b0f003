"""Headings that say of which day, year or week a column is, or whose word it is: each column is
read as what it is, and none as another's.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard import sources
from dashboard.sources.recognise.explain import explain_file
from tests.sources.truth import (
    CODES,
    DAY,
    EVERYONE,
    MONTH,
    NAMES,
    OCTOBER,
    SEPTEMBER,
    TODAY,
    Column,
    Rows,
    Truth,
    assert_read,
    assert_told,
    count_conditions,
    count_dossiers,
    import_file,
    list_declared_columns,
    list_report_columns,
    make_head,
    make_rows,
    make_table,
    save_book,
    tell_declared,
    tell_report,
)

TITLE = "BIỂU TỔNG HỢP CỦA CÁC XÃ"
WHOLES = {"received": "Tiếp nhận", "resolved": "Đã giải quyết", "open": "Đang giải quyết"}


def put_below(times: list[Any], shifts: list[int]) -> list[Column]:
    """Each whole of a report with these times below it, one a set of figures."""
    return [
        ((heading, time), lambda seed, name=name, shift=shift: count_dossiers(seed + shift)[name])  # type: ignore[misc]
        for name, heading in WHOLES.items()
        for time, shift in zip(times, shifts, strict=True)
    ]


def tell_wholes(period: tuple[str, str], shift: int = 0) -> Truth:
    return {key: value for key, value in tell_report(period, shift).items() if key[0] in WHOLES}


def put_above(times: list[Any], columns: list[list[Column]]) -> list[Column]:
    """Blocks beside each other, each under its time."""
    return [
        ((time, *heads), figure)
        for time, block in zip(times, columns, strict=True)
        for heads, figure in block
    ]


@pytest.mark.parametrize("years", [[2025, 2026], ["2025", "2026"], [2026, 2025]])
def test_bare_years_below_headings(tmp_path: Path, years: list[Any]) -> None:
    shifts = [0 if str(year) == "2026" else 40 for year in years]
    rows = make_table(put_below(years, shifts), "HỒ SƠ THÁNG 10 NĂM 2026")
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_read(outcome, tell_wholes(OCTOBER))
    assert "là số của năm khác" in outcome.words


def test_bare_years_over_blocks(tmp_path: Path) -> None:
    columns = put_above([2025, 2026], [list_report_columns(40), list_report_columns()])
    rows = make_table(columns, "TÌNH HÌNH HỒ SƠ THÁNG 10 NĂM 2026")
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


def test_years_in_a_form_of_one_day(tmp_path: Path) -> None:
    columns = list_declared_columns()
    figure = columns[3][1]
    columns[2:] = [(("Máy tính có", 2025), lambda _: 3), (("Máy tính có", 2026), figure)]  # type: ignore[list-item]
    truth = {key: n for key, n in tell_declared().items() if key[0] != "computer_needed"}
    assert_read(import_file(save_book(tmp_path / "a.xlsx", make_table(columns, DAY))), truth)


def test_a_commune_whose_figures_look_like_years_keeps_them(tmp_path: Path) -> None:
    rows = make_table(list_report_columns()[:2], f"HỒ SƠ THỦ TỤC HÀNH CHÍNH, {MONTH}")
    rows[3][1:] = [2026, 2025]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read["received", CODES[0], *OCTOBER] == 2026
    assert outcome.read["resolved", CODES[0], *OCTOBER] == 2025


@pytest.mark.parametrize(
    "days",
    [
        ["Ngày 03/11/2026", "Ngày 10/11/2026"],
        ["03/11/2026", "10/11/2026"],
        ["Tính đến 03/11/2026", "Tính đến ngày 10/11/2026"],
        [datetime(2026, 11, 3), datetime(2026, 11, 10)],
    ],
)
@pytest.mark.parametrize("is_above", [True, False])
def test_two_days_beside_each_other(tmp_path: Path, days: list[Any], *, is_above: bool) -> None:
    blocks = [list_declared_columns(40), list_declared_columns()]
    columns = put_above(days, blocks)
    if not is_above:
        columns = [
            ((" ".join(heads), day), figure)
            for number in range(4)
            for day, block in zip(days, blocks, strict=True)
            for heads, figure in [block[number]]
        ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_table(columns, TITLE)))
    assert_read(outcome, tell_declared("2026-11-03", 40) | tell_declared())


def test_days_in_merged_cells_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    days = [datetime(2026, 11, 9), datetime(2026, 11, 10)]
    blocks = [list_declared_columns(40), list_declared_columns()]
    width = len(blocks[0])
    words = [" ".join(heads) for block in blocks for heads, _ in block]
    rows: Rows = [[TITLE], ["Đơn vị", *[""] * 2 * width], ["", *words]]
    rows[1][1], rows[1][1 + width] = days
    figures = [figure for block in blocks for _, figure in block]
    rows += [[NAMES[number], *(figure(number) for figure in figures)] for number in EVERYONE]
    for row in rows:
        book.active.append([cell if cell != "" else None for cell in row])
    for block in ("A2:A3", "B2:E2", "F2:I2"):
        book.active.merge_cells(block)
    book.save(tmp_path / "a.xlsx")
    outcome = import_file(tmp_path / "a.xlsx")
    assert_read(outcome, tell_declared("2026-11-09", 40) | tell_declared())


def test_a_day_over_some_columns_is_not_the_titles(tmp_path: Path) -> None:
    """What stands under no day is of the title's, what stands under one of that alone."""
    columns = list_declared_columns()
    dated = [(("Tính đến ngày 03/11/2026", *heads), figure) for heads, figure in columns[:2]]
    rows = make_table([*dated, *columns[2:]], DAY)
    truth: Truth = {
        (name, code, "2026-11-03" if name.startswith("signature") else day): value
        for (name, code, day), value in tell_declared().items()
    }
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), truth)


def test_a_day_above_the_headings_is_a_title(tmp_path: Path) -> None:
    rows = make_table(list_declared_columns(), TITLE)
    rows.insert(1, ["", "", "Ngày 10/11/2026"])
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_declared())


def test_one_day_beside_a_month_is_no_report_of_its_own(tmp_path: Path) -> None:
    columns = list_report_columns()
    open_columns = [
        (("Tính đến 31/10/2026", *heads), figure)
        for heads, figure in columns
        if heads[0] == "Đang giải quyết"
    ]
    rows = make_table([*columns[:5], *open_columns], MONTH)
    truth = {key: n for key, n in tell_report().items() if not key[0].startswith("open")}
    assert_told(import_file(save_book(tmp_path / "a.xlsx", rows)), truth, "không đọc cột")


def test_stocks_of_two_days_leave_the_figures_of_the_month(tmp_path: Path) -> None:
    columns = list_report_columns()[:5]
    columns += [
        (("Đang giải quyết", day), lambda n, shift=shift: count_dossiers(n + shift)["open"])  # type: ignore[misc]
        for day, shift in (("Ngày 30/9/2026", 40), ("Ngày 31/10/2026", 0))
    ]
    truth = {key: n for key, n in tell_report().items() if not key[0].startswith("open")}
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_table(columns, MONTH)))
    assert outcome.read == truth
    assert "không đọc cột" in outcome.words


@pytest.mark.parametrize(
    "weeks",
    [
        ["Tuần 44 (từ 26/10 đến 01/11)", "Tuần 45 (từ 02/11 đến 08/11)"],
        ["Tuần 44 (26/10 - 01/11/2026)", "Tuần 45 (02/11 - 08/11/2026)"],
        ["Từ ngày 26/10/2026 đến ngày 01/11/2026", "Từ ngày 02/11/2026 đến ngày 08/11/2026"],
    ],
)
def test_spans_of_days_are_periods(tmp_path: Path, weeks: list[Any]) -> None:
    rows = make_table(put_below(weeks, [40, 0]), "BÁO CÁO TUẦN VỀ HỒ SƠ NĂM 2026")
    truth = tell_wholes(("2026-10-26", "2026-11-01"), 40)
    truth |= tell_wholes(("2026-11-02", "2026-11-08"))
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), truth)


def test_two_periods_in_days_over_blocks(tmp_path: Path) -> None:
    times = ["Từ ngày 01/9/2026 đến ngày 30/9/2026", "Từ ngày 01/10/2026 đến ngày 31/10/2026"]
    rows = make_table(put_above(times, [list_report_columns(40), list_report_columns()]), TITLE)
    truth = tell_report(SEPTEMBER, 40) | tell_report()
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), truth)


def test_reports_of_two_days_are_periods_of_a_day(tmp_path: Path) -> None:
    columns = put_above(
        ["Ngày 09/11/2026", "Ngày 10/11/2026"], [list_report_columns(40), list_report_columns()]
    )
    truth = tell_report(("2026-11-09",) * 2, 40) | tell_report(("2026-11-10",) * 2)
    assert_read(import_file(save_book(tmp_path / "a.xlsx", make_table(columns, TITLE))), truth)


@pytest.mark.parametrize(
    ("declared", "checked"),
    [
        ("Xã kê khai", "Tổ công tác kiểm tra"),
        ("Kê khai", "Kiểm tra thực tế"),
        ("I. Xã tự kê khai", "II. Kết quả thẩm định"),
    ],
)
@pytest.mark.parametrize("is_above", [True, False])
def test_what_was_checked_is_no_declaration(
    tmp_path: Path, declared: str, checked: str, *, is_above: bool
) -> None:
    columns = [
        ((word, *heads) if is_above else (" ".join(heads), word), figure)
        for word, shift in ((declared, 0), (checked, 40))
        for heads, figure in list_declared_columns(shift)
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_table(columns, DAY)))
    assert_read(outcome, tell_declared())
    assert "là số kiểm tra, không phải số tự kê khai" in outcome.words


def test_of_a_visit_the_checked_column_counts(tmp_path: Path) -> None:
    columns: list[Column] = [(("Ngày kiểm tra",), lambda _: "10/11/2026")]
    columns += [
        ((" ".join(heads), word), figure)
        for word, shift in (("Kê khai", 40), ("Kiểm tra", 0))
        for heads, figure in list_declared_columns(shift)
    ]
    rows = make_table(columns, "KẾT QUẢ KIỂM TRA CỦA TỔ CÔNG TÁC")
    batch = sources.read_file(save_book(tmp_path / "a.xlsx", rows), province="51", today=TODAY)
    assert set(batch.readings["basis"]) == {"verified"}
    assert {(row.measure, row.commune_code): row.value for row in batch.readings.itertuples()} == {
        (name, CODES[number]): n
        for number in EVERYONE
        for name, n in count_conditions(number).items()
    }


def test_early_within_what_was_in_time(tmp_path: Path) -> None:
    """ "Đúng hạn" over "Trong đó: trước hạn": the sums say which of the two the total holds."""

    def add(seed: int) -> int:
        counts = count_dossiers(seed)
        return counts["resolved_early"] + counts["resolved_on_time"]

    columns = list_report_columns()
    early = columns[2][1]
    columns[2:4] = [
        (("Đã giải quyết", "Đúng hạn", "Tổng"), add),
        (("Đã giải quyết", "Đúng hạn", "Trong đó: trước hạn"), early),
    ]
    rows: Rows = [[MONTH], *make_head(columns), *make_rows(columns)]
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


def test_a_total_without_what_was_carried_over_is_what_came_in_the_period(tmp_path: Path) -> None:
    """The sums choose between the two readings of "Tiếp nhận > Tổng số"."""

    def make_columns(slip: int = 0) -> list[Column]:
        columns = list_report_columns()
        ways: list[Column] = [
            (("Tiếp nhận", "Tổng số"), lambda n: count_dossiers(n)["received"] - 5 + slip),
            (("Tiếp nhận", "Trực tuyến"), lambda n: count_dossiers(n)["received"] - 9),
            (("Tiếp nhận", "Trực tiếp, bưu chính"), lambda _: 4),
            (("Tiếp nhận", "Từ kỳ trước"), lambda _: 5),
        ]
        return [*ways, *columns[1:]]

    path = save_book(tmp_path / "a.xlsx", make_table(make_columns(), MONTH))
    outcome = import_file(path)
    truth = tell_report()
    assert {key: outcome.read.get(key) for key in truth} == truth
    assert not outcome.refused
    explained = explain_file(path, province="51", today=TODAY)
    reasons = {column.field: column.reason for column in explained.tables[0].columns}
    assert reasons["in_period"] == "theo phép cộng của biểu"
    assert reasons["resolved"] == 'đúng tên "Đã giải quyết"'
    wrong = save_book(tmp_path / "b.xlsx", make_table(make_columns(slip=1), MONTH))
    assert "khác tổng" in import_file(wrong).refusal
