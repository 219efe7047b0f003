"""The audit: a line for every write, in its transaction; what somebody changes in it is found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from dashboard import store
from dashboard.store import audit, schema
from dashboard.store.audit import AuditLine, Author, Door
from tests import making

CLERK = Author("an", "Sở Nội vụ", Door.PAGE)


def write_lines(engine: Engine, count: int) -> None:
    for number in range(count):
        with engine.begin() as connection:
            audit.append_audit_line(connection, CLERK, AuditLine("test", f"line {number}"))


def without_triggers(engine: Engine, change: object) -> None:
    """As somebody who holds the database itself, and not only the application, could."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
            connection.execute(text("GRANT ALL ON audit_entry TO CURRENT_USER"))
        else:
            connection.execute(text("DROP TRIGGER audit_entry_refuses_update"))
            connection.execute(text("DROP TRIGGER audit_entry_refuses_delete"))
        connection.execute(change)  # type: ignore[call-overload]


def test_an_import_and_its_undo_are_lines_with_who_and_what(engine: Engine) -> None:
    saved = store.save_batch(
        engine,
        making.batch("a", readings=making.declaration("21250", date(2026, 11, 20))),
        by=CLERK,
    )
    store.undo_batch(engine, saved.batch_id, by="root")
    lines = audit.fetch_audit_lines(engine)
    assert lines["action"].tolist() == ["undo_batch", "import_batch"]
    assert lines["account"].tolist() == ["root", "an"]
    assert lines["door"].tolist() == ["command", "page"]
    assert lines["province_code"].tolist() == ["51", "51"]
    assert '"reading"' in lines["after"].iloc[1]
    assert audit.verify_audit(engine).intact


def test_a_write_that_fails_leaves_no_line(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        audit.append_audit_line(connection, CLERK, AuditLine("test", "x"))
        transaction.rollback()
    assert audit.verify_audit(engine).lines == 0


def test_the_application_cannot_change_or_remove_a_line(engine: Engine) -> None:
    write_lines(engine, 2)
    entry = schema.audit_entry
    for change in (update(entry).values(account="b"), delete(entry)):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(change)
    assert audit.verify_audit(engine).intact


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_changed_line_is_found(engine: Engine, number: int) -> None:
    write_lines(engine, 5)
    entry = schema.audit_entry
    without_triggers(engine, update(entry).where(entry.c.number == number).values(account="b"))
    assert audit.verify_audit(engine).broken_at == number


@pytest.mark.parametrize("number", [1, 3])
def test_a_removed_line_is_found(engine: Engine, number: int) -> None:
    write_lines(engine, 5)
    entry = schema.audit_entry
    without_triggers(engine, delete(entry).where(entry.c.number == number))
    assert audit.verify_audit(engine).broken_at == number


def test_an_inserted_line_is_found(engine: Engine) -> None:
    write_lines(engine, 5)
    entry = schema.audit_entry
    with engine.connect() as connection:
        third = connection.execute(select(entry).where(entry.c.number == 3)).mappings().one()
    forged = {**third, "account": "b", "subject": "nothing of the kind"}
    forged["hash"] = audit.compute_line_hash(forged)
    later = entry.c.number >= 3
    # as somebody would who makes room for it
    without_triggers(engine, update(entry).where(later).values(number=entry.c.number + 101))
    with engine.begin() as connection:
        connection.execute(
            update(entry).where(entry.c.number == 104).values(previous_hash=forged["hash"])
        )
        connection.execute(
            update(entry).where(entry.c.number > 100).values(number=entry.c.number - 100)
        )
        connection.execute(insert(entry), forged)
        connection.execute(update(schema.audit_end).values(number=6))
    assert audit.verify_audit(engine).broken_at == 4


def test_a_removed_end_is_found(engine: Engine) -> None:
    write_lines(engine, 5)
    entry = schema.audit_entry
    without_triggers(engine, delete(entry).where(entry.c.number == 5))
    assert not audit.verify_audit(engine).intact


def test_a_chain_made_anew_is_found_by_a_checkpoint_kept_elsewhere(engine: Engine) -> None:
    write_lines(engine, 3)
    kept = audit.verify_audit(engine)
    assert audit.verify_audit(engine, (3, kept.last_hash)).intact
    without_triggers(engine, delete(schema.audit_entry))
    with engine.begin() as connection:
        connection.execute(update(schema.audit_end).values(number=0, hash=audit.FIRST_HASH))
    assert audit.verify_audit(engine).intact
    assert audit.verify_audit(engine, (3, kept.last_hash)).broken_at == 1
    write_lines(engine, 3)
    assert audit.verify_audit(engine, (3, kept.last_hash)).broken_at == 3


def test_many_who_write_at_once_make_one_chain(engine: Engine) -> None:
    """`python -m tools.bench_people` writes a thousand."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write_lines(engine, 15), range(8)))
    result = audit.verify_audit(engine)
    assert (result.lines, result.intact) == (120, True)
    with engine.connect() as connection:
        numbers = connection.scalars(select(schema.audit_entry.c.number)).all()
    assert sorted(numbers) == list(range(1, 121))
