"""Alerts on their way: what is told of which signal and day, to whom, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("signal", sa.String(32), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("communes", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("recipients", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fault", sa.Text, nullable=False),
        sa.Column("digest_id", sa.String(36)),
        sa.Column("filled_at", sa.DateTime, nullable=False),
        sa.Column("claimed_at", sa.DateTime),
        sa.Column("next_at", sa.DateTime),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("acknowledged_at", sa.DateTime),
        sa.Column("acknowledged_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_alert"),
        sa.UniqueConstraint(
            "province_code", "signal", "day", "channel", name="uq_alert_province_code"
        ),
    )
    op.create_index("ix_alert_digest_id", "alert", ["digest_id"])
