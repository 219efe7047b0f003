"""/so-sanh: up to six communes side by side; one alone against its own past, its peers and the
province.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isnan
from typing import Any

from flask import Response, redirect
from werkzeug.datastructures import MultiDict

from dashboard import names, reference, text
from dashboard.areas import Area, list_areas_of_province
from dashboard.web import theme
from dashboard.web.compare.areas import (
    MOST_AREAS,
    AreaColumn,
    list_area_columns,
    list_area_sections,
    list_misread_areas,
    list_preset_areas,
    name_area_preset,
    select_areas,
)
from dashboard.web.compare.cells import list_comparator_heads
from dashboard.web.compare.words import (
    MOST_COMMUNES,
    list_comparison_sections,
    put_differences_first,
    tell_comparison_headline,
)
from dashboard.web.documents import data_sources
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import CellType, DownloadTable, TableCell, TableColumn
from dashboard.web.documents.navigation import build_address, build_commune_address
from dashboard.web.documents.small_views import PageChart
from dashboard.web.words.commune import ReportCommune
from dashboard.web.words.period_names import format_period_ends

PATH = "/so-sanh"


def _codes_requested(query: Mapping[str, str]) -> list[str]:
    """The communes of an address (`xa=1,2` or `xa=1&xa=2`), each once, in its order; junk is left
    out.
    """
    written = [*",".join(_code_fields(query)).split(","), query.get("them", "")]
    all_codes = reference.load_communes().index
    return [code for code in dict.fromkeys(part.strip() for part in written) if code in all_codes]


def _list_areas_asked(page_request: PageRequest) -> list[Area]:
    """The areas of an address; where it names neither areas nor communes, the first preset."""
    province = page_request.view.province
    query = page_request.query
    areas = select_areas(province, _area_fields(query))
    presets = list_preset_areas(province)
    if areas or _codes_requested(query) or not presets:
        return areas
    return list(presets[0])


def _area_fields(query: Mapping[str, str]) -> list[str]:
    return _list_field(query, "area")


def _code_fields(query: Mapping[str, str]) -> list[str]:
    return _list_field(query, "xa")


def _list_field(query: Mapping[str, str], name: str) -> list[str]:
    """What an address says in a field, once or several times."""
    return query.getlist(name) if isinstance(query, MultiDict) else [query.get(name, "")]


def _codes_of_province(codes: list[str], province: str) -> list[str]:
    frame = reference.load_communes()
    return [code for code in codes if frame.at[code, "province_code"] == province][:MOST_COMMUNES]


def _list_communes(page_request: PageRequest) -> list[ReportCommune]:
    codes = _codes_of_province(_codes_requested(page_request.query), page_request.view.province)
    return [ReportCommune(page_request.report, code) for code in codes]


def _comparison_address(view: PageView, codes: list[str]) -> str:
    return build_address(PATH, view, {"xa": ",".join(codes)} if codes else {})


def build_comparison_context(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What page.html writes; another way of writing the address (a commune that was added, one
    field a commune, no province) leads to its own."""
    codes = _codes_requested(page_request.query)
    view = page_request.view
    if codes and "province" not in page_request.query:
        view = PageView(str(reference.load_communes().at[codes[0], "province_code"]), view.as_of)
    codes_here = _codes_of_province(codes, view.province)
    if (
        "them" in page_request.query
        or len(_code_fields(page_request.query)) > 1
        or view != page_request.view
    ):
        # What cannot be shown stays in the address, and the page says so.
        written = ",".join(_code_fields(page_request.query)).split(",")
        left_out = [code for code in written if re.fullmatch(r"[0-9]{5}", code)]
        shown = list(dict.fromkeys([*codes_here, *left_out]))
        address = _comparison_address(view, shown)
        return redirect(address)  # type: ignore[return-value]  # werkzeug's own class
    names_by_code = names.list_official_names(view.province)

    def list_commune_links() -> list[dict[str, str]]:
        return [
            {
                "name": names_by_code[code],
                "href": build_commune_address(code, view),
                "without": _comparison_address(
                    view, [other for other in codes_here if other != code]
                ),
            }
            for code in codes_here
        ]

    def table() -> dict[str, Any] | None:
        communes = _list_communes(page_request)
        if not communes:
            return None
        before = communes[0].report.dossiers.of_period.before
        return {
            "communes": list_commune_links(),
            "beside": list_comparator_heads(communes),
            "sections": put_differences_first(
                list_comparison_sections(communes, page_request.today), len(communes)
            ),
            "dossier_source": data_sources.tell_dossier_sources(
                communes[0].report, page_request.today
            ),
            "minimum": text.format_number(
                communes[0].report.dossiers.of_period.rule.minimum_received
            ),
            "before": "" if before is None else format_period_ends(before.period),
            "alone": len(communes) == 1,
        }

    def by_area() -> dict[str, Any] | None:
        areas = _list_areas_asked(page_request)
        presets = list_preset_areas(view.province)
        others = [area for area in list_areas_of_province(view.province) if area not in areas]
        if not presets and not others:
            return None
        columns = _list_columns(page_request, areas)
        area_codes = ",".join(area.code for area in areas)
        return {
            "presets": [
                (
                    build_address(PATH, view, {"area": ",".join(area.code for area in preset)}),
                    name_area_preset(preset),
                    list(preset) == areas,
                )
                for preset in presets
            ],
            "columns": [
                {
                    "name": column.name,
                    "source": column.source,
                    "size": text.format_number(column.inside.sum()),
                }
                for column in columns
            ],
            "sections": _list_sections(page_request, columns),
            "dossier_source": data_sources.tell_dossier_sources(
                page_request.report, page_request.today
            ),
            "chosen": area_codes,
            "others": [] if len(areas) >= MOST_AREAS else others,
            "download": build_address("/tai/so-sanh-vung.csv", view, {"area": area_codes}),
            "named": name_area_preset(areas) if areas else "",
        }

    asked_areas = _list_areas_asked(page_request) if "area" in page_request.query else []

    def headline() -> str:
        communes = _list_communes(page_request)
        if asked_areas and not communes:
            return f"So sánh {name_area_preset(asked_areas)}"
        return tell_comparison_headline(communes)

    return {
        "by_area": by_area,
        "headline": headline,
        "areas_asked": bool(asked_areas),
        "table": table,
        "chosen": ",".join(codes_here),
        "others": [(code, name) for code, name in names_by_code.items() if code not in codes_here],
        "full": len(codes_here) >= MOST_COMMUNES,
        "most": MOST_COMMUNES,
        "download": build_address("/tai/so-sanh.csv", view, {"xa": ",".join(codes_here)}),
    }


