"""Under the path of a portal every address of every page begins with it, and is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from dashboard.errors import SettingInvalid
from dashboard.settings import Settings, read_settings
from dashboard.web.documents.document import ANY_COMMUNE
from dashboard.web.server import DOCUMENTS, create_app
from tests.web.conftest import filled

BASE = "/cong/dashboard"
PAGES = ["/", "/man-hinh", "/khong-co"] + [
    document.rule.replace("<code>", "21250") for document in DOCUMENTS
]
# Addresses in attributes and in the text of a frame; several may stand in one attribute.
ADDRESS = re.compile(r"""(?:href|src|action|content)=["'](/[^"'#]*)""")

# Addresses that differ only in these are answered alike.
ANY_PLACE = re.compile(r"\b\d{5}\b|\bprovince=\d\d\b")
FORM = re.compile(r"""<form[^>]* action=["'](/[^"'#]*)""")


@pytest.fixture
def portal_settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"base_path": BASE})


@pytest.fixture(scope="module")
def client(new_settings: Callable[[], Settings]) -> Iterator[FlaskClient]:
    portal_settings = new_settings().model_copy(update={"base_path": BASE})
    with create_app(portal_settings).server.test_client() as client:
        yield client


@pytest.fixture(scope="module")
def answered() -> dict[str, tuple[int, str]]:
    """Status of each kind of address that was asked, and where it leads: pages name the same."""
    return {}


@pytest.mark.parametrize("path", PAGES)
def test_every_address_of_a_page_begins_with_the_path_and_is_answered(
    client: FlaskClient, path: str, answered: dict[str, tuple[int, str]]
) -> None:
    page = client.get(BASE + path).text.replace(f'content="{BASE}"', "")
    addresses = [part for several in ADDRESS.findall(page) for part in several.split()]
    assert addresses
    for address in dict.fromkeys(addresses):
        assert address.startswith(f"{BASE}/"), address
        if f"/xa/{ANY_COMMUNE}" in address:
            continue  # filled in by a script
        headers = {"Accept": "text/html, */*"}  # what needs an account leads to signing in
        shape = ANY_PLACE.sub("", address)
        if shape not in answered:
            with client.get(address.replace("&amp;", "&"), headers=headers) as response:
                answered[shape] = response.status_code, response.headers.get("Location", BASE)
        status, location = answered[shape]
        assert status in {200, 302}, address
        assert location.startswith(BASE)


def test_every_form_of_a_page_with_figures_is_sent_under_the_path(
    portal_settings: Settings,
) -> None:
    filled(portal_settings).dispose()
    client = create_app(portal_settings).server.test_client()
    for path in PAGES:
        for address in FORM.findall(client.get(BASE + path).text):
            assert address.startswith(f"{BASE}/"), f"{path}: {address}"


@pytest.mark.parametrize("before", ["", BASE])
def test_a_portal_may_hand_on_the_path_or_take_it_away(client: FlaskClient, before: str) -> None:
    assert client.get(f"{before}/ho-so").status_code == 200
    assert client.get(f"{before}/api/state").get_json()["province"] == "51"
    config = client.get(f"{before}/").text
    assert '"requests_pathname_prefix":"\\u002fcong\\u002fdashboard\\u002f"' in config
    worker = client.get(f"{before}/man-hinh/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == f"{BASE}/man-hinh"
    worker = client.get(f"{before}/to-cong-tac/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == f"{BASE}/"
    redirect = client.get(f"{before}/so-sanh?xa=21250,99999")
    assert redirect.headers.get("Location", BASE).startswith(BASE)
    layout = client.get(f"{before}/_dash-layout").text.replace("\\u002f", "/")
    assert f'"href":"{BASE}/ho-so"' in layout


def test_the_path_itself_leads_to_the_first_page(client: FlaskClient) -> None:
    response = client.get(f"{BASE}?province=52")
    assert response.status_code == 308
    assert response.headers["Location"] == f"{BASE}/?province=52"


@pytest.mark.parametrize("path", ["dashboard", "/a//b", "//evil", "/..", '/"x', "/a b"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(SettingInvalid, match="DASHBOARD_BASE_PATH"):
        read_settings({"DASHBOARD_BASE_PATH": path})


def test_only_named_portals_may_show_a_page_in_a_frame(settings: Settings) -> None:
    def read_policy(frame_ancestors: str) -> str:
        chosen = settings.model_copy(update={"frame_ancestors": frame_ancestors})
        with create_app(chosen).server.test_client() as client:
            policies = {
                client.get(path).headers["Content-Security-Policy"]
                for path in ("/", "/man-hinh", "/ho-so")
            }
        assert len(policies) == 1
        return policies.pop().rpartition("; ")[2]

    assert read_policy("") == "frame-ancestors 'self'"
    assert read_policy("https://cong.vn http://a.b:81") == (
        "frame-ancestors 'self' https://cong.vn http://a.b:81"
    )
    for junk in ("*", "cong.vn", "https://a.vn;", "https://*.vn", "https://a.vn/x"):
        with pytest.raises(SettingInvalid, match="DASHBOARD_FRAME_ANCESTORS"):
            read_settings({"DASHBOARD_FRAME_ANCESTORS": junk})
