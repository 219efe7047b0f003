"""What was written on pages out of doors, each under the id that was drawn where it was begun."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "field_entry",
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        # No reference: a batch of simulated figures goes when they do, the id stays taken.
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_field_entry"),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name="fk_field_entry_commune_code"
        ),
    )
