"""/canh-bao: who coordinates sees what was sent to whom and why, what waits, what failed, and says
"Đã nhận" once.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, update

from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import audit, outbox, schema
from dashboard.store.audit import Author
from dashboard.store.outbox import AlertBasis, AlertLine, AlertTarget
from dashboard.store.write_turn import WriteTurn
from dashboard.web.server import create_app
from tests.web.people import OWN, add_account, open_browser, post_form, sign_in

PAGE = "/canh-bao"
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 1, 2)
TURN = WriteTurn("notify")
HOSTILE = "Sở <script>alert(1)</script> (3)"
MAIL = AlertTarget("51", "mail", "vpubnd@tinh.vn")
WEBHOOK = AlertTarget("51", "webhook", "cau-noi.tinh.vn")


@pytest.fixture
def alerts(own_store: Engine) -> Engine:
    """Two alerts of a day: mailed at 08:02; the bridge did not take them."""
    lines = [
        AlertLine("silent", 4, "95 đơn vị không báo cáo", HOSTILE, DAY, ("21250",)),
        AlertLine("contradicted", 5, "Tự kê khai đạt", "Sơn Hà", DAY, ("21250",)),
    ]
    basis = AlertBasis(DAY, "số liệu cấp xã, tính đến 16:00 20/11/2026", "")
    for target in (MAIL, WEBHOOK):
        outbox.fill_outbox(own_store, target, basis, lines, NOW, turn=TURN)
        digest = outbox.claim_digest(own_store, target, NOW, turn=TURN)
        assert digest is not None
        if target is MAIL:
            outbox.mark_sent(own_store, digest, NOW, Author("may"), turn=TURN)
        else:
            later = NOW + timedelta(minutes=5)
            outbox.mark_failed(own_store, digest, "cầu nối trả lời 503", later, turn=TURN)
    return own_store


def browse(engine: Engine, settings: Settings, role: Role, province: str = "51") -> FlaskClient:
    add_account(engine, "dieu.phoi", role, province=province)
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "dieu.phoi")
    return browser


def test_it_shows_what_went_to_whom_why_and_what_did_not(
    alerts: Engine, settings: Settings
) -> None:
    browser = browse(alerts, settings, Role.COORDINATOR)
    answer = browser.get(PAGE)
    assert answer.headers["Cache-Control"] == "no-store"
    for words in (
        "95 đơn vị không báo cáo",
        "Thư điện tử: đã gửi lúc 08:02 20/11/2026 tới vpubnd@tinh.vn",
        "Cầu nối tin nhắn: chưa gửi được, đã thử 1 lần: cầu nối trả lời 503",
        "tính đến 16:00 20/11/2026",
        "Chưa cấu hình kênh gửi nào",
        "2 chưa có người báo đã nhận",
    ):
        assert words in answer.text
    assert "<script>alert" not in answer.text
    with alerts.begin() as connection:
        connection.execute(update(schema.alert).values(state="unclear", claimed_at=NOW))
    assert "không tự gửi lại" in browser.get(PAGE).text


def test_who_coordinates_acknowledges_once_and_the_audit_says_who(
    alerts: Engine, settings: Settings
) -> None:
    browser = browse(alerts, settings, Role.COORDINATOR)
    fields = {"province": "51", "signal": "silent", "day": "2026-11-20"}
    assert browser.post(f"{PAGE}/da-nhan", data=fields, headers=OWN).status_code == 400, "no token"
    for _ in range(2):
        assert post_form(browser, f"{PAGE}/da-nhan", PAGE, **fields).status_code == 303
    page = browser.get(PAGE).text
    assert "dieu.phoi, " in page
    assert page.count(">Đã nhận<span") == 1
    lines = audit.fetch_audit_lines(alerts, action="acknowledge_alert")
    assert lines[["account", "door", "province_code"]].values.tolist() == [
        ["dieu.phoi", "page", "51"]
    ]
    assert "cảnh báo không báo cáo" in browser.get("/nhat-ky").text
    for name, value in (("day", "x"), ("signal", "x"), ("province", "99")):
        broken = {**fields, name: value}
        assert post_form(browser, f"{PAGE}/da-nhan", PAGE, **broken).status_code == 400
    elsewhere = {**fields, "province": "25"}
    assert post_form(browser, f"{PAGE}/da-nhan", PAGE, **elsewhere).status_code == 403


def test_only_who_coordinates_looks_and_only_at_provinces_of_theirs(
    alerts: Engine, settings: Settings
) -> None:
    assert browse(alerts, settings, Role.CLERK).get(PAGE).status_code == 403
    add_account(alerts, "phu.tho", Role.COORDINATOR, province="25")
    other = open_browser(create_app(settings).server)
    sign_in(other, "phu.tho")
    assert other.get(PAGE).headers["Location"].endswith("?province=25")
    assert other.get(f"{PAGE}?province=51").status_code == 403
    assert "95 đơn vị" not in other.get(f"{PAGE}?province=25").text
    assert open_browser(create_app(settings).server).get(PAGE).status_code == 302
