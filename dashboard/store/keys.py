"""Keys by which an office's programs read and send files: their SHA-256 only, revocable, counted.

A key acts as an account of its office that no person has: its name holds a colon, which no name of
an account may.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from dashboard.accounts.roles import Account, Role
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.store import schema
from dashboard.store.accounts import hash_token
from dashboard.store.audit import AuditLine, Author, append_audit_line, begin_audited_write
from dashboard.store.clock import read_clock
from dashboard.store.connections import wait_briefly
from dashboard.store.engine import read_store

# Says what a secret is that somebody comes upon in a file of settings or a log of another program.
KEY_PREFIX = "dashboard_"
_KEY = schema.api_key.c


class NoSuchKey(DashboardError):
    """No key that still works has that number; says how to find the numbers."""


@dataclass(frozen=True)
class ApiKey:
    """A key of an office; times are UTC. `provinces`: codes, none means all."""

    number: int
    office: str
    provinces: frozenset[str]
    created_at: datetime
    used_at: datetime | None
    uses: int
    revoked_at: datetime | None


def create_api_key(
    engine: Engine, office: str, provinces: Collection[str], author: Author
) -> tuple[int, str]:
    """A new key: its number and its secret, which is nowhere else. Raises StoreUnavailable."""
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    written = ",".join(sorted(provinces))
    with begin_audited_write(engine) as connection:
        inserted = connection.execute(
            insert(schema.api_key).values(
                secret_sha256=hash_token(secret),
                office=office,
                provinces=written,
                created_at=read_clock(),
                uses=0,
            )
        ).inserted_primary_key
        assert inserted is not None
        number = int(inserted[0])
        line = AuditLine("add_key", f"key {number}", after={"office": office, "provinces": written})
        append_audit_line(connection, author, line)
    return number, secret


def list_api_keys(engine: Engine) -> list[ApiKey]:
    """All keys, revoked ones too, by number. Raises StoreUnavailable."""
    with read_store(engine) as connection:
        rows = connection.execute(select(schema.api_key).order_by(_KEY.number)).mappings()
        return [
            ApiKey(
                row["number"],
                row["office"],
                _read_provinces(row["provinces"]),
                row["created_at"],
                row["used_at"],
                row["uses"],
                row["revoked_at"],
            )
            for row in rows
        ]


def revoke_api_key(engine: Engine, number: int, author: Author) -> None:
    """The key no longer works from its next request on. Raises NoSuchKey, StoreUnavailable."""
    with begin_audited_write(engine) as connection:
        revoked = connection.execute(
            update(schema.api_key)
            .where(_KEY.number == number, _KEY.revoked_at.is_(None))
            .values(revoked_at=read_clock())
        ).rowcount
        if not revoked:
            raise NoSuchKey(
                write_message(
                    "Không có khóa số {number} còn hiệu lực; xem bằng lệnh key list", number=number
                )
            )
        append_audit_line(connection, author, AuditLine("revoke_key", f"key {number}"))


def use_api_key(engine: Engine, secret: str) -> Account | None:
    """Who acts with this key, counted; None where it was never made or is revoked. Raises
    StoreUnavailable.
    """
    same = _KEY.secret_sha256 == hash_token(secret)
    with read_store(engine) as connection:
        question = select(schema.api_key).where(same, _KEY.revoked_at.is_(None))
        row = connection.execute(question).mappings().first()
    if row is None:
        return None
    # Only a note: while an import holds the store, no program waits for being counted.
    counted = update(schema.api_key).where(same).values(uses=_KEY.uses + 1, used_at=read_clock())
    with suppress(SQLAlchemyError), engine.begin() as connection, wait_briefly(connection):
        connection.execute(counted)
    provinces = _read_provinces(row["provinces"])
    return Account(0, f"key:{row['number']}", row["office"], Role.CLERK, provinces)


def _read_provinces(written: str) -> frozenset[str]:
    return frozenset(code for code in written.split(",") if code)
