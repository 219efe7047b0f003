"""The environment, read once into a frozen object. The README's table is tested against `TABLE`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dashboard import reference
from dashboard.errors import SettingInvalid

ROOT = reference.ROOT
# Vietnam has had no daylight saving since 1945, so a fixed offset needs no time zone database.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Setting:
    """One variable of the environment: where it lands, what it is when absent, what it means."""

    name: str
    field: str
    default: str
    meaning: str
    read: Callable[[str], Any]


def _make_whole_number_reader(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", value) or not low <= int(value) <= high:
            raise ValueError(f"hãy đặt một số nguyên từ {low} đến {high}")
        return int(value)

    return read


def _read_path(value: str) -> Path:
    """Relative paths start at the project's folder, wherever the command was typed."""
    return (ROOT / Path(value).expanduser()).resolve()


def _read_database_url(value: str) -> str:
    """Addresses as hosts hand them out (`postgres://`) become those that SQLAlchemy understands."""
    value = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value)
    try:
        url = make_url(value)
        url.get_dialect()
    except (ArgumentError, ImportError, ValueError):
        remedy = "hãy đặt một địa chỉ như sqlite:////duong/dan/kho.sqlite hoặc postgresql://may/kho"
        raise ValueError(remedy) from None
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str(_read_path(url.database)))
    return url.render_as_string(hide_password=False)


def _read_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ValueError("hãy viết ngày dạng 2026-11-22, hoặc để trống để dùng đồng hồ") from None


def _read_province(value: str) -> str:
    if value not in reference.load_province_names():
        raise ValueError("hãy đặt mã của một tỉnh, ví dụ 51 (Quảng Ngãi)")
    return value


def _read_host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value):
        raise ValueError("hãy đặt một địa chỉ, ví dụ 127.0.0.1 hoặc 0.0.0.0")
    return value


TABLE: tuple[Setting, ...] = (
    Setting(
        "HOST",
        "host",
        "127.0.0.1",
        "Address the server listens on; `0.0.0.0` opens it to the network, then with a buffering "
        "proxy in front.",
        _read_host,
    ),
    Setting(
        "PORT", "port", "8050", "Port the server listens on.", _make_whole_number_reader(1, 65535)
    ),
    Setting(
        "DASHBOARD_DATABASE_URL",
        "database_url",
        "sqlite:///var/dashboard.sqlite",
        "Where the store is: SQLite, or any other SQLAlchemy address such as `postgresql://user@host/name`.",
        _read_database_url,
    ),
    Setting(
        "DASHBOARD_OUTLINES_DIR",
        "outlines_dir",
        "var/outlines",
        "Where imported real outlines are kept; they win over the schematic ones.",
        _read_path,
    ),
    Setting(
        "DASHBOARD_STATIC_DIR",
        "static_dir",
        "var/static",
        "Where compressed static files are kept.",
        _read_path,
    ),
    Setting(
        "DASHBOARD_CRITERIA",
        "criteria",
        "data/criteria.toml",
        "The rules that give a commune its colour.",
        _read_path,
    ),
    Setting(
        "DASHBOARD_PROVINCE", "province", "51", "Code of the province shown first.", _read_province
    ),
    Setting(
        "DASHBOARD_POLL_SECONDS",
        "poll_seconds",
        "5",
        "Seconds between two questions of an open page for news.",
        _make_whole_number_reader(1, 3600),
    ),
    Setting(
        "DASHBOARD_TODAY",
        "fixed_today",
        "",
        "A fixed day (`2026-11-22`) instead of the clock, for rehearsals; empty: the clock in "
        "Vietnam.",
        _read_day,
    ),
    Setting(
        "DASHBOARD_WORKERS", "workers", "2", "Server processes.", _make_whole_number_reader(1, 64)
    ),
    Setting(
        "DASHBOARD_THREADS",
        "threads",
        "16",
        "Threads of each server process.",
        _make_whole_number_reader(1, 256),
    ),
    Setting(
        "DASHBOARD_MAX_BODY",
        "max_body",
        "1000000",
        "Largest request body in bytes; a larger one is answered with 413.",
        _make_whole_number_reader(1_000, 10**9),
    ),
)


@dataclass(frozen=True)
class Settings:
    """What the environment says; `TABLE` tells what each field means. Build it with
    `read_settings`.
    """

    host: str
    port: int
    database_url: str
    outlines_dir: Path
    static_dir: Path
    criteria: Path
    province: str
    poll_seconds: int
    fixed_today: date | None
    workers: int
    threads: int
    max_body: int

    @property
    def address(self) -> str:
        """What a person types into the browser on this machine."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def now(self) -> datetime:
        """The moment in Vietnam (UTC+7); noon of the fixed day where one is set."""
        return (
            datetime.combine(self.fixed_today, time(12), VIETNAM)
            if self.fixed_today
            else datetime.now(VIETNAM)
        )

    def today(self) -> date:
        """The day in Vietnam, or the fixed one."""
        return self.now().date()


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings as the environment has them; raises SettingInvalid, one plain line, at the first bad
    one.

    A variable that is set to nothing counts as not set.
    """
    values: dict[str, Any] = {}
    for setting in TABLE:
        text = environment.get(setting.name, "").strip() or setting.default
        try:
            values[setting.field] = setting.read(text)
        except ValueError as problem:
            # The address of a database may hold a password: its value is never repeated.
            shown = (
                "không dùng được"
                if setting.field == "database_url"
                else f'"{text}" không dùng được'
            )
            raise SettingInvalid(f"Thiết lập {setting.name}: {shown}; {problem}.") from None
    return Settings(**values)
