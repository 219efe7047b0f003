"""The outbox of alerts: one row a province, signal, day and channel, and what became of it.

A digest is claimed in one transaction, sent outside of any, and marked in a second one. Who is
killed in between leaves it claimed: whether it arrived nobody knows, so it is never sent again by
itself (`close_interrupted`), and the page says so. The next day's row tells the signal anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, and_, case, func, insert, or_, select, update

from dashboard.store import schema
from dashboard.store.audit import AuditLine, Author, append_audit_line, begin_audited_write
from dashboard.store.engine import explain_failures, read_store
from dashboard.store.write_turn import WriteTurn, begin_writing

_ALERT = schema.alert.c
# Longer than any sending with all its waits: whoever claimed before that is gone.
INTERRUPTED_AFTER = timedelta(minutes=30)


class AlertState(StrEnum):
    """What became of an alert."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    # Claimed by a program that ended before it could say whether it sent.
    UNCLEAR = "unclear"
    # Tried and never taken while it was news.
    FAILED = "failed"
    # No longer so before it could be sent, or told by a later day's.
    OVER = "over"


@dataclass(frozen=True)
class AlertLine:
    """One signal in words. `communes`: codes, worst first; `since`: the day it began."""

    signal: str
    severity: int
    title: str
    reason: str
    since: date
    communes: tuple[str, ...]


@dataclass(frozen=True)
class AlertTarget:
    """A province's channel, and to whom it leads, as the page may show it."""

    province: str
    channel: str
    recipients: str


@dataclass(frozen=True)
class AlertBasis:
    """On what a day's alerts rest: how old the figures are, and that they are simulated where they
    are.
    """

    day: date
    source: str
    notice: str


@dataclass(frozen=True)
class ClaimedDigest:
    """What goes out in one message. `digest_id` stays the same at each new attempt at the same
    alerts, so that a receiver knows it again; `attempts` counts this one.
    """

    digest_id: str
    target: AlertTarget
    basis: AlertBasis
    lines: tuple[AlertLine, ...]
    attempts: int


def fill_outbox(
    engine: Engine,
    target: AlertTarget,
    basis: AlertBasis,
    lines: Sequence[AlertLine],
    now: datetime,
    *,
    turn: WriteTurn,
) -> None:
    """What holds today waits from now on, in today's words; what was sent stays as it was. What
    waited and no longer holds, or is of an earlier day, is not sent any more. Raises
    StoreUnavailable.
    """
    table = schema.alert
    of_target = and_(_ALERT.province_code == target.province, _ALERT.channel == target.channel)
    with _write(engine, turn) as connection:
        states = {
            row.signal: row.state
            for row in connection.execute(
                select(_ALERT.signal, _ALERT.state).where(of_target, _ALERT.day == basis.day)
            )
        }
        for line in lines:
            values = _write_values(line, basis)
            if line.signal not in states:
                values |= {
                    "province_code": target.province,
                    "signal": line.signal,
                    "day": basis.day,
                    "channel": target.channel,
                    "recipients": "",
                    "attempts": 0,
                    "fault": "",
                    "filled_at": now,
                    "acknowledged_by": "",
                }
                connection.execute(insert(table).values(values))
            elif states[line.signal] in {AlertState.WAITING, AlertState.OVER}:
                same = and_(of_target, _ALERT.day == basis.day, _ALERT.signal == line.signal)
                connection.execute(update(table).where(same).values(values))
        still = [line.signal for line in lines]
        gone = or_(_ALERT.day != basis.day, _ALERT.signal.not_in(still))
        connection.execute(
            update(table)
            .where(of_target, _ALERT.state == AlertState.WAITING, gone)
            .values(
                state=case(
                    (_ALERT.attempts > 0, AlertState.FAILED.value), else_=AlertState.OVER.value
                ),
                next_at=None,
            )
        )


def _write_values(line: AlertLine, basis: AlertBasis) -> dict[str, Any]:
    return {
        "severity": line.severity,
        "title": line.title,
        "reason": line.reason,
        "since": line.since,
        "communes": ",".join(line.communes),
        "source": basis.source,
        "notice": basis.notice,
        "state": AlertState.WAITING.value,
    }


def claim_digest(
    engine: Engine,
    target: AlertTarget,
    now: datetime,
    *,
    turn: WriteTurn,
    skip_pause: bool = False,
) -> ClaimedDigest | None:
    """Everything that waits for this target, claimed for who asks: nobody else gets it. None where
    nothing waits, or the pause after a failure is not over (`skip_pause`: whether or not it is).
    Raises StoreUnavailable.
    """
    waiting = and_(
        _ALERT.province_code == target.province,
        _ALERT.channel == target.channel,
        _ALERT.state == AlertState.WAITING,
    )
    with _write(engine, turn) as connection:
        rows = (
            connection.execute(select(schema.alert).where(waiting).order_by(_ALERT.severity))
            .mappings()
            .all()
        )
        is_paused = any(row["next_at"] and row["next_at"] > now for row in rows)
        if not rows or (is_paused and not skip_pause):
            return None
        digest_ids = {row["digest_id"] for row in rows}
        known_id = digest_ids.pop() if len(digest_ids) == 1 else None
        digest_id = known_id or str(uuid4())
        connection.execute(
            update(schema.alert)
            .where(waiting)
            .values(
                state=AlertState.SENDING.value,
                digest_id=digest_id,
                claimed_at=now,
                recipients=target.recipients,
                attempts=_ALERT.attempts + 1,
            )
        )
    first = rows[0]
    return ClaimedDigest(
        digest_id,
        target,
        AlertBasis(first["day"], first["source"], first["notice"]),
        tuple(_read_line(row) for row in rows),
        max(row["attempts"] for row in rows) + 1,
    )


