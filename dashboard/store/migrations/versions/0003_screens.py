"""Wall screens that report: the newest word of each, at most two hundred."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "screen",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("scene", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("build", sa.String(16), nullable=False),
        sa.Column("fresh_seconds", sa.Integer),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_screen"),
    )
