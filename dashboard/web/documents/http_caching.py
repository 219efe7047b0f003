"""How an answer leaves: compressed once per content, known by its tag, empty if unchanged."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, ParamSpec

import brotli
from flask import Response, request

from dashboard.store import StoreUnavailable
from dashboard.web.request_log import log_unavailable

# A part that failed is made again so often, whether or not the data changed: by open pages too, but
# never all the time.
RETRY_SECONDS = 60
# For an address that carries a fingerprint of its content.
IMMUTABLE_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}
Params = ParamSpec("Params")


def compute_etag(*parts: object) -> str:
    """The ETag, without quotes, of whatever these parts decide."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def revalidate_headers(etag: str) -> dict[str, str]:
    """Headers of what may change at any moment: the browser asks each time whether it did."""
    return {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}


def client_has_etag(etag: str) -> bool:
    """Whether who asks has this already; a proxy that compresses weakens the tag."""
    return request.if_none_match.contains_weak(etag)


def number_attempt() -> int:
    """Which attempt at what failed this is: the same number for as long as nobody tries again."""
    return int(time.time() // RETRY_SECONDS)


def retry_etag(etag: str) -> str:
    """The tag of the same answer where a part of it failed: good until the next attempt, whether or
    not data change.
    """
    return compute_etag(etag, number_attempt())


def answer_if_unchanged(etag: str) -> Response | None:
    """304 where who asks has this already, be it whole or with a part that is not tried again yet;
    else None.
    """
    return next(
        (
            not_modified(candidate)
            for candidate in (etag, retry_etag(etag))
            if client_has_etag(candidate)
        ),
        None,
    )


def not_modified(etag: str) -> Response:
    """304: nothing changed since."""
    return Response(status=304, headers={"ETag": f'"{etag}"'})


def encode_json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def respond_with_json(etag: str, make_body: Callable[[], Mapping[str, Any]]) -> Response:
    """304 where who asks has this already, else what `make_body` gives; where a part of it is told
    as `failed`, good until the next attempt.
    """
    if unchanged := answer_if_unchanged(etag):
        return unchanged
    body = make_body()
    answer_etag = retry_etag(etag) if body.get("failed") else etag
    return respond_compressed(
        encode_json(body), "application/json", revalidate_headers(answer_etag)
    )


def tell_store_unavailable(view: Callable[Params, Response]) -> Callable[Params, Response]:
    """A view that says in one line, with 503, that the store cannot be read at the moment."""

    @wraps(view)
    def answer(*args: Params.args, **kwargs: Params.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except StoreUnavailable as error:
            log_unavailable(error)
            return Response("kho dữ liệu tạm thời không đọc được", status=503)

    return answer


def respond_compressed(
    body: bytes, mimetype: str, headers: Mapping[str, str], status: int = 200
) -> Response:
    """Compressed once per content: the same bytes go to every screen that asks."""
    accepted = request.accept_encodings
    encoding = next((coding for coding in ("br", "gzip") if accepted.quality(coding) > 0), "")
    response = Response(
        _compress_body(body, encoding), status=status, mimetype=mimetype, headers=dict(headers)
    )
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


@lru_cache(maxsize=64)
def _compress_body(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(body, quality=9)
    return gzip.compress(body, 9) if encoding == "gzip" else body
