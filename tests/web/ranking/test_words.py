"""/xep-hang in words: places only among peers, ties shared, silence unplaced and told why."""

from __future__ import annotations

import math

from hypothesis import given, settings

from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.dossiers import ProvinceDossiers, assess_dossiers
from dashboard.indicators.throughput.periods import find_week_of
from dashboard.web.ranking import words
from dashboard.web.words import dossiers
from tests.indicators.throughput.counting import MONDAY, Row, frame, row, told_rows
from tests.indicators.throughput.test_places_before import AUGUST, COMMUNES, JULY, RULE, WHOLE, of
from tests.indicators.throughput.test_source_selection import WEEKDAYS

NAMES = ["Xã Sơn Hà", "Xã Sơn Hạ", "Phường Kon Tum"]


def told(unit: str, month: tuple[str, str], received: float | None, in_time: float | None) -> Row:
    return row(unit, *month, "report", received=received, on_time_766=in_time)


def tables(dossiers_told: ProvinceDossiers, order: str = "best") -> dict[str, dict[str, object]]:
    scale = words.RankingScale.of(dossiers_told.ranks["on_time_766"])
    shown = words.list_peer_groups(dossiers_told, ())
    made = words.list_ranking_tables(dossiers_told, NAMES, "on_time_766", shown, order, scale)
    return {table["label"]: table for table in made}


def test_communes_are_placed_among_their_like_with_what_stays_open() -> None:
    by_label = tables(
        of(
            [
                told("00001", AUGUST, 100, 90),
                told("00002", AUGUST, 100, 20),
                told("00003", AUGUST, 50, 10),
            ],
            WHOLE,
        )
    )
    assert list(by_label) == ["xa", "phuong"], "the largest group first"
    rows = by_label["xa"]["rows"]
    assert [(row["name"], row["place"], row["of"], row["open"]) for row in rows] == [  # type: ignore[attr-defined]
        ("Xã Sơn Hà", "1", "2", "1"),
        ("Xã Sơn Hạ", "2", "2", "2"),
    ]
    assert by_label["xa"]["pooled"] == "110/200 (55,0%)", "a sum of counts, never a mean of shares"
    assert by_label["phuong"]["rows"][0]["place"] == "1"  # type: ignore[index]


def test_who_has_no_place_is_told_why() -> None:
    by_label = tables(of([told("00001", AUGUST, 4, 4), told("00002", AUGUST, 0, 0)], WHOLE))
    blocks = by_label["xa"]["unplaced"]
    assert [(block["reason"], block["communes"][0][1]) for block in blocks] == [  # type: ignore[attr-defined]
        ("Quá ít hồ sơ để xếp (dưới 5)", "Xã Sơn Hà"),
        ("Không phát sinh", "Xã Sơn Hạ"),
    ]
    assert by_label["phuong"]["unplaced"][0]["reason"] == "Chưa có dữ liệu"  # type: ignore[index]
    assert by_label["xa"]["rows"] == []


def test_movement_is_against_the_whole_period_before_or_there_is_none() -> None:
    august = [told("00001", AUGUST, 100, 90), told("00002", AUGUST, 100, 80)]
    july = [told("00001", JULY, 100, 60), told("00002", JULY, 100, 80)]
    rows = tables(of([*august, *july], WHOLE))["xa"]["rows"]
    assert [row["moved"] for row in rows] == ["▲ 1 (trước: 2)", "▼ 1 (trước: 1)"]  # type: ignore[attr-defined]
    rows = tables(of(august, WHOLE))["xa"]["rows"]
    assert [row["moved"] for row in rows] == ["chưa đủ kỳ"] * 2  # type: ignore[attr-defined]
    assert words.tell_rank_change(3, math.nan, comparable=True) == "trước: không xếp hạng"
    assert words.tell_rank_change(3, 3, comparable=True) == "không đổi"


