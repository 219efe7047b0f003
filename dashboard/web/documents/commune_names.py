"""What finding needs in the browser: a province's communes with code, name and former units, one
small file.

Its address carries a fingerprint of its content, so that a browser asks for it once.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, abort
from flask.typing import ResponseReturnValue

from dashboard import names, reference
from dashboard.web.documents import http_caching


@lru_cache(maxsize=64)
def list_former_units(province: str) -> dict[str, tuple[str, ...]]:
    """Code of each commune to the units of before 01/07/2025 that it was formed from, without their
    districts.
    """
    frame = reference.select_communes_of_province(province)
    return {
        str(code): tuple(
            dict.fromkeys(
                names.extract_former_name(part) for part in formed_from.split("; ") if part
            )
        )
        for code, formed_from in frame["formed_from"].items()
    }


@lru_cache(maxsize=64)
def _encode_names(province: str) -> bytes:
    former = list_former_units(province)
    communes = [
        [code, name, *former[code]] for code, name in names.list_official_names(province).items()
    ]
    return http_caching.encode_json({"communes": communes})


@lru_cache(maxsize=64)
def build_names_address(province: str) -> str:
    """The address of the province's file as it is now."""
    return f"/names/{province}-{http_caching.compute_etag(_encode_names(province))[:12]}.json"


def register(server: Flask) -> None:
    """Adds /names/…: `communes`, a list of code, name, and any number of former units."""

    @server.get("/names/<province>-<fingerprint>.json")
    def names_of(province: str, fingerprint: str) -> ResponseReturnValue:
        if (
            province not in reference.load_province_names()
            or build_names_address(province) != f"/names/{province}-{fingerprint}.json"
        ):
            abort(404)
        return http_caching.respond_compressed(
            _encode_names(province), "application/json", http_caching.IMMUTABLE_HEADERS
        )
