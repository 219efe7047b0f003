"""/tim: communes by name, former unit or code, for a browser without scripts; one match leads straight there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from flask import Response, redirect

from dashboard import names, reference, text
from dashboard.pages import names_file
from dashboard.pages.address import View
from dashboard.pages.document import Asked, Document
from dashboard.pages.navigation import commune_address

LONGEST = 60


def find(province: str, query: str) -> list[tuple[str, str]]:
    """Communes of a province that fit what was typed, with the former unit by which ("" where by name or code).

    By name first, then by former unit. Tones need not be typed; where they are and something fits with them,
    only that is found. Digits are looked for in codes.
    """
    typed = text.normal(query)[:LONGEST]
    if not text.without_tones(typed):
        return []
    communes = names.official_names(province)
    if typed.isdigit():
        return [(code, "") for code in communes if typed in code]
    hits = [(code, "", name) for code, name in communes.items() if _stands_in(typed, name)]
    known = {code for code, *_ in hits}
    for code, former in names_file.former_units(province).items():
        if code not in known:
            hits += [(code, unit, unit) for unit in former if _stands_in(typed, unit)][:1]
    exact = [hit for hit in hits if f" {text.spelling_key(typed)}" in f" {text.spelling_key(hit[2])}"]
    has_tones = text.without_tones(typed) != typed.casefold()
    return [(code, former) for code, former, _ in (exact if has_tones and exact else hits)]


@lru_cache(maxsize=40_000)
def _plain(name: str) -> str:
    """A name as it is typed on a phone, kept: a question over the whole country looks at 13,000 of them."""
    return text.without_tones(name)


def _stands_in(typed: str, name: str) -> bool:
    """Whether what was typed begins at a word of the name, whatever the tones."""
    return f" {text.without_tones(typed)}" in f" {_plain(name)}"


def _lines(asked: Asked, query: str) -> Iterator[dict[str, str]]:
    """In the province that is shown; only where nothing fits there, in all others."""
    here = find(asked.view.province, query)
    if here:
        yield from (_line(asked.view, code, former) for code, former in here)
        return
    for other, name in reference.provinces().items():
        view = View(other, asked.view.as_of)
        yield from ({**_line(view, code, former), "province": name} for code, former in find(other, query))


def _line(view: View, code: str, former: str) -> dict[str, str]:
    name = names.official_names(view.province)[code]
    return {"code": code, "name": name, "former": former, "province": "", "href": commune_address(code, view)}


def found(asked: Asked) -> Mapping[str, Any] | Response:
    """What find.html writes, or the way to the only match."""
    query = asked.query.get("q", "")[:LONGEST]
    lines = list(_lines(asked, query))[:100]
    if len(lines) == 1:
        return redirect(lines[0]["href"])  # type: ignore[return-value]  # werkzeug's own class
    headline = f"{text.number(len(lines))} xã khớp “{query}”" if lines else f"Không tìm thấy “{query}”"
    return {"headline": headline if query.strip() else "Tìm xã", "found": lines, "query": query.strip()}


DOCUMENT = Document("/tim", "Tìm xã", "find.html", found, "search", keeps=("q",))
