"""What a browser that knows nothing asks for until a page stands: few questions, each of them
needed.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tools.running import Server

MOST = 14  # on a line of 400 ms each further round trip is felt


@pytest.mark.parametrize(
    ("path", "most"),
    [("?province=51", MOST), ("to-cong-tac?province=51", 8), ("man-hinh?province=51", 10)],
)
def test_a_cold_load_asks_few_questions(
    new_page: Callable[..., Page], server: Server, path: str, most: int
) -> None:
    page = new_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url.removeprefix(server.address)))
    page.goto(server.address + path, wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert len(addresses) <= most, addresses
    assert len(set(addresses)) >= len(addresses) - 2, (
        "a document asks for itself again, to hear that it is still the same, "
        "the loading script is taken from the browser's memory the second time"
    )
    for ending in (".js", ".css"):
        bundles = [url for url in addresses if url.startswith("bundles/") and ending in url]
        # what asks again for lost files, itself asked for by frame and page (assets/loading.js)
        bundles = [url for url in bundles if not url.startswith("bundles/loading.js")]
        assert len(bundles) == (2 if ending == ".js" and path.startswith("?") else 1), bundles


@pytest.mark.outage
def test_the_first_page_asks_for_its_state_before_dash_stands(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page()
    page.route("**/_dash-layout", lambda route: route.abort())
    with page.expect_request("**/map/51-*.svg"):
        page.goto(f"{server.address}?province=51", wait_until="commit")
