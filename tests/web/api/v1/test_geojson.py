"""The map for other programs: every commune once, borders only where an office loaded them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import reference
from dashboard.outlines.geojson import write_outlines
from dashboard.outlines.in_use import load_outlines
from dashboard.settings import Settings
from dashboard.web import theme

MAP = "/api/v1/provinces/51/communes.geojson"


def read_map(program: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = program.get(f"{MAP}{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/geo+json"
    feature_collection = json.loads(answer.data)
    assert feature_collection["type"] == "FeatureCollection"
    features: list[dict[str, Any]] = feature_collection["features"]
    return features


def test_every_commune_is_a_point_with_its_level_where_no_office_loaded_outlines(
    pages: FlaskClient,
) -> None:
    features = read_map(pages)
    communes = reference.select_communes_of_province("51")
    assert [feature["id"] for feature in features] == communes.index.tolist()
    levels = pages.get("/api/v1/provinces/51/levels").get_json()["items"]
    for feature, level in zip(features, levels, strict=True):
        properties = feature["properties"]
        commune = communes.loc[feature["id"]]
        assert feature["geometry"]["coordinates"] == [commune["lon"], commune["lat"]]
        assert properties["outline"] == "point"
        assert properties["level"] == level["level"]
        assert properties["colour"] == theme.LEVELS[level["level"]].light
    assert features[0]["properties"]["report_day"] == "2026-11-22"


def test_schematic_outlines_come_only_when_they_are_asked_for(pages: FlaskClient) -> None:
    features = read_map(pages, "?outlines=schematic")
    drawn = [feature for feature in features if feature["properties"]["outline"] == "schematic"]
    assert len(drawn) > 90
    assert all(shapely.geometry.shape(feature["geometry"]).is_valid for feature in drawn)


def test_outlines_of_the_office_are_shown_and_others_stay_points(
    own_store: Engine, own_pages: FlaskClient, settings: Settings, tmp_path: Path
) -> None:
    schematic = own_pages.get(MAP)
    outlines = load_outlines("51", tmp_path)
    some = dict(list(outlines.features.items())[:5])
    write_outlines(settings.outlines_dir, "51", some, "office")
    again = own_pages.get(MAP, headers={"If-None-Match": schematic.headers["ETag"]})
    assert again.status_code == 200, "other outlines are another answer"
    origins = {
        feature["id"]: (feature["properties"]["outline"], feature["geometry"]["type"])
        for feature in read_map(own_pages)
    }
    assert {code for code, (origin, _) in origins.items() if origin == "office"} == set(some)
    assert {geometry for origin, geometry in origins.values() if origin == "point"} == {"Point"}


@pytest.mark.parametrize(("query", "status"), [("?outlines=real", 400), ("?as_of=2027-01-01", 404)])
def test_a_map_that_cannot_be_is_a_problem(pages: FlaskClient, query: str, status: int) -> None:
    assert pages.get(f"{MAP}{query}").status_code == status
