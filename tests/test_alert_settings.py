"""Alerts are set as a whole or not at all, and no secret is ever repeated."""

from __future__ import annotations

import base64

import pytest

from dashboard.errors import SettingInvalid
from dashboard.settings import Settings, read_settings

SECRET = f"whsec_{base64.b64encode(bytes(32)).decode()}"
MAIL = {
    "DASHBOARD_MAIL_HOST": "thu.tinh.vn",
    "DASHBOARD_MAIL_SENDER": "bang@tinh.vn",
    "DASHBOARD_MAIL_RECIPIENTS": "51=a@tinh.vn b@tinh.vn, 25=c@tinh.vn",
}
WEBHOOK = {
    "DASHBOARD_WEBHOOK_URLS": "51=https://cau-noi.tinh.vn/canh-bao",
    "DASHBOARD_WEBHOOK_SECRET": SECRET,
}


def test_settings_of_alerts_reach_a_process_that_is_started_unchanged() -> None:
    settings = read_settings({**MAIL, **WEBHOOK, "DASHBOARD_ALERT_HOURS": "08:00-16:30"})
    assert [target.addresses for target in settings.mail_recipients] == [
        ("a@tinh.vn", "b@tinh.vn"),
        ("c@tinh.vn",),
    ]
    assert settings.webhook_key == bytes(32)
    names = {field.alias for field in Settings.model_fields.values()}
    handed_on = {
        name: value for name, value in settings.write_environment().items() if name in names
    }
    assert read_settings(handed_on) == settings


@pytest.mark.parametrize(
    "changed",
    [
        {"DASHBOARD_MAIL_HOST": ""},
        {"DASHBOARD_MAIL_SENDER": ""},
        {"DASHBOARD_MAIL_SENDER": "bang@tinh.vn\nBcc: x@y.vn"},
        {"DASHBOARD_MAIL_RECIPIENTS": "51=khong-phai-thu"},
        {"DASHBOARD_MAIL_RECIPIENTS": "51=a@tinh.vn, 51=b@tinh.vn"},
        {"DASHBOARD_MAIL_RECIPIENTS": "99=a@tinh.vn"},
        {"DASHBOARD_MAIL_USER": "bang", "DASHBOARD_MAIL_TLS": "none"},
        {"DASHBOARD_WEBHOOK_SECRET": ""},
        {"DASHBOARD_WEBHOOK_SECRET": "whsec_bmdhbg=="},
        {"DASHBOARD_WEBHOOK_URLS": "51=http://cau-noi.tinh.vn/canh-bao"},
        {"DASHBOARD_WEBHOOK_URLS": "51=https://a.vn/bot123 https://b.vn"},
        {"DASHBOARD_ALERT_HOURS": "17:00-07:30"},
        {"DASHBOARD_PUBLIC_ADDRESS": "javascript:alert(1)"},
    ],
)
def test_half_or_unsafe_settings_are_refused_in_one_line(changed: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid) as refusal:
        read_settings({**MAIL, **WEBHOOK, **changed})
    assert str(refusal.value).startswith("Thiết lập DASHBOARD_")
    for secret in ("bmdhbg", "bot123"):
        assert secret not in str(refusal.value)
