"""Signing in and out, the first administrator's link, one's password and sessions, as a browser
does it.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from dashboard.settings import Settings
from dashboard.store import accounts
from dashboard.web.server import create_app
from tests.web.people import (
    ADMIN,
    OWN,
    PASSWORD,
    Browser,
    add_account,
    open_browser,
    post_form,
    sign_in,
    token_of,
)


@pytest.fixture
def new_browser(own_store: Engine, settings: Settings) -> Browser:
    """Opens browsers, each with its own cookies, on one server."""
    server = create_app(settings).server
    return lambda: open_browser(server)


def test_signing_in_leads_on_and_signing_out_ends_it(
    own_store: Engine, new_browser: Browser
) -> None:
    add_account(own_store, "an")
    browser = new_browser()
    answer = sign_in(browser, "An", next="/ho-so?province=51")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ho-so?province=51")
    page = browser.get("/tai-khoan")
    assert "Văn thư nạp số liệu" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    stolen = browser.get_cookie("dashboard_session")
    assert stolen is not None
    assert post_form(browser, "/dang-xuat", "/tai-khoan").status_code == 303
    thief = new_browser()
    thief.set_cookie("dashboard_session", stolen.value)
    assert thief.get("/tai-khoan").headers["Location"].startswith("/dang-nhap")


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(
    own_store: Engine, new_browser: Browser
) -> None:
    add_account(own_store, "an")
    browser = new_browser()
    wrong = sign_in(browser, "an", "khong phai the")
    unknown = sign_in(browser, "ai.do", "khong phai the")
    assert wrong.status_code == unknown.status_code == 403
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", wrong.text) == strip.sub("", unknown.text)


def test_a_first_password_is_changed_before_anything_else(
    own_store: Engine, new_browser: Browser
) -> None:
    add_account(own_store, "an", must_change=True)
    browser = new_browser()
    assert sign_in(browser, "an").headers["Location"] == "/doi-mat-khau"
    weak = post_form(browser, "/doi-mat-khau", old=PASSWORD, password="12345678", again="12345678")
    assert "ít nhất 10 ký tự" in weak.text
    unlike = post_form(browser, "/doi-mat-khau", old=PASSWORD, password="a" * 12, again="b" * 12)
    assert "không giống nhau" in unlike.text
    new = "ba con gà trống"
    done = post_form(browser, "/doi-mat-khau", old=PASSWORD, password=new, again=new)
    assert done.headers["Location"] == "/tai-khoan"
    assert browser.get("/tai-khoan").status_code == 200
    other = new_browser()
    assert sign_in(other, "an").status_code == 403
    assert sign_in(other, "an", new).status_code == 303


def test_a_locked_account_ends_at_its_next_request(own_store: Engine, new_browser: Browser) -> None:
    add_account(own_store, "an")
    browser = new_browser()
    sign_in(browser, "an")
    accounts.lock_account(own_store, "an", ADMIN, locked=True)
    assert browser.get("/tai-khoan").status_code == 302
    assert "khóa" in sign_in(new_browser(), "an").text


def test_guessing_slows_others_down_but_not_the_owners_browser(
    own_store: Engine, new_browser: Browser
) -> None:
    add_account(own_store, "an")
    owner = new_browser()
    sign_in(owner, "an")
    post_form(owner, "/dang-xuat", "/tai-khoan")
    for _ in range(8):
        accounts.count_failure(own_store, "an")
    answer = sign_in(new_browser(), "an")
    assert answer.status_code == 403
    assert "phải cách lần trước tới một phút" in answer.text
    assert sign_in(owner, "an").status_code == 303


def test_who_guesses_learns_no_names(own_store: Engine, new_browser: Browser) -> None:
    add_account(own_store, "an")
    for _ in range(8):
        accounts.count_failure(own_store, "an")
    answers = [
        re.search(r'role="alert">(.*?)<', sign_in(new_browser(), name).text, re.DOTALL)
        for name in ("an", "khong.co")
    ]
    waits, unknown = (answer and answer.group(1) for answer in answers)
    assert waits
    assert waits == unknown


def test_a_session_prepared_by_somebody_else_is_not_taken_over(
    own_store: Engine, new_browser: Browser
) -> None:
    add_account(own_store, "an")
    browser = new_browser()
    browser.get("/dang-nhap")
    before = browser.get_cookie("dashboard_session")
    sign_in(browser, "an")
    after = browser.get_cookie("dashboard_session")
    assert before is not None
    assert after is not None
    attacker = new_browser()
    attacker.set_cookie("dashboard_session", before.value)
    assert attacker.get("/tai-khoan").status_code == 302


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_form_sent_from_elsewhere_is_refused(
    own_store: Engine, new_browser: Browser, headers: dict[str, str]
) -> None:
    add_account(own_store, "an")
    browser = new_browser()
    fields = {"csrf_token": token_of(browser, "/dang-nhap"), "name": "an", "password": PASSWORD}
    assert browser.post("/dang-nhap", data=fields, headers=headers).status_code == 403


def test_a_form_without_its_token_is_refused_in_plain_words(
    own_store: Engine, new_browser: Browser
) -> None:
    add_account(own_store, "an")
    browser, other = new_browser(), new_browser()
    for token in ("", "forged", token_of(other, "/dang-nhap")):
        fields = {"csrf_token": token, "name": "an", "password": PASSWORD}
        answer = browser.post("/dang-nhap", data=fields, headers=OWN)
        assert answer.status_code == 400
        assert "tải lại trang" in answer.text


def test_too_many_attempts_of_one_client_are_told_to_wait(
    own_store: Engine, new_browser: Browser
) -> None:
    browser = new_browser()
    token = token_of(browser, "/dang-nhap")
    fields = {"csrf_token": token, "name": "", "password": "x"}
    answers = [browser.post("/dang-nhap", data=fields, headers=OWN) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert answers[-1].headers["Retry-After"]
    assert browser.get("/ho-so").status_code == 200


def test_the_first_administrator_signs_in_by_the_link_once(
    own_store: Engine, new_browser: Browser
) -> None:
    token = accounts.issue_first_link(own_store)
    browser = new_browser()
    address = f"/lien-ket/{token}"
    assert browser.get(address).status_code == 200
    assert browser.get(address).status_code == 200, "looking does not use it"
    fields = {"name": "quantri", "password": PASSWORD, "again": PASSWORD}
    assert post_form(browser, address, **{**fields, "name": "Quản trị"}).status_code == 400
    assert post_form(browser, address, **fields).headers["Location"] == "/tai-khoan"
    assert "Quản trị" in browser.get("/tai-khoan").text
    assert new_browser().get(address).status_code == 404


def test_the_first_link_is_for_this_machine_only(own_store: Engine, new_browser: Browser) -> None:
    token = accounts.issue_first_link(own_store)
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert new_browser().get(f"/lien-ket/{token}", environ_base=far).status_code == 404


def test_sessions_are_listed_to_their_owner_who_ends_them(
    own_store: Engine, new_browser: Browser
) -> None:
    add_account(own_store, "an")
    add_account(own_store, "binh")
    at_home, at_work, other = new_browser(), new_browser(), new_browser()
    sign_in(at_home, "an")
    sign_in(at_work, "an")
    sign_in(other, "binh")
    numbers = re.findall(r"/tai-khoan/phien/(\d+)", at_work.get("/tai-khoan").text)
    assert len(numbers) == 1
    foreign = post_form(other, f"/tai-khoan/phien/{numbers[0]}", "/tai-khoan")
    assert foreign.status_code == 404
    post_form(at_work, f"/tai-khoan/phien/{numbers[0]}", "/tai-khoan")
    assert at_home.get("/tai-khoan").status_code == 302
    assert at_work.get("/tai-khoan").status_code == 200


def test_a_cookie_is_secure_behind_tls_and_never_read_by_scripts(
    own_store: Engine, new_browser: Browser
) -> None:
    add_account(own_store, "an")
    answer = sign_in(new_browser(), "an")
    cookies = answer.headers.getlist("Set-Cookie")
    [session] = [cookie for cookie in cookies if cookie.startswith("dashboard_session")]
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
