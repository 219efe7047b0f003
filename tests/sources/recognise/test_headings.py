"""What a heading means, in the many ways in which offices write it, and what it must not be taken
for.
"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import text
from dashboard.measures import DECLARED
from dashboard.sources.recognise.file_kinds import load_file_kinds
from dashboard.sources.recognise.headings import FileField, HeadingVocabulary

KINDS = {file_kind.code: file_kind for file_kind in load_file_kinds()}
READINESS = KINDS["readiness"].vocabulary
PORTAL = KINDS["portal_progress"].vocabulary


def meaning(heading: str, vocabulary: HeadingVocabulary = READINESS) -> str | None:
    match = vocabulary.field_of(tuple(heading.split(" > ")))
    return match[0] if match else None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Tên đơn vị (xã/phường/đặc khu)", "commune"),
        ("UBND xã, phường, đặc khu", "commune"),
        ("Mã xã/phường", "commune_code"),
        ("Đường truyền mạng > Ổn định", "network_stable"),
        ("Hạ tầng mạng > Tốc độ đường truyền (Mb/s)", "network_mbps"),
        ("A. Hạ tầng > Mạng > Tốc độ", "network_mbps"),
        ("Chữ ký số > Số cần cấp", "signature_needed"),
        ("Số chữ ký số đã cấp", "signature_issued"),
        ("Chữ ký số - Đã cấp", "signature_issued"),
        ("Đã cấp: chữ ký số", "signature_issued"),
        ("CKS\nđã cấp (chiếc)", "signature_issued"),
        ("Máy tính > Hiện có (bộ)", "computer_available"),
        ("Máy vi tính (cần)", "computer_needed"),
        ("Thiết bị > Máy quét > Cần", "scanner_needed"),
        ("Kiosk tra cứu TTHC > Có", "kiosk_available"),
        ("Hệ thống họp trực tuyến từ Trung ương đến cấp xã", "online_meeting"),
        ("Thiết bị bảo đảm an toàn thông tin", "security_device"),
        ("Niêm yết công khai TTHC", "procedures_published"),
        ("Nhân sự một cửa > Biên chế được giao", "staff_planned"),
        ("Tự đánh giá (Xanh/Vàng/Đỏ)", "self_rating"),
        ("Ngày, tháng kê khai", "declared_on"),
    ],
)
def test_a_heading_in_other_words_is_understood(heading: str, field: str) -> None:
    assert meaning(heading) == field
    assert meaning(heading.upper()) == field


@pytest.mark.parametrize(
    "heading",
    [
        "Chữ ký số chưa cấp",
        "Chữ ký số > Còn thiếu",
        "Chữ ký số > Đã cấp (%)",
        "Tỷ lệ chữ ký số đã cấp",
        "Ghi chú về chữ ký số đã cấp",
        "Máy in > Cần",
        "Máy tính > Thiếu",
        "Đơn vị tính",
        "Hiện có",
        "Cần",
        "Người kê khai",
        "Ngày cấp",
        "Số điện thoại",
    ],
)
def test_a_heading_of_something_else_is_left_alone(heading: str) -> None:
    assert meaning(heading) is None


def test_parts_of_what_was_received_are_not_what_was_received() -> None:
    for heading in (
        "Số hồ sơ tiếp nhận > Trực tuyến",
        "Số hồ sơ tiếp nhận > Từ kỳ trước",
        "Tỷ lệ đúng hạn",
    ):
        assert meaning(heading, PORTAL) is None
    assert meaning("totalReceived", PORTAL) == "received"
    assert meaning("avgProcessingDays", PORTAL) == "mean_days"


@given(st.sampled_from(sorted(DECLARED)), st.data())
def test_every_declared_heading_means_its_field_in_any_case_form_and_without_tones(
    measure: str, draws: st.DataObject
) -> None:
    spelling = draws.draw(st.sampled_from(READINESS.fields[measure].spellings))
    for written in (
        spelling,
        spelling.upper(),
        unicodedata.normalize("NFD", spelling),
        spelling.replace(" ", "\n"),
    ):
        assert meaning(written) == measure
    assert meaning(text.strip_tones(spelling)) in (measure, None), (
        "without tones at most unknown, never another"
    )


def test_everything_that_a_commune_declares_has_a_heading() -> None:
    assert set(DECLARED) <= set(READINESS.fields)


def test_one_heading_declared_for_two_fields_is_a_mistake_found_at_once() -> None:
    with pytest.raises(AssertionError, match="declared for"):
        HeadingVocabulary([FileField("a", "Máy tính > Cần"), FileField("b", "Cần máy tính")])


def test_every_kind_finds_its_own_headings_only() -> None:
    assert {"readiness", "portal_progress"} <= set(KINDS)
    for file_kind in KINDS.values():
        assert all(
            name in file_kind.vocabulary.fields
            for _, names in file_kind.required_fields
            for name in names
        )
