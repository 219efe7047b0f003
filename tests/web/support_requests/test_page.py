"""/to-cong-tac/yeu-cau: asking for help and each step, who may do it, and what the page shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import audit
from dashboard.store.exports import fetch_support_steps
from dashboard.web.server import create_app
from tests.web.people import OWN, add_account, open_browser, post_form, sign_in, token_of

PAGE = "/to-cong-tac/yeu-cau"
ASKED = {
    "commune": "21250",
    "what": "Không đăng nhập được, gọi anh Nam 0905 123 456",
    "subject": "Cổng Dịch vụ công quốc gia",
    "urgency": "stopped",
    "office": "UBND xã Nghĩa Giang",
}


@pytest.fixture
def sign_in_as(own_store: Engine, settings: Settings) -> Callable[..., FlaskClient]:
    server = create_app(settings).server

    def sign(role: Role, name: str = "", province: str = "51") -> FlaskClient:
        name = name or f"{role.value}.{province}"
        add_account(own_store, name, role, province=province)
        browser = open_browser(server)
        sign_in(browser, name)
        return browser

    return sign


def draw_entry(page: str, step: str = "") -> str:
    """The id that a form of a page has."""
    pattern = r'name="entry" value="([^"]+)"' + (
        rf'><input type="hidden" name="step" value="{step}"' if step else ""
    )
    match = re.search(pattern, page)
    assert match is not None, step
    return match[1]


def ask(browser: FlaskClient, **changed: str) -> TestResponse:
    entry = draw_entry(browser.get(f"{PAGE}/moi?province=51").text)
    fields = ASKED | {"entry": entry} | changed
    return post_form(browser, f"{PAGE}/moi?province=51", **fields)


def find_number(own_store: Engine) -> str:
    return str(fetch_support_steps(own_store, "51")["request_id"].iloc[0])


def take(browser: FlaskClient, number: str, step: str, **fields: str) -> TestResponse:
    page = browser.get(f"{PAGE}/{number}").text
    return post_form(
        browser,
        f"{PAGE}/{number}",
        step=step,
        entry=draw_entry(page, step),
        **fields,
    )


def test_a_request_lives_from_asking_to_closing(
    sign_in_as: Callable[..., FlaskClient], own_store: Engine, pages: FlaskClient
) -> None:
    clerk = sign_in_as(Role.CLERK)
    assert ask(clerk).status_code == 303
    number = find_number(own_store)
    listed = clerk.get(f"{PAGE}?province=51").text
    assert "chờ tiếp nhận" in listed
    assert "0905" not in listed
    assert "Nam" not in listed
    coordinator, team = sign_in_as(Role.COORDINATOR), sign_in_as(Role.TEAM)
    assert (
        take(coordinator, number, "triaged", office="Sở Khoa học và Công nghệ").status_code == 303
    )
    assert take(team, number, "helping", way="remote").status_code == 303
    assert take(team, number, "mended", note="Đã cấp lại mật khẩu").status_code == 303
    # who mended is not offered the recheck, and is refused it
    own = team.get(f"{PAGE}/{number}").text
    assert "người khác phải phúc tra" in own
    assert 'value="rechecked"' not in own
    assert take(clerk, number, "rechecked").status_code == 303
    assert take(coordinator, number, "closed").status_code == 303
    shown = clerk.get(f"{PAGE}?province=51&state=closed").text
    assert "đã đóng" in shown
    lines = audit.fetch_audit_lines(own_store, action="import_batch")
    assert (lines["door"] == "page").sum() == 6


def test_a_form_sent_twice_asks_once(
    sign_in_as: Callable[..., FlaskClient], own_store: Engine
) -> None:
    clerk = sign_in_as(Role.CLERK)
    entry = draw_entry(clerk.get(f"{PAGE}/moi?province=51").text)
    for _ in range(2):
        assert ask(clerk, entry=entry).status_code == 303
    assert len(fetch_support_steps(own_store, "51")) == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"commune": "04792"}, "trong phạm vi"),
        ({"what": ""}, "cần hỗ trợ việc gì"),
        ({"urgency": "x"}, "mức khẩn"),
        ({"office": "ông Trần Văn Một"}, "cơ quan để liên hệ"),
        ({"entry": "1"}, "không còn nguyên vẹn"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    sign_in_as: Callable[..., FlaskClient], own_store: Engine, changed: dict[str, str], reason: str
) -> None:
    answer = ask(sign_in_as(Role.CLERK), **changed)
    assert answer.status_code == 400
    assert reason in answer.text
    assert fetch_support_steps(own_store, "51").empty


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.CLERK, {"rechecked", "reopened"}),
        (Role.TEAM, {"helping", "mended", "rechecked", "reopened"}),
        (Role.COORDINATOR, {"triaged", "helping", "mended", "rechecked", "reopened", "closed"}),
    ],
)
def test_each_role_has_its_steps(
    sign_in_as: Callable[..., FlaskClient], own_store: Engine, role: Role, allowed: set[str]
) -> None:
    ask(sign_in_as(Role.CLERK, "nguoi.gui"))
    number = find_number(own_store)
    browser = sign_in_as(role)
    token = token_of(browser, f"{PAGE}/moi?province=51")
    for step in ("triaged", "helping", "mended", "rechecked", "reopened", "closed"):
        fields = {
            "csrf_token": token,
            "step": step,
            "entry": "00000001-0000-4000-8000-00000000000x",
        }
        answer = browser.post(f"{PAGE}/{number}", data=fields, headers=OWN)
        assert answer.status_code == 400, "an id that is none is refused before anything else"
        fields["entry"] = fields["entry"].replace("x", "0")
        answer = browser.post(f"{PAGE}/{number}", data=fields, headers=OWN)
        assert (answer.status_code == 403) == (step not in allowed), step


def test_viewers_look_and_others_provinces_are_nobodys_business(
    sign_in_as: Callable[..., FlaskClient], own_store: Engine, pages: FlaskClient
) -> None:
    ask(sign_in_as(Role.CLERK))
    number = find_number(own_store)
    assert pages.get(f"{PAGE}?province=51").status_code == 200
    assert sign_in_as(Role.VIEWER).get(f"{PAGE}/moi").status_code == 403
    assert sign_in_as(Role.CLERK, "xa.phu.tho", "25").get(f"{PAGE}/{number}").status_code == 404
    assert pages.get(f"{PAGE}/{number}").status_code in (302, 401)
