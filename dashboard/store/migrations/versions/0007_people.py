"""Accounts, where they are signed in, and the audit of what was written.

A line of the audit is added and never changed: triggers refuse it, for the application's own role
too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

FIRST_HASH = "0" * 64


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("provinces", sa.Text, nullable=False),
        sa.Column("communes", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("external_id", sa.String(200)),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("locked_at", sa.DateTime),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failed_at", sa.DateTime),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
        sa.UniqueConstraint("external_id", name="uq_account_external_id"),
    )
    op.create_table(
        "account_session",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("door", sa.String(12), nullable=False),
        sa.Column("browser", sa.String(60), nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_account_session"),
        sa.UniqueConstraint("number", name="uq_account_session_number"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_account_session_account_id_account"
        ),
    )
    op.create_index("ix_account_session_account_id", "account_session", ["account_id"])
    op.create_table(
        "one_time_link",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_one_time_link"),
    )
    op.create_table(
        "server_secret",
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_server_secret"),
    )
    op.create_table(
        "attempt_count",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("ends_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_attempt_count"),
    )
    entry = op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("written_at", sa.String(27), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("door", sa.String(12), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entry"),
        sa.UniqueConstraint("previous_hash", name="uq_audit_entry_previous_hash"),
    )
    op.create_index("ix_audit_entry_province_code", "audit_entry", ["province_code"])
    end = op.create_table(
        "audit_end",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_end"),
    )
    op.bulk_insert(end, [{"id": 1, "number": 0, "hash": FIRST_HASH}])
    _forbid_changes(entry.name)


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_change_of_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is never changed'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_{table}()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER")
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
        )
