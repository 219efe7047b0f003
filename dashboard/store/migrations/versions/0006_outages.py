"""Outages as intervals: a day's uptime alone does not say when the line was away."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "outage",
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("began_at", sa.DateTime, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.PrimaryKeyConstraint("commune_code", "began_at", "batch_id", name="pk_outage"),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name="fk_outage_commune_code"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_outage_batch_id"),
    )
    op.create_index("ix_outage_batch_id", "outage", ["batch_id"])