def _list_columns(page_request: PageRequest, areas: list[Area]) -> list[AreaColumn]:
    return list_area_columns(page_request.report, areas) if areas else []


def _list_sections(page_request: PageRequest, columns: list[AreaColumn]) -> list[dict[str, Any]]:
    if not columns:
        return []
    return list_area_sections(page_request.report, columns, page_request.today)


_COLUMNS = (
    TableColumn("Nhóm chỉ tiêu", "Phần của trang mà chỉ tiêu thuộc về"),
    TableColumn("Chỉ tiêu", "Chỉ tiêu được so sánh; cách tính ở trang Cách tính"),
    TableColumn("Của", "Đơn vị, hoặc nhóm đứng bên cạnh để so sánh"),
    TableColumn("Mức", "Mức của chỉ tiêu, nếu chỉ tiêu được xếp mức"),
    TableColumn("Phần", "Phần của tỷ lệ", CellType.NUMBER),
    TableColumn("Toàn thể", "Toàn thể của tỷ lệ", CellType.NUMBER),
    TableColumn("Tỷ lệ (%)", "Phần ÷ toàn thể", CellType.SHARE),
    TableColumn("Đếm", "Phần và toàn thể đếm gì"),
    TableColumn("Trị số", "Giá trị không phải tỷ lệ", CellType.NUMBER),
    TableColumn("Đơn vị của trị số", "Đơn vị tính của trị số"),
    TableColumn("Ghi chú", "Điều không nói được bằng số"),
)
_TITLE = "So sánh các đơn vị"


