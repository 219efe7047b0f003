"""/tim: communes by name, former unit or code, for a browser without scripts; one match leads
straight there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from flask import Response, redirect

from dashboard import names, reference, text
from dashboard.web.documents import commune_names
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.navigation import build_commune_address

LONGEST_QUERY = 60


def search_communes(province: str, query: str) -> list[tuple[str, str]]:
    """Communes of a province that fit what was typed, with the former unit by which ("" where by
    name or code).

    By name first, then by former unit. Tones need not be typed; where they are and something fits
    with them, only that is found. Digits are looked for in codes.
    """
    typed = text.normalize_text(query)[:LONGEST_QUERY]
    if not text.strip_tones(typed):
        return []
    communes = names.list_official_names(province)
    if typed.isdigit():
        return [(code, "") for code in communes if typed in code]
    hits = [(code, "", name) for code, name in communes.items() if _begins_a_word(typed, name)]
    codes_by_name = {code for code, *_ in hits}
    for code, former in commune_names.list_former_units(province).items():
        if code not in codes_by_name:
            hits += [(code, unit, unit) for unit in former if _begins_a_word(typed, unit)][:1]
    exact = [
        hit
        for hit in hits
        if f" {text.make_spelling_key(typed)}" in f" {text.make_spelling_key(hit[2])}"
    ]
    has_tones = text.strip_tones(typed) != typed.casefold()
    return [(code, former) for code, former, _ in (exact if has_tones and exact else hits)]


@lru_cache(maxsize=40_000)
def _spell_without_tones(name: str) -> str:
    """A name as it is typed on a phone, kept: a question over the whole country looks at 13,000 of
    them.
    """
    return text.strip_tones(name)


def _begins_a_word(typed: str, name: str) -> bool:
    """Whether what was typed begins at a word of the name, whatever the tones."""
    return f" {text.strip_tones(typed)}" in f" {_spell_without_tones(name)}"


def _search_lines(page_request: PageRequest, query: str) -> Iterator[dict[str, str]]:
    """In the province that is shown; only where nothing fits there, in all others."""
    here = search_communes(page_request.view.province, query)
    if here:
        yield from (_search_line(page_request.view, code, former) for code, former in here)
        return
    for other, name in reference.load_province_names().items():
        view = PageView(other, page_request.view.as_of)
        yield from (
            {**_search_line(view, code, former), "province": name}
            for code, former in search_communes(other, query)
        )


def _search_line(view: PageView, code: str, former: str) -> dict[str, str]:
    name = names.list_official_names(view.province)[code]
    return {
        "code": code,
        "name": name,
        "former": former,
        "province": "",
        "href": build_commune_address(code, view),
    }


def build_search_context(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What page.html writes, or the way to the only match."""
    query = page_request.query.get("q", "")[:LONGEST_QUERY]
    lines = list(_search_lines(page_request, query))[:100]
    if len(lines) == 1:
        return redirect(lines[0]["href"])  # type: ignore[return-value]  # werkzeug's own class
    if lines:
        headline = f"{text.format_number(len(lines))} đơn vị khớp “{query}”"
    else:
        headline = f"Không tìm thấy “{query}”"
    return {
        "headline": headline if query.strip() else "Tìm xã, phường",
        "matches": lines,
        "query": query.strip(),
    }


SEARCH_DOCUMENT = Document(
    "/tim",
    "Tìm xã, phường",
    "search/page.html",
    build_search_context,
    "search",
    preserved_params=("q",),
    is_kept=False,  # the words that somebody searched for are written nowhere
)
