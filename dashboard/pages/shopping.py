"""/thieu-gi: the way to green. What the province has to buy, issue, repair; and which of it turns most green."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from dashboard.indicators.report import Report
from dashboard.pages import absent, choosing, shopping_tables
from dashboard.pages.choosing import Chosen, Field
from dashboard.pages.document import Asked, Document
from dashboard.pages.downloads import Rows
from dashboard.pages.navigation import commune_address
from dashboard.views import bottleneck_words, pace_words, shopping
from dashboard.views.bottleneck_words import Bottleneck
from dashboard.views.weak import Weak, weak

MOST, FOLDED = 3, 12  # so many of the most effective are read, so many when unfolded; the file has all
FEW = 4  # so many names stand in a line without being folded


class _Way:
    """What the parts of the page share, asked once and only when one of them wants it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @cached_property
    def report(self) -> Report:
        return self.asked.reports.report(self.asked.view.province, self.asked.day, self.asked.version)

    @cached_property
    def chosen(self) -> Chosen:
        return Chosen.from_query(self.asked.query, self.report.codes)

    @cached_property
    def lacking(self) -> list[Weak]:
        """Nearest to green first, then who only has to report; of as many steps, in the order of the screen."""
        found = [one for one in weak(self.report) if one.steps]
        return found if self.chosen.order == "name" else sorted(found, key=lambda one: one.nearness)


def found(asked: Asked) -> Mapping[str, Any]:
    """What shopping.html writes."""
    way = _Way(asked)
    return {
        "headline": lambda: shopping.title(way.report),
        "missing": lambda: absent.readiness(asked, way.report),
        "needs": lambda: _needs(way.report),
        "bottlenecks": lambda: _bottlenecks(way),
        "pace": lambda: {"told": pace_words.told(way.report.pace), "weeks": pace_words.weeks(way.report.pace)},
        "communes": lambda: _communes(way),
        "most": MOST,
        "folded": FOLDED,
        "few": FEW,
    }


def _needs(report: Report) -> dict[str, Any]:
    kinds = shopping.shopping_list(report)
    return {"kinds": kinds, "of": shopping.divided(report), "silent": shopping.same_for_all(kinds)}


def _bottlenecks(way: _Way) -> dict[str, Any]:
    names = dict(zip(way.report.codes, way.report.communes["name"], strict=True))

    def listed(all_of: list[Bottleneck]) -> list[dict[str, Any]]:
        return [
            {
                "sentence": one.sentence,
                "note": one.note,
                "communes": [(names[code], commune_address(code, way.asked.view)) for code in one.codes],
            }
            for one in all_of
        ]

    return {
        "singles": listed(bottleneck_words.singles(way.report)),
        "pairs": listed(bottleneck_words.pairs(way.report)),
        "kinds": listed(bottleneck_words.kinds(way.report)),
        "reporting": bottleneck_words.reporting(way.report),
        "lacking": shopping.divided(way.report)["lacking"],
    }


def _communes(way: _Way) -> dict[str, Any]:
    fields = choosing.narrowing(way.chosen)
    orders = [("", "gần xanh nhất trước"), ("name", "theo tên")]
    return {
        "fields": fields,
        "orders": Field("order", "Thứ tự", orders, way.chosen.order if way.chosen.order == "name" else ""),
        "shown": choosing.shown(way.chosen, way.lacking),
        "nobody": not any(map(way.chosen.fits, way.lacking)),
        "rows": [(one, way.chosen.fits(one), commune_address(one.code, way.asked.view)) for one in way.lacking],
        "query": way.chosen.to_query(),
    }


def _step_rows(asked: Asked) -> Rows:
    way = _Way(asked)
    return shopping_tables.steps(way.report, [one for one in way.lacking if way.chosen.fits(one)])


def _bottleneck_rows(asked: Asked) -> Rows:
    """Singles, pairs and kinds with the communes that they turn green."""
    report = _Way(asked).report
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    lists = {
        "một điều": bottleneck_words.singles(report),
        "hai điều": bottleneck_words.pairs(report),
        "loại việc": bottleneck_words.kinds(report),
    }
    return Rows(
        ("Cách gộp", "Việc", "Thêm số xã xanh", "Các xã", "Ghi chú"),
        [
            [kind, one.words, one.turned, "; ".join(names[code] for code in one.codes), one.note]
            for kind, all_of in lists.items()
            for one in all_of
        ],
    )


DOCUMENT = Document(
    "/thieu-gi",
    "Thiếu gì",
    "shopping.html",
    found,
    "needs",
    keeps=("level", "fix", "dimension", "order"),
    downloads={
        "danh-muc": lambda asked: shopping_tables.needs(_Way(asked).report),
        "thieu-gi": _step_rows,
        "diem-nghen": _bottleneck_rows,
    },
)
