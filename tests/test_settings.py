"""The environment is read once; what cannot be used is told in one plain line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.errors import SettingInvalid
from dashboard.settings import ROOT, Settings, read_settings


def test_an_empty_environment_serves_this_machine_from_a_store_in_the_project() -> None:
    settings = read_settings({})
    assert settings.address == "http://127.0.0.1:8050/"
    assert settings.database_url == f"sqlite:///{ROOT}/var/dashboard.sqlite"
    assert settings.province == "51"
    assert settings.criteria == ROOT / "data" / "criteria.toml"


def test_every_field_has_a_variable_of_its_own_and_a_meaning() -> None:
    fields = list(Settings.model_fields.values())
    assert len({field.alias for field in fields}) == len(fields)
    assert all(field.alias and (field.description or "").endswith(".") for field in fields)


def test_a_variable_set_to_nothing_counts_as_not_set() -> None:
    assert read_settings({"PORT": " ", "DASHBOARD_TODAY": ""}) == read_settings({})


@pytest.mark.parametrize(
    "written", ["postgres://u@h/name", "postgresql://u@h/name", "postgresql+psycopg://u@h/name"]
)
def test_postgresql_addresses_as_hosts_hand_them_out_are_understood(written: str) -> None:
    assert (
        read_settings({"DASHBOARD_DATABASE_URL": written}).database_url
        == "postgresql+psycopg://u@h/name"
    )


def test_an_address_of_a_database_keeps_its_password_and_its_query() -> None:
    written = "postgresql://user:p%40ss@/name?host=/run/postgresql"
    assert read_settings({"DASHBOARD_DATABASE_URL": written}).database_url == (
        "postgresql+psycopg://user:p%40ss@/name?host=%2Frun%2Fpostgresql"
    )


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PORT", "abc", "số nguyên"),
        ("PORT", "0", "từ 1 đến 65535"),
        ("PORT", "99999", "từ 1 đến 65535"),
        ("PORT", "٨٠٥٠", "số nguyên"),
        ("HOST", "a b", "127.0.0.1"),
        ("DASHBOARD_PROVINCE", "99", "mã của một tỉnh"),
        ("DASHBOARD_TODAY", "22/11/2026", "2026-11-22"),
        ("DASHBOARD_POLL_SECONDS", "-1", "số nguyên"),
        ("DASHBOARD_DATABASE_URL", "mysql+nothing://x", "sqlite:///"),
        ("DASHBOARD_DATABASE_URL", "not an address", "sqlite:///"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_plain_line_with_a_remedy(
    name: str, value: str, remedy: str
) -> None:
    with pytest.raises(SettingInvalid) as refused:
        read_settings({name: value})
    line = str(refused.value)
    assert name in line
    assert remedy in line
    assert "\n" not in line


def test_the_password_in_a_bad_database_address_is_not_repeated() -> None:
    with pytest.raises(SettingInvalid) as refused:
        read_settings({"DASHBOARD_DATABASE_URL": "nothing://user:secret@host/name"})
    assert "secret" not in str(refused.value)


def test_relative_paths_start_at_the_project_wherever_the_command_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings(
        {"DASHBOARD_STATIC_DIR": "elsewhere", "DASHBOARD_OUTLINES_DIR": str(tmp_path)}
    )
    assert settings.static_dir == ROOT / "elsewhere"
    assert settings.outlines_dir == tmp_path


def test_today_is_the_day_in_vietnam() -> None:
    now = read_settings({}).now()
    assert now.utcoffset() == timedelta(hours=7)
    assert abs(now - datetime.now(now.tzinfo)) < timedelta(seconds=5)


def test_a_fixed_day_stands_for_the_clock() -> None:
    settings = read_settings({"DASHBOARD_TODAY": "2025-07-13"})
    assert settings.today() == date(2025, 7, 13)
    assert settings.now().hour == 12


def test_a_server_open_to_the_network_still_says_an_address_that_works_here() -> None:
    assert read_settings({"HOST": "0.0.0.0", "PORT": "9000"}).address == "http://127.0.0.1:9000/"
    assert read_settings({"HOST": "::1"}).address == "http://[::1]:8050/"
