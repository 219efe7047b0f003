"""`key`: shown once, listed without its secret, ended when revoked."""

from __future__ import annotations

from typing import Any


def test_a_key_is_shown_once_listed_and_revoked(run: Any) -> None:
    status, out, _ = run("key", "add", "Sở Nội vụ", "--province", "51")
    assert status == 0
    secret = out.splitlines()[1]
    assert secret.startswith("dashboard_")
    assert len(secret) > 40
    listed = run("key", "list")[1]
    assert "Sở Nội vụ" in listed
    assert secret not in listed
    assert run("key", "revoke", "1")[0] == 0
    assert "đã thu hồi" in run("key", "list")[1]
    status, _, error = run("key", "revoke", "1")
    assert (status, error.count("\n")) == (2, 1)


def test_a_key_for_no_province_is_refused(run: Any) -> None:
    assert run("key", "add", "Sở Nội vụ", "--province", "99")[0] == 2
    assert run("key", "list")[1] == "Chưa có khóa nào\n"
