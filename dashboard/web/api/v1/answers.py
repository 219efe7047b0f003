"""How answers of /api/v1 leave: JSON or CSV, page by page, known by a strong tag.

The tag stands for the state of the store, the program, the address, the day and the form, so the
same tag means the same bytes and nothing is computed for who has it already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import NoneType
from typing import Any, Final, get_args
from urllib.parse import urlencode

from flask import Response, request
from pydantic import BaseModel

from dashboard.data_version import DataVersion
from dashboard.text import escape_formula, format_csv_row
from dashboard.web.api.v1.models import ApiModel
from dashboard.web.api.v1.queries import ListQuery, read_cursor, write_cursor
from dashboard.web.base_path import locate_path
from dashboard.web.documents import http_caching
from dashboard.web.static_files import compute_build_stamp

JSON_TYPE: Final = "application/json"
CSV_TYPE: Final = "text/csv"
# Each row of a CSV file says whose state it is of: a file is read long after it was asked for.
_HEAD_COLUMNS: Final = {"as_of": "report_day", "data_version": "data_version"}
_SIMULATED: Final = "simulated"


def choose_form(query: ListQuery) -> str:
    """The media type: what `format` says, else what the client prefers, JSON where it does not."""
    if query.format:
        return CSV_TYPE if query.format == "csv" else JSON_TYPE
    preferred = request.accept_mimetypes.best_match([JSON_TYPE, CSV_TYPE], JSON_TYPE)
    return str(preferred)


def answer_in_state(
    version: DataVersion, media_type: str, make_body: Callable[[], bytes], *of_address: object
) -> Response:
    """304 where who asks has this already, else what `make_body` gives, which depends on the state
    of the store, the address and `of_address` alone.
    """
    etag = http_caching.compute_etag(
        version,
        compute_build_stamp(),
        locate_path(request.full_path),
        media_type,
        http_caching.choose_coding(),
        *of_address,
    )
    headers = http_caching.revalidate_headers(etag)
    if http_caching.client_has_etag(etag):
        answer = Response(status=304, headers=headers)
    else:
        answer = http_caching.respond_compressed(make_body(), media_type, headers)
    answer.vary.update(["Accept", "Accept-Encoding"])
    return answer


def answer_list(
    query: ListQuery,
    version: DataVersion,
    listing: type[BaseModel],
    row_model: type[ApiModel],
    make_head: Callable[[], dict[str, Any]],
    list_rows: Callable[[], Sequence[ApiModel]],
    *of_address: object,
) -> Response:
    """A page of a list. `listing` is what stands around the rows in JSON; `of_address`: what the
    list depends on besides the store and the fields of the query.
    """
    media_type = choose_form(query)
    own_fields = query.model_dump(exclude={"limit", "cursor", "format"})
    list_key = [request.path, *own_fields.items()]
    state = [version, *of_address]
    offset = read_cursor(query.cursor, list_key, state)
    following = offset + query.limit
    address = _locate_page(write_cursor(following, list_key, state))
    is_last: list[bool] = []

    def make_body() -> bytes:
        rows = list_rows()
        is_last.append(following >= len(rows))
        page = rows[offset:following]
        head = make_head()
        if media_type == CSV_TYPE:
            return write_csv(row_model, page, head)
        around = {**head, "total": len(rows), "next": None if is_last[0] else address}
        return listing(**around, items=page).model_dump_json().encode()

    answer = answer_in_state(version, media_type, make_body, *of_address)
    if is_last == [False]:
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


def _locate_page(cursor: str) -> str:
    """The same address with another cursor."""
    fields = {**request.args.to_dict(), "cursor": cursor}
    return f"{locate_path(request.path)}?{urlencode(fields)}"


def write_csv(row_model: type[ApiModel], rows: Sequence[ApiModel], head: dict[str, Any]) -> bytes:
    """The rows as CSV: fields within fields are named with points between them,
    as `pandas.json_normalize` does; lists are parted by `; `. No cell becomes a formula.
    """
    columns = list(list_csv_columns(row_model))
    names = {own: column for own, column in _HEAD_COLUMNS.items() if own in head}
    names |= {_SIMULATED: _SIMULATED} if _SIMULATED in head else {}
    ends = [_write_cell(_jsonify_cell(head[own])) for own in names]
    lines = [format_csv_row([*columns, *names.values()])]
    for row in rows:
        cells = dict(_spread_fields(row.model_dump(mode="json")))
        lines.append(format_csv_row([*(_write_cell(cells.get(name)) for name in columns), *ends]))
    return "".join(f"{line}\r\n" for line in lines).encode()


def list_csv_columns(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """The columns of a model's rows, whatever is null in them."""
    for name, field in model.model_fields.items():
        kinds = [kind for kind in get_args(field.annotation) if kind is not NoneType]
        inner = kinds[0] if kinds else field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from list_csv_columns(inner, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _spread_fields(values: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _spread_fields(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _jsonify_cell(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _write_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return escape_formula("; ".join(str(entry) for entry in value))
    return escape_formula(value)
