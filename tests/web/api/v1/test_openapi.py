"""The published description is true: every address is in it, and calls drawn from it find no other
answer than it says.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import Phase, given, settings

from dashboard.web.api.v1.openapi import build_description
from dashboard.web.api.v1.resources import make_rule

DESCRIPTION = build_description(needs_key=False)


OPERATIONS = [
    (path, method.upper())
    for path, operations in DESCRIPTION["paths"].items()
    for method in operations
    if method != "parameters"
]


def test_every_address_is_described(pages: FlaskClient) -> None:
    rules = {
        rule.rule.replace("<int:", "<")
        for rule in pages.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    described = {make_rule(path) for path in DESCRIPTION["paths"]}
    assert described | {"/api/v1/openapi.json"} == rules


def test_what_is_published_is_what_is_built(pages: FlaskClient) -> None:
    answer = pages.get("/api/v1/openapi.json")
    assert answer.get_json() == DESCRIPTION
    assert DESCRIPTION["openapi"].startswith("3.1")
    again = pages.get("/api/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.fixture(scope="module")
def schema(pages: FlaskClient) -> Any:
    """What schemathesis draws calls from: the published description, over the program itself."""
    import schemathesis  # takes a second: nobody else waits for it

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", pages.application)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_calls_drawn_from_the_description_are_answered_as_it_says(
    schema: Any, path: str, method: str
) -> None:
    # its client over WSGI unpacks nothing
    @settings(max_examples=6, deadline=None, phases=[Phase.generate])
    @given(case=schema[path][method].as_strategy())
    def check_answer(case: Any) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    check_answer()
