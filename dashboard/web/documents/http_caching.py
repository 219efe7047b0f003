"""How an answer leaves: compressed once per content, known by its tag, empty if unchanged."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial, wraps
from typing import Any, ParamSpec

import brotli
from flask import Response, g, request

from dashboard.data_version import DataVersion
from dashboard.store import StoreUnavailable
from dashboard.web import answer_maker
from dashboard.web.kept_answers import KeptAnswer, KeptAnswers, MadeAnswer, find_kept_answers
from dashboard.web.request_log import log_unavailable

# A part that failed is made again so often, whether or not the data changed: by open pages too, but
# never all the time.
RETRY_SECONDS = 60
# For an address that carries a fingerprint of its content.
IMMUTABLE_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}
Answer = MadeAnswer | KeptAnswer
Params = ParamSpec("Params")


def compute_etag(*parts: object) -> str:
    """The ETag, without quotes, of whatever these parts decide. Where a store is among them
    (DataVersion), its end says which: `3f0c…-a91b04`.
    """
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
    stores = [part.store_id for part in parts if isinstance(part, DataVersion)]
    mark = hashlib.sha256(stores[0].encode()).hexdigest()[:6] if stores else ""
    return f"{digest}-{mark}" if mark else digest


def is_of_one_store(etag: str, other: str) -> bool:
    """Whether both tags name the same store; one without a store's mark is of none."""
    mark = etag.partition("-")[2]
    return bool(mark) and mark == other.partition("-")[2]


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
    digest, dash, mark = etag.partition("-")
    return f"{compute_etag(digest, number_attempt())}{dash}{mark}"


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


def respond_with_json(
    etag: str,
    make_body: Callable[[], Mapping[str, Any]],
    list_headers: Callable[[Answer], Mapping[str, str]] | None = None,
) -> Response:
    """304 where who asks has this already, else what `make_body` gives; where a part of it is told
    as `failed`, good until the next attempt.
    """
    if unchanged := answer_if_unchanged(etag):
        return unchanged

    def make() -> MadeAnswer:
        body = make_body()
        has_failed = bool(body.get("failed"))
        answer_etag = retry_etag(etag) if has_failed else etag
        return MadeAnswer(encode_json(body), answer_etag, is_sound=not has_failed)

    return respond_with_made(
        etag,
        "application/json",
        make,
        list_headers or (lambda answer: revalidate_headers(answer.etag)),
    )


class AnsweredOtherwise(Exception):
    """There is no such answer to make: who asked gets another one, a redirect perhaps, that nobody
    keeps.
    """


def respond_with_made(
    etag: str,
    mimetype: str,
    make: Callable[[], MadeAnswer],
    list_headers: Callable[[Answer], Mapping[str, str]],
) -> Response:
    """What `make` gives, made once a machine where everybody may see it (kept_answers.py).
    `etag` stands for all that it depends on beside the path and the process.

    While somebody else makes it, who has an older answer of the same store is told to keep that:
    nobody who asks again and again waits behind a computation. The picture of a store that another
    one has replaced is kept by nobody.
    """
    kept_answers = find_kept_answers()
    if kept_answers is None:
        made = make()
        return respond_compressed(made.body, mimetype, list_headers(made))
    older_etag = next(filter(partial(is_of_one_store, etag), request.if_none_match), "")
    name = _name_answer(kept_answers, etag)
    answer = kept_answers.obtain(
        name,
        etag,
        lambda: _keep_back_failed(make()),
        may_wait=not older_etag,
        ask=answer_maker.ask_maker,
    )
    if answer is None:
        return _ask_again_soon(not_modified(older_etag))
    coding = choose_coding()
    body = _recode(kept_answers, name, answer, coding)
    response = _respond_encoded(body, coding, mimetype, list_headers(answer))
    return answer_maker.describe_made(response, name, answer)


def _ask_again_soon(response: Response) -> Response:
    """A newer answer is being made: pages need not wait for their next turn (assets/poll.js)."""
    response.headers["Retry-After"] = "1"
    return response


def obtain_value(etag: str, make: Callable[[], Any]) -> Any:
    """A value of JSON that an answer is written from, made once a machine like the answers."""
    kept_answers = find_kept_answers()
    if kept_answers is None:
        return make()
    answer = kept_answers.obtain(
        _name_answer(kept_answers, etag),
        etag,
        lambda: _keep_back_failed(MadeAnswer(json.dumps(make()).encode(), etag)),
        ask=answer_maker.ask_maker,
    )
    return json.loads(brotli.decompress(answer.compressed)) if answer else make()


def _name_answer(kept_answers: KeptAnswers, etag: str) -> str:
    return kept_answers.name_answer(request.script_root, request.endpoint, request.path, etag)


def _keep_back_failed(made: MadeAnswer) -> MadeAnswer:
    """Whatever failed while this was made, it is for who asks now and for nobody after."""
    may_be_kept = made.may_be_kept and not g.get("has_failed_part", False)
    return replace(made, may_be_kept=may_be_kept)


def _recode(kept_answers: KeptAnswers, name: str, answer: KeptAnswer, coding: str) -> bytes:
    """The answer as who asks can read it; browsers all read brotli."""
    if coding == "br":
        return answer.compressed
    body = brotli.decompress(answer.compressed)
    if coding != "gzip":
        return body
    gzip_name = f"{name}-gzip"
    if kept := kept_answers.fetch(gzip_name):
        return kept
    zipped = gzip.compress(body, 9)
    if answer.may_be_kept:
        kept_answers.keep(gzip_name, zipped)
    return zipped


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
    coding = choose_coding()
    return _respond_encoded(_compress_body(body, coding), coding, mimetype, headers, status)


def choose_coding() -> str:
    """How the answer is compressed for who asks; "" for not at all."""
    accepted = request.accept_encodings
    return next((coding for coding in ("br", "gzip") if accepted.quality(coding) > 0), "")


def _respond_encoded(
    body: bytes, coding: str, mimetype: str, headers: Mapping[str, str], status: int = 200
) -> Response:
    response = Response(body, status=status, mimetype=mimetype, headers=dict(headers))
    response.headers["Vary"] = "Accept-Encoding"
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


@lru_cache(maxsize=64)
def _compress_body(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(body, quality=9)
    return gzip.compress(body, 9) if encoding == "gzip" else body
