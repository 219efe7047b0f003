"""/so-sanh in words: what differs stands first."""

from __future__ import annotations

from typing import Any

from dashboard.web.compare import words
from dashboard.web.compare.cells import make_comparison_cell, make_comparison_row


def row(code: str, *cells: tuple[str, str]) -> dict[str, Any]:
    """A row of two communes and the province; a cell is its words and its level."""
    province = make_comparison_cell("51/96", "")
    own = [make_comparison_cell(said, level) for said, level in cells]
    return make_comparison_row(code, code, [*own, province])


SECTIONS = [
    {"title": "Mức sẵn sàng", "rows": [row("overall", ("Xanh", "green"), ("Đỏ", "red"))]},
    {
        "title": "Mạng",
        "rows": [
            row("line", ("có", "green"), ("có", "green")),
            row("speed", ("94 Mbps", "green"), ("60 Mbps", "green")),
            row("scanner", ("1/1", "green"), ("chưa có dữ liệu", "unknown")),
        ],
    },
]


def test_different_levels_stand_first_and_what_is_alike_last() -> None:
    sections = [
        (section["title"], [line["code"] for line in section["rows"]])
        for section in words.put_differences_first(SECTIONS, 2)
    ]
    assert sections == [
        ("Khác mức: 1 chỉ tiêu", ["overall"]),
        ("Mạng", ["speed", "scanner"]),
        ("Như nhau: 1 chỉ tiêu", ["line"]),
    ]


def test_one_commune_is_told_in_the_usual_order() -> None:
    assert words.put_differences_first(SECTIONS, 1) == SECTIONS
