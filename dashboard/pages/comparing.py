"""/so-sanh: up to six communes side by side; one alone against its own past, its peers and the province."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

from flask import Response, redirect
from werkzeug.datastructures import MultiDict

from dashboard import names, reference, text
from dashboard.pages import sources_told
from dashboard.pages.address import View
from dashboard.pages.document import Asked, Document
from dashboard.pages.downloads import Cell, Rows
from dashboard.pages.navigation import address, commune_address
from dashboard.views import comparing, dossier_words, side_by_side, theme
from dashboard.views.comparing import MOST
from dashboard.views.one_commune import One

PATH = "/so-sanh"


def _codes(query: Mapping[str, str]) -> list[str]:
    """The communes of an address (`xa=1,2` or `xa=1&xa=2`), each once, in its order; junk is left out."""
    written = [*",".join(_given(query)).split(","), query.get("them", "")]
    known = reference.communes().index
    return [code for code in dict.fromkeys(part.strip() for part in written) if code in known]


def _given(query: Mapping[str, str]) -> list[str]:
    return query.getlist("xa") if isinstance(query, MultiDict) else [query.get("xa", "")]


def _of_province(codes: list[str], province: str) -> list[str]:
    frame = reference.communes()
    return [code for code in codes if frame.at[code, "province_code"] == province][:MOST]


def _ones(asked: Asked) -> list[One]:
    codes = _of_province(_codes(asked.query), asked.view.province)
    report = asked.reports.report(asked.view.province, asked.day, asked.version)
    return [One(report, code) for code in codes]


def _address(view: View, codes: list[str]) -> str:
    return address(PATH, view, {"xa": ",".join(codes)} if codes else {})


def found(asked: Asked) -> Mapping[str, Any] | Response:
    """What comparing.html writes; another way of writing the address (a commune that was added, one field a commune,
    no province) leads to its own."""
    codes, view = _codes(asked.query), asked.view
    if codes and "province" not in asked.query:
        view = View(str(reference.communes().at[codes[0], "province_code"]), view.as_of)
    here = _of_province(codes, view.province)
    if "them" in asked.query or len(_given(asked.query)) > 1 or view != asked.view:
        return redirect(_address(view, here))  # type: ignore[return-value]  # werkzeug's own class
    every = names.official_names(view.province)

    def communes() -> list[dict[str, str]]:
        return [
            {
                "name": every[code],
                "href": commune_address(code, view),
                "without": _address(view, [other for other in here if other != code]),
            }
            for code in here
        ]

    def table() -> dict[str, Any] | None:
        ones = _ones(asked)
        if not ones:
            return None
        before = ones[0].report.dossiers.before
        return {
            "communes": communes(),
            "beside": side_by_side.columns(ones),
            "sections": comparing.sections(ones, asked.today),
            "dossier_source": sources_told.of_dossiers(ones[0].report, asked.today),
            "minimum": text.number(ones[0].report.dossiers.rule.minimum_received),
            "before": "" if before is None else dossier_words.ends(before.period),
            "alone": len(ones) == 1,
        }

    return {
        "headline": lambda: comparing.headline(_ones(asked)),
        "table": table,
        "chosen": ",".join(here),
        "others": [(code, name) for code, name in every.items() if code not in here],
        "full": len(here) >= MOST,
        "most": MOST,
        "download": address("/tai/so-sanh.csv", view, {"xa": ",".join(here)}),
    }


_HEAD = (
    *("Nhóm chỉ tiêu", "Chỉ tiêu", "Của", "Mức", "Phần", "Toàn thể", "Tỷ lệ (%)", "Đếm"),
    *("Trị số", "Đơn vị của trị số", "Ghi chú"),
)


def _rows(asked: Asked) -> Rows:
    """The table of the page, one row a figure of a commune or of what stands beside them, its numbers apart."""
    ones = _ones(asked)
    if not ones:
        return Rows(_HEAD, [])
    whose = [*(one.name for one in ones), *side_by_side.columns(ones)]
    return Rows(
        _HEAD,
        [
            [section["title"], row["name"], name, *_plain(cell)]
            for section in comparing.sections(ones, asked.today)
            for row in section["rows"]
            for name, cell in zip(whose, row["cells"], strict=True)
            if cell["words"]
        ],
    )


def _plain(cell: Mapping[str, Any]) -> list[Cell]:
    """Level, numbers, and in words what is no number; a whole of nought has no share."""
    level, figure = theme.LEVELS[cell["level"]].word if cell["level"] else "", cell["figure"]
    known = not isnan(figure.part + figure.whole)
    share = round(100 * figure.part / figure.whole, 1) if known and figure.whole else None
    plain = known or not isnan(figure.value) or cell["words"] == level
    told = "✓ kiểm tra" if "✓" in cell["words"] else ""
    words = [told, cell["note"]] if plain else [cell["words"], cell["note"]]
    return [
        *(level, float(figure.part), float(figure.whole), share, figure.of if known else ""),
        *(round(float(figure.value), 4), "" if isnan(figure.value) else figure.unit),
        "; ".join(part for part in words if part),
    ]


def _filters(asked: Asked) -> str:
    every = names.official_names(asked.view.province)
    return ", ".join(every[code] for code in _of_province(_codes(asked.query), asked.view.province))


DOCUMENT = Document(
    PATH,
    "So sánh xã",
    "comparing.html",
    found,
    "compare",
    keeps=("xa",),
    filters=_filters,
    downloads={"so-sanh": _rows},
)