def _read_line(row: Any) -> AlertLine:
    return AlertLine(
        row["signal"],
        row["severity"],
        row["title"],
        row["reason"],
        row["since"],
        tuple(filter(None, row["communes"].split(","))),
    )


def mark_sent(
    engine: Engine,
    digest: ClaimedDigest,
    now: datetime,
    author: Author,
    *,
    turn: WriteTurn,
    note: str = "",
) -> None:
    """The digest arrived; `note`: who of the recipients was not taken. A line of the audit stands
    beside it, or neither does. Raises StoreUnavailable.
    """
    claimed = and_(
        _ALERT.digest_id == digest.digest_id,
        # Who was held up so long that it counted as gone knows better now.
        _ALERT.state.in_([AlertState.SENDING, AlertState.UNCLEAR]),
    )
    values = {"state": AlertState.SENT.value, "sent_at": now, "fault": note, "next_at": None}
    with _write(engine, turn) as connection:
        connection.execute(update(schema.alert).where(claimed).values(values))
        after = {
            "channel": digest.target.channel,
            "day": digest.basis.day.isoformat(),
            "signals": ", ".join(line.signal for line in digest.lines),
        }
        line = AuditLine(
            "send_alerts", f"digest {digest.digest_id[:8]}", digest.target.province, after=after
        )
        append_audit_line(connection, author, line)


def mark_failed(
    engine: Engine, digest: ClaimedDigest, fault: str, next_at: datetime, *, turn: WriteTurn
) -> None:
    """The digest was not taken, for `fault`; it waits until `next_at`. Raises StoreUnavailable."""
    claimed = and_(_ALERT.digest_id == digest.digest_id, _ALERT.state == AlertState.SENDING)
    values = {"state": AlertState.WAITING.value, "fault": fault, "next_at": next_at}
    with _write(engine, turn) as connection:
        connection.execute(update(schema.alert).where(claimed).values(values))


def close_interrupted(engine: Engine, now: datetime, *, turn: WriteTurn) -> None:
    """What somebody claimed long ago and never marked: whether it was sent stays unclear. Raises
    StoreUnavailable.
    """
    left = and_(_ALERT.state == AlertState.SENDING, _ALERT.claimed_at < now - INTERRUPTED_AFTER)
    with _write(engine, turn) as connection:
        connection.execute(update(schema.alert).where(left).values(state=AlertState.UNCLEAR.value))


def fetch_alerts(engine: Engine, province: str, since: date, most: int) -> list[dict[str, Any]]:
    """The newest alerts of a province from the day `since` on, at most `most`: the columns of
    `alert`. Raises StoreUnavailable.
    """
    question = (
        select(schema.alert)
        .where(_ALERT.province_code == province, _ALERT.day >= since)
        .order_by(_ALERT.day.desc(), _ALERT.severity, _ALERT.channel)
        .limit(most)
    )
    with read_store(engine) as connection:
        return [dict(row) for row in connection.execute(question).mappings()]


def acknowledge_alert(
    engine: Engine, province: str, signal: str, day: date, now: datetime, author: Author
) -> bool:
    """Somebody in charge has read it, by whatever channel; whether there was such an alert that
    nobody had acknowledged. The first one counts. Raises StoreUnavailable.
    """
    same = and_(_ALERT.province_code == province, _ALERT.signal == signal, _ALERT.day == day)
    with begin_audited_write(engine) as connection:
        title = connection.scalar(select(func.min(_ALERT.title)).where(same))
        by_somebody = connection.scalar(
            select(func.count()).where(same, _ALERT.acknowledged_at.is_not(None))
        )
        if title is None or by_somebody:
            return False
        connection.execute(
            update(schema.alert)
            .where(same)
            .values(acknowledged_at=now, acknowledged_by=author.account)
        )
        after = {"name": title, "day": day.isoformat()}
        line = AuditLine("acknowledge_alert", f"alert {signal}", province, after=after)
        append_audit_line(connection, author, line)
    return True


@contextmanager
def _write(engine: Engine, turn: WriteTurn) -> Iterator[Connection]:
    """A transaction that no other writes beside; an import is waited for as long as `turn` says, as
    what was sent must be marked.
    """
    with explain_failures(engine), begin_writing(engine, turn) as connection:
        yield connection
