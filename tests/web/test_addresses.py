"""Every address that a page names is answered: its links, styles, scripts, pictures and what its
own scripts ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from jinja2 import meta, nodes

from dashboard.web import server
from dashboard.web.documents.guarded_sections import TEMPLATES

# Attributes that hold an address whatever stands in them; any other one does when it begins so.
ADDRESS_ATTRIBUTES = ("href", "src", "action", "data-names")
COMMUNE = "21250"
RULES = [document.rule.replace("<code>", COMMUNE) for document in server.DOCUMENTS]
# What the scripts of a page put a commune into has zeros there.
ANY_CODE = re.compile(r"\b\d{5}\b")
ANY_PROVINCE = re.compile(r"\bprovince=\d\d\b")
PAGES = [*RULES, "/", "/man-hinh", f"/so-sanh?xa={COMMUNE},21289", "/tim?q=son"]


class AddressCollector(HTMLParser):
    """The addresses of a page as it names them."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "data-figure" and ("data-own", None) in attrs:
                self.addresses.append(f"@figure/{value}")
            elif name in ADDRESS_ATTRIBUTES:
                self.addresses.append(value or "")
            elif (value or "").startswith("/"):
                self.addresses.extend((value or "").split())


def list_addresses(page: str, text: str) -> Iterator[str]:
    collector = AddressCollector()
    collector.feed(text)
    for address in dict.fromkeys(collector.addresses):
        path, _, query = page.partition("?")
        if address.startswith("@figure/"):
            name = address.removeprefix("@figure/")
            yield f"{path}/bieu-do/{name}.json?{query}"
        elif not urlsplit(address).scheme:
            yield urljoin(page, address)


def fetch_status(pages: FlaskClient, address: str) -> int:
    """As a browser asks: what needs an account leads to signing in."""
    headers = {"Accept": "text/html, */*"}
    with pages.get(address, follow_redirects=True, headers=headers) as answer:
        return answer.status_code


@pytest.fixture(scope="module")
def statuses() -> dict[str, int]:
    """What was answered to each kind of address: pages name many of the same."""
    return {}


@pytest.mark.parametrize("page", PAGES)
def test_every_address_that_a_page_names_is_answered(
    pages: FlaskClient, page: str, statuses: dict[str, int]
) -> None:
    text = pages.get(page, follow_redirects=True).text
    # One of the many that differ only in the commune or the province.
    asked = {
        ANY_PROVINCE.sub("province=51", ANY_CODE.sub(COMMUNE, address))
        for address in list_addresses(page, text)
    }
    assert asked
    for address in asked - statuses.keys():
        statuses[address] = fetch_status(pages, address)
    assert {address: statuses[address] for address in asked if statuses[address] != 200} == {}


@pytest.mark.parametrize("page", [rule for rule in RULES if rule not in {"/so-sanh", "/toan-canh"}])
def test_every_document_says_where_the_names_of_its_communes_are(
    pages: FlaskClient, page: str
) -> None:
    text = pages.get(page).text
    names = text.partition('data-names="')[2].partition('"')[0]
    communes = pages.get(names).get_json()["communes"]
    assert COMMUNE in [code for code, *_ in communes]


def list_top_names(template: nodes.Template) -> Iterator[str]:
    """What a template sets outside its blocks: it goes for the frame that it extends too."""
    for node in template.body:
        match node:
            case nodes.Macro(name=name):
                yield name
            case nodes.Assign(target=nodes.Name(name=name)):
                yield name
            case nodes.Import(target=name):
                yield name
            case nodes.FromImport(names=imported):
                yield from (each if isinstance(each, str) else each[1] for each in imported)


@pytest.mark.parametrize(
    "name", sorted({document.template for document in server.DOCUMENTS if document.template})
)
def test_no_page_names_something_of_its_own_as_its_frame_does(name: str) -> None:
    assert TEMPLATES.loader is not None
    frame, page = (
        TEMPLATES.parse(TEMPLATES.loader.get_source(TEMPLATES, file)[0])
        for file in ("documents/base.html", name)
    )
    assert sorted(meta.find_undeclared_variables(frame) & set(list_top_names(page))) == []