def _tabulate_comparison(page_request: PageRequest) -> DownloadTable:
    """The table of the page, one row a figure of a commune or of what stands beside them, its
    numbers apart.
    """
    communes = _list_communes(page_request)
    if not communes:
        return DownloadTable(_COLUMNS, [], _TITLE)
    column_heads = [*(commune.name for commune in communes), *list_comparator_heads(communes)]
    return DownloadTable(
        _COLUMNS,
        [
            [section["title"], row["name"], name, *_plain_cells(cell)]
            for section in list_comparison_sections(communes, page_request.today)
            for row in section["rows"]
            for name, cell in zip(column_heads, row["cells"], strict=True)
            if cell["words"]
        ],
        _TITLE,
    )


def _tabulate_areas(page_request: PageRequest) -> DownloadTable:
    """The same of areas: one row a figure of an area, of the others, of the whole province."""
    areas = _list_areas_asked(page_request)
    columns = _list_columns(page_request, areas)
    return DownloadTable(
        _COLUMNS,
        [
            [section["title"], row["name"], column.name, *_plain_cells(cell)]
            for section in _list_sections(page_request, columns)
            for row in section["rows"]
            for column, cell in zip(columns, row["cells"], strict=True)
        ],
        "So sánh các khu vực",
    )


def _plain_cells(cell: Mapping[str, Any]) -> list[TableCell]:
    """Level, numbers, and in words what is no number; a whole of nought has no share."""
    level = theme.LEVELS[cell["level"]].word if cell["level"] else ""
    figure = cell["figure"]
    is_counted = not isnan(figure.numerator + figure.denominator)
    share = figure.numerator / figure.denominator if is_counted and figure.denominator else None
    level_says_all = is_counted or not isnan(figure.value) or cell["words"] == level
    words = cell["words"]
    if level_says_all:
        words = "✓ kiểm tra" if "✓" in words else ""
    return [
        level,
        float(figure.numerator),
        float(figure.denominator),
        share,
        figure.counted_unit if is_counted else "",
        round(float(figure.value), 4),
        "" if isnan(figure.value) else figure.unit,
        "; ".join(filter(None, [words, cell["note"]])),
    ]


def _name_communes(page_request: PageRequest) -> str:
    names_by_code = names.list_official_names(page_request.view.province)
    return ", ".join(
        names_by_code[code]
        for code in _codes_of_province(
            _codes_requested(page_request.query), page_request.view.province
        )
    )


def _list_misread_codes(page_request: PageRequest) -> list[str]:
    codes = _codes_requested(page_request.query)
    provinces = reference.load_communes()["province_code"]
    sentences = list_misread_areas(page_request.view.province, _area_fields(page_request.query))
    if sum(provinces[code] == page_request.view.province for code in codes) > MOST_COMMUNES:
        sentences.append(f"Chỉ so sánh được {MOST_COMMUNES} đơn vị; các đơn vị sau không hiện")
    return sentences


COMPARE_DOCUMENT = Document(
    PATH,
    "So sánh đơn vị",
    "compare/page.html",
    build_comparison_context,
    "compare",
    preserved_params=("xa", "area"),
    filters=_name_communes,
    downloads={"so-sanh": _tabulate_comparison, "so-sanh-vung": _tabulate_areas},
    misread=_list_misread_codes,
    charts={
        "compared": PageChart("So sánh một đơn vị với nhóm của nó", 720),
        "areas-compared": PageChart("So sánh theo vùng", 720),
    },
)
