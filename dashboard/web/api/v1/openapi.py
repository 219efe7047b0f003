"""/api/v1/openapi.json: what can be asked and what is answered (OpenAPI 3.1), written from the same
models that answers are checked against.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Flask, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dashboard import reference
from dashboard.accounts.roles import PUBLIC_ACTIONS, Action
from dashboard.settings import Settings
from dashboard.web.api.problems import PROBLEM_TYPE
from dashboard.web.api.v1 import feeds, geojson, imports, resources
from dashboard.web.api.v1.answers import CSV_TYPE, JSON_TYPE
from dashboard.web.api.v1.models import (
    Listing,
    Problem9457,
    ProvinceListing,
    ProvinceRow,
    Single,
)
from dashboard.web.api.v1.queries import ApiQuery, DayQuery, ListQuery, OutlineQuery
from dashboard.web.base_path import locate_path
from dashboard.web.documents import http_caching
from dashboard.web.static_files import compute_build_stamp

VERSION: Final = "1.0"
_DESCRIPTION: Final = (
    "Số liệu của bảng theo dõi mức độ sẵn sàng của cấp xã, cùng một báo cáo với các trang, nên "
    "không bao giờ nói khác. Chỉ đọc, trừ /imports: ở đó chương trình có khóa gửi tệp. Chưa biết "
    "là null, không phải 0. Tỷ lệ là phân số (0,5 là 50%). Mã đơn vị là chữ. Ví dụ ở trang /api."
)
_PROBLEMS: Final = {
    "400": "Tham số không đọc được, lặp lại, hoặc không có ở địa chỉ này",
    "401": "Cần khóa hoặc khóa không còn hiệu lực",
    "403": "Khóa không có quyền, hoặc tỉnh ngoài phạm vi của khóa",
    "404": "Không có tỉnh, đơn vị, ngày, kỳ hoặc trang này",
    "405": "Địa chỉ này không nhận cách gọi đó",
    "409": "Số liệu đã thay đổi giữa hai trang của một danh sách; đọc lại từ đầu",
    "429": "Quá nhiều lần trong một phút; xem Retry-After",
    "503": "Kho dữ liệu tạm thời không đọc được",
}
_KEY: Final = "officeKey"
_ETAG: Final = {
    "description": "Đổi khi câu trả lời đổi; gửi lại trong If-None-Match",
    "schema": {"type": "string"},
}
_LINK: Final = {
    "description": 'Địa chỉ trang sau, rel="next"; không có ở trang cuối',
    "schema": {"type": "string"},
}


class DescriptionBuilder:
    """Collects addresses and the models that they answer with."""

    def __init__(self) -> None:
        self.paths: dict[str, Any] = {}
        self._models: list[type[BaseModel]] = [Problem9457]

    def add_path(
        self,
        path: str,
        operation: str,
        summary: str,
        query: type[ApiQuery],
        contents: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """An address under /api/v1; `contents`: per media type the schema of the answer."""
        headers = {"ETag": _ETAG, **({"Link": _LINK} if issubclass(query, ListQuery) else {})}
        answer = {
            "description": summary,
            "headers": headers,
            "content": {name: {"schema": schema} for name, schema in contents.items()},
        }
        unchanged = {"description": "Không đổi từ lần trước (If-None-Match)"}
        self.paths[path] = {
            "parameters": list_path_parameters(path),
            "get": {
                "operationId": operation.removeprefix("api_"),
                "summary": summary,
                "parameters": list_query_parameters(query),
                "responses": {"200": answer, "304": unchanged, **_describe_problems()},
            },
        }

    def add_model(self, model: type[BaseModel]) -> dict[str, str]:
        """The reference to a model of an answer."""
        self._models.append(model)
        return {"$ref": f"#/components/schemas/{_name_model(model)}"}

    def build_schemas(self) -> dict[str, Any]:
        """Every model that is referred to, as JSON schema."""
        _, schemas = models_json_schema(
            [(model, "serialization") for model in self._models],
            ref_template="#/components/schemas/{model}",
        )
        own: dict[str, Any] = schemas["$defs"]
        return own


def _name_model(model: type[BaseModel]) -> str:
    """Its name among the components, as pydantic writes that of a generic model."""
    return model.__name__.replace("[", "_").replace("]", "_")


def _describe_problems() -> dict[str, Any]:
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem9457"}}}
    told = {
        status: {"description": words, "content": content} for status, words in _PROBLEMS.items()
    }
    # Refused by the server before it is read, whatever it asks for.
    too_long = {
        "description": "Địa chỉ quá dài",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
    return {
        **told,
        "414": too_long,
        "default": {"description": "Mọi từ chối khác", "content": content},
    }


def list_path_parameters(path: str) -> list[dict[str, Any]]:
    """What stands in braces in a path."""
    known = {
        "province": {
            "description": "Mã tỉnh, thành phố",
            "schema": {"type": "string", "enum": sorted(reference.load_province_names())},
            "example": "51",
        },
        "code": {
            "description": "Mã đơn vị cấp xã",
            "schema": {"type": "string", "pattern": "^[0-9]{5}$"},
            "example": "21250",
        },
    }
    return [
        {"name": name, "in": "path", "required": True, **known[name]}
        for name in known
        if f"{{{name}}}" in path
    ]


def list_query_parameters(query: type[ApiQuery]) -> list[dict[str, Any]]:
    """The fields of an address; what may be left out is not null in an address, but absent."""
    properties = query.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema["description"],
            "schema": _drop_null(schema),
        }
        for name, schema in properties.items()
    ]


def _drop_null(schema: dict[str, Any]) -> dict[str, Any]:
    shown = {name: schema[name] for name in ("examples",) if name in schema}
    kept = next(
        (option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"), schema
    )
    left_out = ("title", "description", "anyOf", "examples")
    default = {"default": schema["default"]} if schema.get("default") is not None else {}
    own = {name: value for name, value in kept.items() if name not in left_out}
    own.pop("default", None)
    return {**own, **default, **shown}


def build_description(*, needs_key: bool, base: str = "") -> dict[str, Any]:
    """The whole description. `needs_key`: viewing is not public; `base`: the path of the portal."""
    builder = DescriptionBuilder()
    csv = {"type": "string", "contentMediaType": CSV_TYPE}

    def describe_list(listing: type[BaseModel]) -> dict[str, Any]:
        return {JSON_TYPE: builder.add_model(listing), CSV_TYPE: csv}

    builder.add_path(
        "/provinces",
        "api_provinces",
        resources.PROVINCES_SUMMARY,
        ListQuery,
        describe_list(Listing[ProvinceRow]),
    )
    for single in resources.SINGLES:
        model = Single[single.model]  # type: ignore[name-defined]
        builder.add_path(
            f"/provinces/{{province}}{single.path}",
            single.endpoint,
            single.summary,
            DayQuery,
            {JSON_TYPE: builder.add_model(model)},
        )
    for resource in resources.LISTS:
        listing = ProvinceListing[resource.row]  # type: ignore[name-defined]
        builder.add_path(
            f"/provinces/{{province}}{resource.path}",
            resource.endpoint,
            resource.summary,
            resource.query,
            describe_list(listing),
        )
    builder.add_path(
        geojson.PATH,
        "api_map",
        geojson.SUMMARY,
        OutlineQuery,
        {geojson.GEOJSON_TYPE: builder.add_model(geojson.LevelMap)},
    )
    builder.add_path(
        feeds.CHANGES_PATH,
        "api_changes",
        feeds.CHANGES_SUMMARY,
        DayQuery,
        {feeds.ATOM_TYPE: {}},
    )
    builder.add_path(
        feeds.CALENDAR_PATH,
        "api_calendar",
        feeds.CALENDAR_SUMMARY,
        DayQuery,
        {feeds.CALENDAR_TYPE: {"type": "string"}},
    )
    builder.paths |= imports.describe_sending(
        builder.add_model(imports.ImportStatus),
        builder.add_model(imports.ImportConfirmation),
        _describe_problems(),
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mức độ sẵn sàng của cấp xã",
            "version": VERSION,
            "description": _DESCRIPTION,
        },
        "servers": [{"url": f"{base}{resources.ROOT_PATH}"}],
        "security": [{_KEY: []}] if needs_key else [{}, {_KEY: []}],
        "paths": builder.paths,
        "components": {
            "schemas": builder.build_schemas(),
            "securitySchemes": {
                _KEY: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Khóa của cơ quan, do người quản trị cấp",
                }
            },
        },
    }


def register(server: Flask, settings: Settings) -> None:
    """Adds /api/v1/openapi.json to `server`."""
    needs_key = Action.TAKE_AWAY not in PUBLIC_ACTIONS[settings.view]

    @server.get(f"{resources.ROOT_PATH}/openapi.json", endpoint="api_description")
    def describe_api() -> Response:
        base = locate_path("")
        etag = http_caching.compute_etag(
            "openapi", compute_build_stamp(), needs_key, base, http_caching.choose_coding()
        )
        return http_caching.respond_with_json(
            etag, lambda: build_description(needs_key=needs_key, base=base)
        )
