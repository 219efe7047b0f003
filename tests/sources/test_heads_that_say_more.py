"""A heading that says more than ours is another figure, unless what it adds is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.truth import (
    DAY,
    Column,
    Outcome,
    Truth,
    assert_read,
    assert_told,
    import_file,
    list_declared_columns,
    make_table,
    save_book,
    tell_declared,
)


def import_with(tmp_path: Path, *heads: tuple[str, ...]) -> Outcome:
    """A declaration with further columns at its right, whose figures are 50 and more."""
    further: list[Column] = [
        (head, lambda seed, first=50 + 100 * number: first + seed)  # type: ignore[misc]
        for number, head in enumerate(heads)
    ]
    table = make_table([*list_declared_columns(), *further], DAY)
    return import_file(save_book(tmp_path / "a.xlsx", table))


def tell_speed(first: int) -> Truth:
    codes = [key[1] for key in tell_declared() if key[0] == "signature_needed"]
    return tell_declared() | {
        ("network_mbps", code, "2026-11-10"): first + number for number, code in enumerate(codes)
    }


@pytest.mark.parametrize(
    "head",
    [
        ("Hạ tầng mạng", "Tốc độ tải lên (Mbps)"),
        ("Hạ tầng mạng", "Tốc độ gói cước đăng ký (Mbps)"),
        ("Máy scan", "Cần mua thêm"),
        ("Máy scan", "Cấp mới"),
        ("Máy scan", "Còn tốt"),
        ("Máy scan", "Có trong kho"),
        ("Máy scan", "Đã trang bị trong năm"),
        ("Máy scan đã trang bị hết hạn",),
        ("Nhu cầu cấp mới máy scan",),
    ],
)
def test_a_word_more_makes_another_figure_of_it(tmp_path: Path, head: tuple[str, ...]) -> None:
    outcome = import_with(tmp_path, head)
    assert outcome.read == tell_declared()
    assert " > ".join(head) in outcome.words


def test_what_was_measured_is_the_speed_and_not_what_was_paid_for(tmp_path: Path) -> None:
    outcome = import_with(
        tmp_path, ("Tốc độ mạng (Mbps)", "Gói cước"), ("Tốc độ mạng (Mbps)", "Đo thực tế")
    )
    assert_told(outcome, tell_speed(150), "Gói cước")


def test_what_came_down_is_the_speed_and_not_what_went_up(tmp_path: Path) -> None:
    outcome = import_with(
        tmp_path,
        ("Hạ tầng mạng", "Tốc độ tải lên (Mbps)"),
        ("Hạ tầng mạng", "Tốc độ tải xuống (Mbps)"),
    )
    assert_told(outcome, tell_speed(150), "tải lên")


@pytest.mark.parametrize("of_month", ["Có trong tháng", "Trang bị trong tuần", "Đã có trong năm"])
def test_what_came_in_a_month_is_not_what_is_there(tmp_path: Path, of_month: str) -> None:
    outcome = import_with(tmp_path, ("Máy scan", of_month), ("Máy scan", "Lũy kế đã có"))
    codes = [key[1] for key in tell_declared() if key[0] == "signature_needed"]
    scanners = {
        ("scanner_available", code, "2026-11-10"): 150 + number for number, code in enumerate(codes)
    }
    assert outcome.read == tell_declared() | scanners
    assert of_month in outcome.words


@pytest.mark.parametrize("head", ["Có", "Hiện có tại đơn vị", "Có (chiếc)", "Thực tế có"])
def test_words_that_say_nothing_are_no_hindrance(tmp_path: Path, head: str) -> None:
    codes = [key[1] for key in tell_declared() if key[0] == "signature_needed"]
    scanners = {
        ("scanner_available", code, "2026-11-10"): 50 + number for number, code in enumerate(codes)
    }
    assert_read(import_with(tmp_path, ("Máy scan", head)), tell_declared() | scanners)


def test_a_second_row_of_headings_belongs_to_the_head_whatever_it_says(tmp_path: Path) -> None:
    """Taken for a row of figures, "Cần | Có" below "Máy tính" made of the needed the available."""
    outcome = import_with(tmp_path, ("Máy scan", "Cần"), ("Máy scan hỏng", ""))
    codes = [key[1] for key in tell_declared() if key[0] == "signature_needed"]
    scanners = {
        ("scanner_needed", code, "2026-11-10"): 50 + number for number, code in enumerate(codes)
    }
    assert_told(outcome, tell_declared() | scanners, "Máy scan hỏng")
