"""The outbox: once a signal, day and channel; claimed by one, marked once, never sent twice."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from dashboard import store
from dashboard.store import audit, outbox, schema
from dashboard.store.audit import Author
from dashboard.store.outbox import (
    AlertBasis,
    AlertLine,
    AlertState,
    AlertTarget,
    ClaimedDigest,
    claim_digest,
    fetch_alerts,
    fill_outbox,
)
from dashboard.store.write_turn import WriteTurn

NOW = datetime(2026, 11, 23, 1)
DAY = date(2026, 11, 23)
MAIL = AlertTarget("51", "mail", "vpubnd@tinh.vn")
TURN = WriteTurn("notify")
AUTHOR = Author("dieuphoi", "Sở Nội vụ")


def fill(engine: Engine, *signals: str, day: date = DAY, title: str = "title") -> None:
    lines = [AlertLine(code, 1, title, "reason", day, ("21250",)) for code in signals]
    fill_outbox(engine, MAIL, AlertBasis(day, "source", ""), lines, NOW, turn=TURN)


def claim(engine: Engine, now: datetime = NOW, **more: Any) -> ClaimedDigest:
    digest = claim_digest(engine, MAIL, now, turn=TURN, **more)
    assert digest is not None
    return digest


def states(engine: Engine) -> dict[tuple[str, int], str]:
    rows = fetch_alerts(engine, "51", date(2026, 1, 1), 50)
    return {(row["signal"], row["day"].day): row["state"] for row in rows}


def test_a_signal_of_a_day_stands_once_and_what_was_sent_stays_as_it_was(engine: Engine) -> None:
    fill(engine, "silent")
    fill(engine, "silent", title="newer words")
    digest = claim(engine)
    assert [line.title for line in digest.lines] == ["newer words"]
    outbox.mark_sent(engine, digest, NOW, AUTHOR, turn=TURN)
    fill(engine, "silent", title="words of the afternoon")
    (row,) = fetch_alerts(engine, "51", DAY, 50)
    assert (row["title"], row["state"], row["recipients"]) == (
        "newer words",
        "sent",
        "vpubnd@tinh.vn",
    )
    assert claim_digest(engine, MAIL, NOW, turn=TURN) is None
    lines = audit.fetch_audit_lines(engine, action="send_alerts")
    assert lines["province_code"].tolist() == ["51"]
    again = insert(schema.alert).values({name: row[name] for name in row if name != "number"})
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(again)


def test_two_who_claim_at_once_get_it_once(store_url: str) -> None:
    engines = [store.open_store(store_url) for _ in range(2)]
    fill(engines[0], "silent", "contradicted")
    claimed: list[ClaimedDigest | None] = []
    gate = threading.Barrier(2)

    def claim_together(engine: Engine) -> None:
        gate.wait()
        claimed.append(claim_digest(engine, MAIL, NOW, turn=TURN))

    threads = [threading.Thread(target=claim_together, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (digest,) = [entry for entry in claimed if entry is not None]
    assert len(claimed) == 2
    assert {line.signal for line in digest.lines} == {"silent", "contradicted"}
    for engine in engines:
        engine.dispose()


def test_a_failure_waits_for_its_pause_and_keeps_number_and_count(engine: Engine) -> None:
    fill(engine, "silent")
    first = claim(engine)
    later = NOW + timedelta(minutes=5)
    outbox.mark_failed(engine, first, "không nối được", later, turn=TURN)
    fill(engine, "silent", "contradicted")
    assert claim_digest(engine, MAIL, NOW + timedelta(minutes=4), turn=TURN) is None
    assert claim(engine, later).attempts == 2


def test_the_same_alerts_keep_the_number_of_their_digest(engine: Engine) -> None:
    fill(engine, "silent", "contradicted")
    first = claim(engine)
    outbox.mark_failed(engine, first, "không nối được", NOW + timedelta(hours=1), turn=TURN)
    again = claim(engine, skip_pause=True)
    assert (again.digest_id, again.attempts) == (first.digest_id, 2)


def test_what_no_longer_holds_or_is_of_yesterday_is_not_sent(engine: Engine) -> None:
    fill(engine, "silent", "contradicted")
    fill(engine, "silent")
    assert states(engine) == {("silent", 23): "waiting", ("contradicted", 23): "over"}
    fill(engine, "silent", "contradicted")
    assert states(engine)["contradicted", 23] == "waiting", "it holds again"
    outbox.mark_failed(engine, claim(engine), "không nối được", NOW, turn=TURN)
    fill(engine, "silent", day=date(2026, 11, 24))
    assert states(engine) == {
        ("silent", 23): "failed",
        ("contradicted", 23): "failed",
        ("silent", 24): "waiting",
    }


def test_who_is_killed_between_sending_and_marking_leaves_it_unclear(engine: Engine) -> None:
    fill(engine, "silent")
    digest = claim(engine)
    outbox.close_interrupted(engine, NOW + timedelta(minutes=29), turn=TURN)
    assert states(engine)["silent", 23] == AlertState.SENDING
    later = NOW + timedelta(minutes=31)
    outbox.close_interrupted(engine, later, turn=TURN)
    fill(engine, "silent")
    assert states(engine)["silent", 23] == AlertState.UNCLEAR
    assert claim_digest(engine, MAIL, later, turn=TURN, skip_pause=True) is None
    # it was only slow, and says so in the end
    outbox.mark_sent(engine, digest, later, AUTHOR, turn=TURN)
    assert states(engine)["silent", 23] == AlertState.SENT


def test_an_alert_is_acknowledged_once_with_a_line_of_the_audit(engine: Engine) -> None:
    fill(engine, "silent")
    outbox.mark_sent(engine, claim(engine), NOW, AUTHOR, turn=TURN)
    assert outbox.acknowledge_alert(engine, "51", "silent", DAY, NOW, AUTHOR)
    assert not outbox.acknowledge_alert(engine, "51", "silent", DAY, NOW, Author("khac"))
    assert not outbox.acknowledge_alert(engine, "25", "silent", DAY, NOW, AUTHOR)
    (row,) = fetch_alerts(engine, "51", DAY, 50)
    assert row["acknowledged_by"] == "dieuphoi"
    assert len(audit.fetch_audit_lines(engine, action="acknowledge_alert")) == 1