@settings(max_examples=20, deadline=None)
@given(told_rows(kinds=("list",)))
def test_every_commune_stands_once_placed_or_not_and_the_table_agrees_with_its_file(
    rows: list[Row],
) -> None:
    dossiers_told = assess_dossiers(
        DossierCounts(frame(rows), COMMUNES.index),
        DossierCounts(frame([]), ()),
        COMMUNES,
        find_week_of(MONDAY),
        RULE,
        (),
        WEEKDAYS,
    )
    for by in ("on_time_766", "overdue_open"):
        scale = words.RankingScale.of(dossiers_told.ranks[by])
        made = words.list_ranking_tables(
            dossiers_told, NAMES, by, words.list_peer_groups(dossiers_told, ()), "best", scale
        )
        placed = [(line["code"], line["place"]) for table in made for line in table["rows"]]
        without = [
            code
            for table in made
            for block in table["unplaced"]
            for code, _, _ in block["communes"]
        ]
        assert sorted([*(code for code, _ in placed), *without]) == sorted(dossiers_told.codes)
        for table in made:
            for line in table["rows"]:
                assert 0 <= line["lower"] <= line["rate"] <= line["upper"] <= 100
        taken = {line[0]: line for line in words.tabulate_rate_ranks(dossiers_told, NAMES, by, ())}
        assert {code: f"{taken[code][3]:.0f}" for code, _ in placed} == dict(placed)
        assert all(math.isnan(taken[code][3]) and taken[code][-1] for code in without)


def test_groups_are_named_with_their_flags() -> None:
    flags = (PeerFlag("mountainous", "Miền núi", ()), PeerFlag("border", "Biên giới", ()))
    assert dossiers.format_peer_group("xa+mountainous+border", flags) == "xã, miền núi, biên giới"
    assert dossiers.format_peer_group("dac_khu") == "đặc khu"


def test_intervals_are_drawn_on_whole_steps() -> None:
    scale = words.RankingScale(0.6, 1.0)
    assert scale.ends == ("60%", "100%")
    assert [round(scale.locate(share), 6) for share in (0.5, 0.6, 0.8, 1.0)] == [0, 0, 50, 100]


def number_rows(count: int, without: int = 0) -> list[dict[str, object]]:
    places = [*(str(number) for number in range(1, count + 1)), *[words.NO_RANK] * without]
    return [{"place": number} for number in places]


def test_a_long_list_shows_its_ends_and_folds_the_middle() -> None:
    blocks = words.fold_middle(number_rows(86), "best")
    assert [(len(block["rows"]), block["summary"]) for block in blocks] == [
        (10, ""),
        (66, "66 đơn vị ở giữa: hạng 11 đến 76"),
        (10, ""),
    ]


def test_a_short_list_and_one_in_another_order_are_whole() -> None:
    assert [len(block["rows"]) for block in words.fold_middle(number_rows(29), "best")] == [29]
    assert [len(block["rows"]) for block in words.fold_middle(number_rows(86), "gained")] == [86]
    assert words.fold_middle([], "best") == []


def test_who_has_no_rank_is_folded_at_the_end() -> None:
    blocks = words.fold_middle(number_rows(4, without=92), "worst")
    assert [block["summary"] for block in blocks] == ["", "92 đơn vị chưa có số liệu"]


def test_a_head_orders_its_column_and_pressed_again_turns_it_round() -> None:
    heads = words.link_column_heads("best", lambda order: f"?order={order}")
    assert heads["place"] == {"href": "?order=worst", "sort": "ascending"}
    assert heads["share"] == {"href": "?order=share", "sort": ""}
    assert words.link_column_heads("share", str)["share"] == {
        "href": "share_low",
        "sort": "descending",
    }
    in_use = {order for orders in words.COLUMN_ORDERS.values() for order in orders}
    assert in_use == set(words.RANKING_ORDERS)


def test_every_order_is_a_turn_of_the_same_league() -> None:
    communes = [("00001", 100, 90), ("00002", 100, 20), ("00003", 50, 10)]
    before = [("00001", 100, 10), ("00002", 100, 90), ("00003", 50, 10)]
    dossiers_told = of(
        [
            *(told(unit, AUGUST, received, in_time) for unit, received, in_time in communes),
            *(told(unit, JULY, received, in_time) for unit, received, in_time in before),
        ],
        WHOLE,
    )
    named = {
        order: [row["name"] for row in tables(dossiers_told, order)["xa"]["rows"]]  # type: ignore[attr-defined]
        for order in words.RANKING_ORDERS
    }
    first_up = ["Xã Sơn Hà", "Xã Sơn Hạ"]
    assert named["best"] == named["share"] == named["gained"] == first_up
    assert named["worst"] == named["share_low"] == named["lost"] == first_up[::-1]
