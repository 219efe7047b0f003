"""/api/v1/provinces/51/communes.geojson: the map of a day as map programs (QGIS) read it."""

from __future__ import annotations

from typing import Any, Final, Literal

import shapely
from flask import Flask, Response
from shapely.geometry import mapping

from dashboard.outlines.in_use import ProvinceOutline
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web import theme
from dashboard.web.api.v1 import resources
from dashboard.web.api.v1.answers import answer_in_state
from dashboard.web.api.v1.asking import ProvinceQuestion
from dashboard.web.api.v1.models import ApiModel, CommuneRow, LevelName, LevelRow
from dashboard.web.api.v1.queries import OutlineQuery, read_request_query
from dashboard.web.api.v1.resources import ask_about_province, make_rule

GEOJSON_TYPE: Final = "application/geo+json"
PATH: Final = "/provinces/{province}/communes.geojson"
SUMMARY: Final = "Bản đồ mức sẵn sàng (GeoJSON, WGS 84) cho QGIS và chương trình bản đồ khác"

OutlineOrigin = Literal["office", "schematic", "point", "none"]


class MapGeometry(ApiModel):
    """Degrees, longitude first."""

    type: Literal["Point", "Polygon", "MultiPolygon"]
    coordinates: list[Any]


class MapProperties(ApiModel):
    """What a map program shows of a commune; texts and numbers only, as its tables want them."""

    commune_code: str
    name: str
    level: LevelName
    level_word: str
    colour: str
    level_days: int
    reported_on: str | None
    reasons: str
    outline: OutlineOrigin
    report_day: str


class MapFeature(ApiModel):
    """A commune; without a geometry where nobody knows where it lies."""

    type: Literal["Feature"]
    id: str
    geometry: MapGeometry | None
    properties: MapProperties


class LevelMap(ApiModel):
    """The communes of a province, and which state of the store they are of."""

    type: Literal["FeatureCollection"]
    name: str
    data_version: int
    data_token: str
    simulated: bool
    features: list[MapFeature]


def build_level_map(
    question: ProvinceQuestion, outline: ProvinceOutline, wanted: Literal["office", "schematic"]
) -> LevelMap:
    """Every commune once. Schematic outlines are shown only where they are asked for: in a map
    program they would be taken for borders.
    """
    head = question.head()
    communes: list[CommuneRow] = resources.fetch_rows(resources.COMMUNES, question)
    levels: list[LevelRow] = resources.fetch_rows(resources.LEVELS, question)
    shown = outline.source == "office" or wanted == "schematic"
    return LevelMap(
        type="FeatureCollection",
        name=f"muc_san_sang_{question.province}_{question.day}",
        data_version=head["data_version"],
        data_token=head["data_token"],
        simulated=head["simulated"],
        features=[
            _build_feature(question, commune, level, outline if shown else None)
            for commune, level in zip(communes, levels, strict=True)
        ],
    )


def _build_feature(
    question: ProvinceQuestion,
    commune: CommuneRow,
    level: LevelRow,
    outline: ProvinceOutline | None,
) -> MapFeature:
    assert commune.commune_code == level.commune_code
    geometry, origin = _locate_commune(commune, outline)
    look = theme.LEVELS[level.level]
    return MapFeature(
        type="Feature",
        id=commune.commune_code,
        geometry=geometry,
        properties=MapProperties(
            commune_code=commune.commune_code,
            name=commune.name,
            level=level.level,
            level_word=look.word,
            colour=look.light,
            level_days=level.level_days,
            reported_on=level.reported_on.isoformat() if level.reported_on else None,
            reasons="; ".join(level.reasons),
            outline=origin,
            report_day=question.day.isoformat(),
        ),
    )


def _locate_commune(
    commune: CommuneRow, outline: ProvinceOutline | None
) -> tuple[MapGeometry | None, OutlineOrigin]:
    if outline is not None and commune.commune_code in outline.features:
        return _write_geometry(outline.features[commune.commune_code]), outline.source
    if commune.lat is None or commune.lon is None:
        return None, "none"
    return MapGeometry(type="Point", coordinates=[commune.lon, commune.lat]), "point"


def _write_geometry(geometry: shapely.Geometry) -> MapGeometry:
    written = mapping(geometry)
    return MapGeometry(type=written["type"], coordinates=list(written["coordinates"]))


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds the map to `server`."""

    @server.get(make_rule(PATH), endpoint="api_map")
    def map_levels(province: str) -> Response:
        query = read_request_query(OutlineQuery)
        question = ask_about_province(settings, reports, province, query)
        outline = reports.outline(province)

        def make_body() -> bytes:
            return build_level_map(question, outline, query.outlines).model_dump_json().encode()

        return answer_in_state(
            question.version, GEOJSON_TYPE, make_body, question.day, outline.fingerprint
        )
