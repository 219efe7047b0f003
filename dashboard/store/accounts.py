"""Accounts of staff and where they are signed in; each change is a line of the audit.

Sessions live here and not in the browser's cookie alone, so that signing out, locking and another
role count at the next request, in every server process. Tokens are kept as their SHA-256: who
reads the store cannot sign in with what it finds.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.accounts.roles import Account, Role
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.store import schema
from dashboard.store.audit import AuditLine, Author, append_audit_line, begin_audited_write
from dashboard.store.clock import is_to_come, read_clock
from dashboard.store.connections import wait_briefly
from dashboard.store.engine import make_unavailable_error, read_store

_ACCOUNT = schema.account.c
_SESSION = schema.account_session.c
_LINK = schema.one_time_link.c
FIRST_ADMINISTRATOR = "first_administrator"
LINK_LIFETIME = timedelta(minutes=15)
# However busy somebody is: the next day everybody signs in anew.
LONGEST_SESSION = timedelta(hours=12)
# "Seen" is written at most so often, so that reading a page writes nothing.
_SEEN_EVERY = timedelta(minutes=1)
# So many wrong passwords cost nothing; each further one doubles the wait, to at most a minute.
FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=1)


class AccountRefused(DashboardError):
    """An account that cannot be made or changed so: which, and why."""


@dataclass(frozen=True)
class SignInRecord:
    """What signing in needs to know of an account; `wait_until` is UTC, None where nobody waits."""

    account: Account
    password_hash: str | None
    wait_until: datetime | None


@dataclass(frozen=True)
class OpenSession:
    """One place where an account is signed in; times are UTC."""

    number: int
    door: str
    browser: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


def create_account(
    engine: Engine, account: Account, password_hash: str | None, author: Author
) -> None:
    """Add an account (`account_id` is ignored). Raises AccountRefused, StoreUnavailable."""
    with begin_audited_write(engine) as connection:
        _insert_account(connection, account, password_hash, author)


def save_external_account(
    engine: Engine, external_id: str, account: Account, author: Author
) -> Account:
    """The account of who an identity provider signed in, made at the first time; its role and reach
    are what the provider says now. Raises AccountRefused, StoreUnavailable.
    """
    same = _ACCOUNT.external_id == external_id
    question = select(schema.account).where(same)
    with begin_audited_write(engine) as connection:
        row = connection.execute(question).mappings().first()
        if row is None:
            _insert_account(connection, account, None, author)
            name = account.name.casefold()
            connection.execute(
                update(schema.account).where(_ACCOUNT.name == name).values(external_id=external_id)
            )
        else:
            before = _write_reach(_read_account(row))
            after = _write_reach(account)
            if before != after:
                connection.execute(update(schema.account).where(same).values(**after))
                line = AuditLine("change_role", row["name"], before=before, after=after)
                append_audit_line(connection, author, line)
        return _read_account(connection.execute(question).mappings().one())


def fetch_account(engine: Engine, name: str) -> SignInRecord | None:
    """The account of this name, whatever its capitals; None where there is none."""
    question = select(schema.account).where(_ACCOUNT.name == name.casefold())
    with read_store(engine) as connection:
        row = connection.execute(question).mappings().first()
    return _read_record(row) if row else None


def list_accounts(engine: Engine) -> list[Account]:
    """All accounts by name, locked ones too."""
    with read_store(engine) as connection:
        rows = connection.execute(select(schema.account).order_by(_ACCOUNT.name)).mappings()
        return [_read_account(row) for row in rows]


def set_password(
    engine: Engine, name: str, password_hash: str, author: Author, *, must_change: bool
) -> None:
    """Another password; everywhere else the account is signed out, since its old one may be known.

    Raises AccountRefused, StoreUnavailable.
    """
    with begin_audited_write(engine) as connection:
        account = _find_account(connection, name)
        _change_account(
            connection,
            account,
            {
                "password_hash": password_hash,
                "must_change": must_change,
                "failures": 0,
                "failed_at": None,
            },
        )
        _end_sessions(connection, account)
        line = AuditLine("set_password", account.name, after={"must_change": must_change})
        append_audit_line(connection, author, line)


def lock_account(engine: Engine, name: str, author: Author, *, locked: bool) -> None:
    """Lock or unlock; a locked account is signed out everywhere. Raises AccountRefused,
    StoreUnavailable.
    """
    with begin_audited_write(engine) as connection:
        account = _find_account(connection, name)
        if locked:
            _refuse_without_administrator(connection, account)
            _end_sessions(connection, account)
        unlocked = {"locked_at": None, "failures": 0, "failed_at": None}
        _change_account(connection, account, {"locked_at": read_clock()} if locked else unlocked)
        action = "lock_account" if locked else "unlock_account"
        append_audit_line(connection, author, AuditLine(action, account.name))


def change_role(
    engine: Engine,
    name: str,
    role: Role,
    provinces: Collection[str],
    communes: Collection[str],
    author: Author,
) -> None:
    """What the account may do and where; counts at its next request. Raises AccountRefused,
    StoreUnavailable.
    """
    with begin_audited_write(engine) as connection:
        account = _find_account(connection, name)
        if role is not Role.ADMINISTRATOR:
            _refuse_without_administrator(connection, account)
        changed = Account(
            account.account_id,
            account.name,
            account.office,
            role,
            frozenset(provinces),
            frozenset(communes),
        )
        _change_account(connection, account, _write_reach(changed))
        before = _write_reach(account)
        line = AuditLine("change_role", account.name, before=before, after=_write_reach(changed))
        append_audit_line(connection, author, line)


def count_failure(engine: Engine, name: str) -> None:
    """One more wrong password for this account."""
    with begin_audited_write(engine) as connection:
        connection.execute(
            update(schema.account)
            .where(_ACCOUNT.name == name)
            .values(failures=_ACCOUNT.failures + 1, failed_at=read_clock())
        )


def start_session(
    engine: Engine, account: Account, *, door: str, browser: str, author: Author
) -> str:
    """Sign the account in and return the token that its browser keeps. Raises StoreUnavailable."""
    token = secrets.token_urlsafe(32)
    now = read_clock()
    with begin_audited_write(engine) as connection:
        connection.execute(delete(schema.account_session).where(~_is_open(_SESSION.ends_at, now)))
        _change_account(connection, account, {"failures": 0, "failed_at": None})
        append_audit_line(connection, author, AuditLine("sign_in", account.name))
        number = (connection.scalar(select(func.max(_SESSION.number))) or 0) + 1
        connection.execute(
            insert(schema.account_session).values(
                token_sha256=hash_token(token),
                number=number,
                account_id=account.account_id,
                door=door,
                browser=browser[:60],
                started_at=now,
                seen_at=now,
                ends_at=now + LONGEST_SESSION,
            )
        )
    return token


def fetch_session_account(engine: Engine, token: str, idle: timedelta) -> Account | None:
    """Who is signed in with this token; None where nobody is: unknown, ended, locked, or a writer
    who did nothing for longer than `idle`. Raises StoreUnavailable.
    """
    now = read_clock()
    question = (
        select(schema.account, _SESSION.seen_at)
        .join(schema.account_session, _SESSION.account_id == _ACCOUNT.id)
        .where(_SESSION.token_sha256 == hash_token(token), _is_open(_SESSION.ends_at, now))
    )
    with read_store(engine) as connection:
        row = connection.execute(question).mappings().first()
    if row is None or row["locked_at"] is not None:
        return None
    account = _read_account(row)
    if account.writes and row["seen_at"] <= now - idle:
        return None
    if row["seen_at"] <= now - _SEEN_EVERY:
        _note_seen(engine, token, now)
    return account


def _is_open(ends_at: Any, now: datetime) -> Any:
    """Whether a session goes on; not where a wrong clock gave it longer than any has."""
    return (ends_at > now) & ~is_to_come(ends_at, now + LONGEST_SESSION)


def _note_seen(engine: Engine, token: str, now: datetime) -> None:
    """Only a note: while an import holds the store nobody who reads waits for it."""
    same = _SESSION.token_sha256 == hash_token(token)
    with suppress(SQLAlchemyError), engine.begin() as connection, wait_briefly(connection):
        connection.execute(update(schema.account_session).where(same).values(seen_at=now))


def list_sessions(engine: Engine, account: Account, token: str) -> list[OpenSession]:
    """Where the account is signed in, the newest first; `token`: of who asks."""
    question = (
        select(schema.account_session)
        .where(_SESSION.account_id == account.account_id, _is_open(_SESSION.ends_at, read_clock()))
        .order_by(_SESSION.started_at.desc())
    )
    with read_store(engine) as connection:
        rows = connection.execute(question).mappings().all()
    return [
        OpenSession(
            row["number"],
            row["door"],
            row["browser"],
            row["started_at"],
            row["seen_at"],
            row["token_sha256"] == hash_token(token),
        )
        for row in rows
    ]


def end_session(engine: Engine, account: Account, author: Author, *, number: int) -> bool:
    """Sign this account out at one place; False where that is none of its own."""
    with begin_audited_write(engine) as connection:
        ended = connection.execute(
            delete(schema.account_session).where(
                _SESSION.account_id == account.account_id, _SESSION.number == number
            )
        ).rowcount
        if ended:
            append_audit_line(connection, author, AuditLine("sign_out", account.name))
    return bool(ended)


def sign_out(engine: Engine, token: str, author: Author) -> None:
    """End the session of this token."""
    with begin_audited_write(engine) as connection:
        same = _SESSION.token_sha256 == hash_token(token)
        if connection.execute(delete(schema.account_session).where(same)).rowcount:
            append_audit_line(connection, author, AuditLine("sign_out", author.account))


def sign_out_everywhere(engine: Engine, name: str, author: Author) -> int:
    """End all sessions of an account; how many there were. Raises AccountRefused,
    StoreUnavailable.
    """
    with begin_audited_write(engine) as connection:
        account = _find_account(connection, name)
        ended = _end_sessions(connection, account)
        line = AuditLine("sign_out_everywhere", account.name, after={"sessions": ended})
        append_audit_line(connection, author, line)
    return ended


def issue_first_link(engine: Engine) -> str | None:
    """A token that makes the first administrator, once, within LINK_LIFETIME; None where accounts
    exist. Earlier tokens no longer count.
    """
    token = secrets.token_urlsafe(24)
    with begin_audited_write(engine) as connection:
        if connection.scalar(select(_ACCOUNT.id).limit(1)) is not None:
            return None
        connection.execute(delete(schema.one_time_link))
        connection.execute(
            insert(schema.one_time_link).values(
                token_sha256=hash_token(token),
                purpose=FIRST_ADMINISTRATOR,
                ends_at=read_clock() + LINK_LIFETIME,
            )
        )
    return token


def is_first_link_valid(engine: Engine, token: str) -> bool:
    """Whether this link still works, without using it."""
    question = select(_LINK.token_sha256).where(
        _LINK.token_sha256 == hash_token(token),
        _LINK.used_at.is_(None),
        _is_link_open(read_clock()),
    )
    with read_store(engine) as connection:
        return connection.scalar(question) is not None


def _is_link_open(now: datetime) -> Any:
    return (_LINK.ends_at > now) & ~is_to_come(_LINK.ends_at, now + LINK_LIFETIME)


def redeem_first_link(
    engine: Engine, token: str, account: Account, password_hash: str, author: Author
) -> bool:
    """Make the first administrator by a link; False where it was used, is too old, or somebody has
    an account already. Raises AccountRefused, StoreUnavailable.
    """
    with begin_audited_write(engine) as connection:
        used = connection.execute(
            update(schema.one_time_link)
            .where(
                _LINK.token_sha256 == hash_token(token),
                _LINK.used_at.is_(None),
                _is_link_open(read_clock()),
            )
            .values(used_at=read_clock())
        ).rowcount
        if not used or connection.scalar(select(_ACCOUNT.id).limit(1)) is not None:
            return False
        _insert_account(connection, account, password_hash, author)
    return True


def fetch_server_secret(engine: Engine, name: str) -> str:
    """A secret that all server processes share; drawn at the first question. Raises
    StoreUnavailable.
    """
    question = select(schema.server_secret.c.value).where(schema.server_secret.c.name == name)
    with read_store(engine) as connection:
        value = connection.scalar(question)
    if value is not None:
        return str(value)
    try:
        with engine.begin() as connection:
            drawn = {"name": name, "value": secrets.token_hex(32)}
            connection.execute(insert(schema.server_secret), drawn)
    except IntegrityError:
        pass  # another process drew one at this moment
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error
    with read_store(engine) as connection:
        return str(connection.scalar(question))


def hash_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _insert_account(
    connection: Connection, account: Account, password_hash: str | None, author: Author
) -> None:
    name = account.name.casefold()
    if connection.scalar(select(_ACCOUNT.id).where(_ACCOUNT.name == name)) is not None:
        raise AccountRefused(write_message("Tài khoản {name} đã có; hãy chọn tên khác", name=name))
    connection.execute(
        insert(schema.account).values(
            name=name,
            password_hash=password_hash,
            must_change=account.must_change,
            failures=0,
            created_at=read_clock(),
            **_write_reach(account),
            office=account.office,
        )
    )
    line = AuditLine("create_account", name, after={**_write_reach(account)})
    append_audit_line(connection, author, line)


def _write_reach(account: Account) -> dict[str, str]:
    return {
        "role": str(account.role),
        "provinces": ",".join(sorted(account.provinces)),
        "communes": ",".join(sorted(account.communes)),
    }


def _find_account(connection: Connection, name: str) -> Account:
    question = select(schema.account).where(_ACCOUNT.name == name.casefold())
    row = connection.execute(question).mappings().first()
    if row is None:
        raise AccountRefused(
            write_message(
                "Không có tài khoản {name}; xem các tài khoản bằng lệnh user list", name=name
            )
        )
    return _read_account(row)


def _refuse_without_administrator(connection: Connection, account: Account) -> None:
    """The last administrator who can sign in stays one: nobody could make another by the page."""
    others = select(_ACCOUNT.id).where(
        _ACCOUNT.role == str(Role.ADMINISTRATOR),
        _ACCOUNT.locked_at.is_(None),
        _ACCOUNT.id != account.account_id,
    )
    if account.role is Role.ADMINISTRATOR and connection.scalar(others.limit(1)) is None:
        raise AccountRefused(
            write_message(
                "{account} là tài khoản quản trị cuối cùng; hãy thêm một tài khoản quản"
                " trị khác trước",
                account=account.name,
            )
        )


def _change_account(connection: Connection, account: Account, values: Mapping[str, Any]) -> None:
    same = _ACCOUNT.id == account.account_id
    connection.execute(update(schema.account).where(same).values(**values))


def _end_sessions(connection: Connection, account: Account) -> int:
    same = _SESSION.account_id == account.account_id
    return connection.execute(delete(schema.account_session).where(same)).rowcount


def _read_record(row: Mapping[Any, Any]) -> SignInRecord:
    return SignInRecord(_read_account(row), row["password_hash"], _find_wait(row))


def _find_wait(row: Mapping[Any, Any]) -> datetime | None:
    """Until when nobody unknown may try again: 1, 2, 4 … seconds after the last wrong password."""
    beyond = row["failures"] - FREE_FAILURES
    failed_at = row["failed_at"]
    if beyond < 0 or failed_at is None or is_to_come(failed_at, read_clock()):
        return None
    seconds = min(2 ** min(beyond, 10), LONGEST_WAIT.total_seconds())
    return failed_at + timedelta(seconds=seconds)


def _read_account(row: Mapping[Any, Any]) -> Account:
    return Account(
        row["id"],
        row["name"],
        row["office"],
        Role(row["role"]),
        frozenset(code for code in row["provinces"].split(",") if code),
        frozenset(code for code in row["communes"].split(",") if code),
        row["must_change"],
        row["locked_at"] is not None,
    )
