"""What every chart has in common: names that find a place beside their marks."""

from __future__ import annotations

from dashboard.web.charts import plot


def test_a_name_stands_on_the_first_free_side_of_its_mark_or_nowhere() -> None:
    frame = plot.PlotFrame(across=50, up=5, x=(0, 10), y=(0, 100))
    alone = plot.place_labels([0], ("top", "right"), ["Xã A"], [(5, 50)], frame)
    assert [label.side for label in alone] == ["top"]
    marks = [(5.0, 50.0), (5.0, 47.0)]  # the other mark lies where the name would hang
    assert [
        label.side for label in plot.place_labels([0], ("top", "right"), ["Xã A", ""], marks, frame)
    ] == ["right"]
    assert plot.place_labels([0], ("top",), ["Xã A", ""], marks, frame) == []
    assert plot.place_labels([0], ("right",), ["Xã A"], [(0.1, 50)], frame) == [], (
        "it would be cut at the edge"
    )
