"""Requests for help, told step by step; the steps that count are a request's life."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "support_step",
        sa.Column("request_id", sa.String(36), nullable=False),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("stepped_at", sa.DateTime, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("what", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("urgency", sa.String(12)),
        sa.Column("office", sa.Text),
        sa.Column("way", sa.String(12)),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint(
            "request_id", "step", "stepped_at", "batch_id", name="pk_support_step"
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name="fk_support_step_commune_code"
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_support_step_batch_id"),
    )
    op.create_index("ix_support_step_batch_id", "support_step", ["batch_id"])
