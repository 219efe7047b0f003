"""The environment, read once into a frozen object. The README's table is tested against it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    ValidationError,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dashboard import reference
from dashboard.accounts.roles import Role
from dashboard.alert_settings import AlertSettings
from dashboard.errors import SettingInvalid
from dashboard.messages import write_message
from dashboard.reference import VIETNAM
from dashboard.setting_values import declare_variable as _variable
from dashboard.setting_values import require_choice as _choice
from dashboard.setting_values import require_whole_number as _whole_number

ROOT = reference.ROOT
Network = IPv4Network | IPv6Network


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
        remedy = write_message(
            "hãy đặt một địa chỉ như sqlite:////duong/dan/kho.sqlite hoặc postgresql://may/kho"
        )
        raise ValueError(remedy) from None
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str(_read_path(url.database)))
    return url.render_as_string(hide_password=False)


def _read_replica_url(value: str) -> str:
    if value and not value.startswith("postgres"):
        raise ValueError(write_message("hãy đặt địa chỉ một bản sao của PostgreSQL, hoặc để trống"))
    return _read_database_url(value) if value else ""


def _read_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ValueError(
            write_message("hãy viết ngày dạng 2026-11-22, hoặc để trống để dùng đồng hồ")
        ) from None


def _check_province(value: str) -> str:
    if value not in reference.load_province_names():
        raise ValueError(write_message("hãy đặt mã của một tỉnh, ví dụ 51 (Quảng Ngãi)"))
    return value


def _check_host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value):
        raise ValueError(write_message("hãy đặt một địa chỉ, ví dụ 127.0.0.1 hoặc 0.0.0.0"))
    return value


def _check_viewing(value: str) -> str:
    if value not in {"public", "signed-in"}:
        raise ValueError(write_message("hãy đặt public hoặc signed-in"))
    return value


def _read_networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError(
            write_message("hãy viết các địa chỉ, ví dụ 10.0.0.5, 10.0.1.0/24")
        ) from None


# The addresses of a database and of a bridge may hold a password.
SECRET_VARIABLES = frozenset(
    {
        "DASHBOARD_DATABASE_URL",
        "DASHBOARD_READ_URL",
        "DASHBOARD_OIDC_CLIENT_SECRET",
        "DASHBOARD_MAIL_PASSWORD",
        "DASHBOARD_WEBHOOK_SECRET",
        "DASHBOARD_WEBHOOK_URLS",
    }
)


class RoleRule(NamedTuple):
    """A value of a claim, the role that it gives, and the provinces (none: all)."""

    value: str
    role: Role
    provinces: frozenset[str]

    def __str__(self) -> str:
        reach = f":{' '.join(sorted(self.provinces))}" if self.provinces else ""
        return f"{self.value}={self.role}{reach}"


def _read_role_rules(value: str) -> tuple[RoleRule, ...]:
    rules = []
    for part in filter(None, map(str.strip, value.split(","))):
        match = re.fullmatch(r"([^=]+)=([a-z]+)(?::([0-9 ]+))?", part)
        provinces = frozenset((match[3] or "").split()) if match else frozenset()
        is_known = match and match[2] in {str(role) for role in Role}
        if not match or not is_known or provinces - reference.load_province_names().keys():
            raise ValueError(write_message("hãy viết dạng van-thu=clerk:51 25, lanh-dao=viewer"))
        rules.append(RoleRule(match[1].strip(), Role(match[2]), provinces))
    return tuple(rules)


def _check_header(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]*", value):
        raise ValueError(write_message("hãy đặt tên một tiêu đề HTTP, ví dụ X-Forwarded-User"))
    return value


def _check_issuer(value: str) -> str:
    # A test's provider is on this machine; over a network only TLS says who answers.
    is_near = re.fullmatch(r"http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?(/.*)?", value)
    if value and not is_near and not re.fullmatch(r"https://[^\s?#]+", value):
        raise ValueError(write_message("hãy đặt một địa chỉ https://"))
    return value.rstrip("/")


def _read_hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if not all(re.fullmatch(r"[a-z0-9.-]+|\*", host) for host in hosts):
        raise ValueError(
            write_message("hãy viết các tên máy, không có cổng, ví dụ bang.tinh.vn, may-chu")
        )
    return hosts


def _check_base_path(value: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*/?", value) or "/." in value:
        raise ValueError(write_message("hãy đặt một đường dẫn như /dashboard, hoặc để trống"))
    return value.rstrip("/")


def _check_origins(value: str) -> str:
    origins = value.split()
    if not all(re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", part) for part in origins):
        raise ValueError(
            write_message("hãy đặt các địa chỉ như https://cong.tinh.vn, cách bằng dấu cách")
        )
    return " ".join(origins)


ProjectPath = Annotated[Path, BeforeValidator(_read_path)]


class Settings(AlertSettings):
    """What the environment says: each field with its variable (`alias`), what it is when absent
    and what it means. Build it with `read_settings`.
    """

    model_config = ConfigDict(frozen=True, validate_default=True, hide_input_in_errors=True)

    host: Annotated[str, AfterValidator(_check_host)] = _variable(
        "HOST",
        "127.0.0.1",
        "Address the server listens on; `0.0.0.0` opens it to the network, then with a buffering "
        "proxy in front.",
    )
    port: Annotated[int, _whole_number(1, 65535)] = _variable(
        "PORT", "8050", "Port the server listens on."
    )
    database_url: Annotated[str, AfterValidator(_read_database_url)] = _variable(
        "DASHBOARD_DATABASE_URL",
        "sqlite:///var/dashboard.sqlite",
        "Where the store is: SQLite, or any other SQLAlchemy address such as "
        "`postgresql://user@host/name`.",
    )
    read_url: Annotated[str, AfterValidator(_read_replica_url)] = _variable(
        "DASHBOARD_READ_URL",
        "",
        "Address of a standby of that PostgreSQL, which pages read where nobody is signed in; "
        "empty, or while it is away: the store itself.",
    )
    outlines_dir: ProjectPath = _variable(
        "DASHBOARD_OUTLINES_DIR",
        "var/outlines",
        "Where imported real outlines are kept; they win over the schematic ones.",
    )
    static_dir: ProjectPath = _variable(
        "DASHBOARD_STATIC_DIR",
        "var/static",
        "Where compressed static files are kept.",
    )
    kept_dir: ProjectPath = _variable(
        "DASHBOARD_KEPT_DIR",
        "var/kept",
        "Where answers that were made once are kept for all server processes; safe to delete.",
    )
    kept_bytes: Annotated[int, _whole_number(0, 10**12)] = _variable(
        "DASHBOARD_KEPT_BYTES",
        "200000000",
        "Most bytes that they take; the oldest go first. `0` keeps none.",
    )
    criteria: ProjectPath = _variable(
        "DASHBOARD_CRITERIA",
        "data/criteria.toml",
        "The rules that give a commune its colour.",
    )
    base_path: Annotated[str, AfterValidator(_check_base_path)] = _variable(
        "DASHBOARD_BASE_PATH",
        "",
        "Path under which a portal shows the dashboard, such as `/dashboard`; empty: a host name "
        "of its own.",
    )
    frame_ancestors: Annotated[str, AfterValidator(_check_origins)] = _variable(
        "DASHBOARD_FRAME_ANCESTORS",
        "",
        "Origins of portals that may show it in a frame, such as `https://portal.example.vn`, with "
        "spaces between; empty: none but its own.",
    )
    province: Annotated[str, AfterValidator(_check_province)] = _variable(
        "DASHBOARD_PROVINCE", "51", "Code of the province shown first."
    )
    language: Annotated[str, _choice("", "vi", "en")] = _variable(
        "DASHBOARD_LANG",
        "",
        "Language of `make` and of the command line: `vi` or `en`; empty: English where the "
        "machine's locale is (`LC_ALL`, `LC_MESSAGES`, `LANG`), else Vietnamese.",
    )
    poll_seconds: Annotated[int, _whole_number(1, 3600)] = _variable(
        "DASHBOARD_POLL_SECONDS",
        "5",
        "Seconds between two questions of an open page for news.",
    )
    fixed_today: Annotated[date | None, BeforeValidator(_read_day)] = _variable(
        "DASHBOARD_TODAY",
        "",
        "A fixed day (`2026-11-22`) instead of the clock, for rehearsals; empty: the clock in "
        "Vietnam.",
    )
    workers: Annotated[int, _whole_number(1, 64)] = _variable(
        "DASHBOARD_WORKERS", "2", "Server processes that answer; one more makes answers for them."
    )
    threads: Annotated[int, _whole_number(1, 256)] = _variable(
        "DASHBOARD_THREADS", "16", "Threads of each server process."
    )
    max_body: Annotated[int, _whole_number(1_000, 10**9)] = _variable(
        "DASHBOARD_MAX_BODY",
        "1000000",
        "Largest request body in bytes; a larger one is answered with 413.",
    )
    log_format: Annotated[str, _choice("text", "json")] = _variable(
        "DASHBOARD_LOG_FORMAT",
        "text",
        "How the server writes its log: `text` or `json`, one line an event.",
    )
    access_log: Annotated[str, _choice("off", "on")] = _variable(
        "DASHBOARD_ACCESS_LOG",
        "off",
        "Whether each request gets a line of the log, too: `off` or `on`.",
    )
    metrics: Annotated[str, _choice("off", "local", "open")] = _variable(
        "DASHBOARD_METRICS",
        "local",
        "Who may read `/metrics`: `off` nobody, `local` this machine without a proxy in between, "
        "`open` everybody who reaches the server.",
    )
    lock_wait: Annotated[int, _whole_number(0, 86_400)] = _variable(
        "DASHBOARD_LOCK_WAIT",
        "600",
        "Seconds that a command waits for another that writes the store; it says for whom.",
    )
    watch_still: Annotated[int, _whole_number(0, 3600)] = _variable(
        "DASHBOARD_WATCH_STILL",
        "10",
        "Seconds after which a file in the watched folder that did not change is complete, where "
        "the system cannot tell who has it open; half of it, 5 at most, where it tells that its "
        "writer closed it.",
    )
    watch_keep_days: Annotated[int, _whole_number(0, 3650)] = _variable(
        "DASHBOARD_WATCH_KEEP_DAYS",
        "30",
        "Days that files stay in `done/` and `refused/` of the watched folder; then only their "
        "reports with the SHA-256 stay.",
    )

    view: Annotated[str, AfterValidator(_check_viewing)] = _variable(
        "DASHBOARD_VIEW",
        "public",
        "Who may look: `public` (everybody) or `signed-in` (accounts only); writing always needs "
        "an account.",
    )
    idle_minutes: Annotated[int, _whole_number(1, 1440)] = _variable(
        "DASHBOARD_IDLE_MINUTES",
        "30",
        "Minutes after which an account that may write is signed out when nobody uses it.",
    )
    proxies: Annotated[tuple[Network, ...], BeforeValidator(_read_networks)] = _variable(
        "DASHBOARD_PROXIES",
        "",
        "Addresses of the proxies in front (`10.0.0.5, 10.0.1.0/24`), whose word for the client's "
        "address and for TLS counts; empty: nobody's.",
    )

    proxy_user_header: Annotated[str, AfterValidator(_check_header)] = _variable(
        "DASHBOARD_PROXY_USER_HEADER",
        "",
        "Header in which a proxy of `DASHBOARD_PROXIES` names the account that it signed in, such "
        "as `X-Forwarded-User`; empty: none.",
    )
    oidc_issuer: Annotated[str, AfterValidator(_check_issuer)] = _variable(
        "DASHBOARD_OIDC_ISSUER",
        "",
        "The province's own sign-in (OpenID Connect), such as "
        "`https://dangnhap.tinh.vn`; empty: none.",
    )
    oidc_client_id: str = _variable(
        "DASHBOARD_OIDC_CLIENT_ID", "", "What the dashboard is called there."
    )
    oidc_client_secret: str = _variable(
        "DASHBOARD_OIDC_CLIENT_SECRET", "", "Its secret there; empty: a public client."
    )
    oidc_role_claim: str = _variable(
        "DASHBOARD_OIDC_ROLE_CLAIM", "groups", "The claim that decides the role."
    )
    oidc_roles: Annotated[tuple[RoleRule, ...], BeforeValidator(_read_role_rules)] = _variable(
        "DASHBOARD_OIDC_ROLES",
        "",
        "Which value of it is which role, and where: `van-thu=clerk:51, lanh-dao=viewer`; the "
        "first that fits counts, and who has none is refused.",
    )
    hosts: Annotated[tuple[str, ...], BeforeValidator(_read_hosts)] = _variable(
        "DASHBOARD_HOSTS",
        "",
        "Names under which browsers reach the server (`dashboard.example.vn, server-1`), besides "
        "`localhost`, the machine's own name and addresses in digits; another name is answered "
        "with 421, `*` takes every name.",
    )
    max_upload: Annotated[int, _whole_number(1_000_000, 2 * 10**9)] = _variable(
        "DASHBOARD_MAX_UPLOAD",
        "200000000",
        "Most bytes that are sent through the page at once.",
    )

    def write_environment(self) -> dict[str, str]:
        """The environment of a process that this one starts: its own, with these settings."""
        written = dict(os.environ)
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if value is None:
                value = ()
            parts = value if isinstance(value, tuple) else (value,)
            written[field.alias or name] = ", ".join(map(str, parts))
        return written

    @property
    def address(self) -> str:
        """What a person types into the browser on this machine."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}{self.base_path}/"

    def now(self) -> datetime:
        """The moment in Vietnam (UTC+7); noon of the fixed day where one is set."""
        if self.fixed_today:
            return datetime.combine(self.fixed_today, time(12), VIETNAM)
        return datetime.now(VIETNAM)

    def today(self) -> date:
        """The day in Vietnam, or the fixed one; never before the first day of all figures, to which
        a clock without its battery would fall (`doctor` and the log tell of it).
        """
        return max(self.now().date(), reference.FIRST_DAY)

    def is_clock_wrong(self) -> bool:
        """Whether the clock stands before the first day of all figures."""
        return self.now().date() < reference.FIRST_DAY


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings as the environment has them; raises SettingInvalid, one plain line, at the first bad
    one.

    A variable that is set to nothing counts as not set.
    """
    written = {field.alias or "": field.default for field in Settings.model_fields.values()}
    for name in written:
        written[name] = environment.get(name, "").strip() or written[name]
    try:
        settings = Settings(**written)
    except ValidationError as error:
        problem = error.errors()[0]
    else:
        _refuse_half_settings(settings)
        return settings
    name = str(problem["loc"][0])
    # What may hold a password or a key is never repeated.
    shown = "" if name in SECRET_VARIABLES else f'"{written[name]}" '
    raise SettingInvalid(
        write_message(
            "Thiết lập {name}: {shown}không dùng được; {error}.",
            name=name,
            shown=shown,
            error=problem["ctx"]["error"].args[0],
        )
    )


def _refuse_half_settings(settings: Settings) -> None:
    """What would open a door wider than anybody meant is refused at the start."""
    if settings.proxy_user_header and not settings.proxies:
        raise SettingInvalid(
            write_message(
                "Thiết lập DASHBOARD_PROXY_USER_HEADER cần DASHBOARD_PROXIES: không có "
                "danh sách proxy, ai cũng tự xưng được bằng tiêu đề này."
            )
        )
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_roles):
        raise SettingInvalid(
            write_message(
                "Thiết lập DASHBOARD_OIDC_ISSUER cần DASHBOARD_OIDC_CLIENT_ID và "
                "DASHBOARD_OIDC_ROLES."
            )
        )
    if fault := settings.find_alert_fault():
        raise SettingInvalid(fault)
