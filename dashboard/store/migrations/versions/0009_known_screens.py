"""A wall screen is known by a secret of its own, not by a name that anybody may send.

What was heard of screens so far is let go: they tell it again within a minute.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.drop_table("screen")
    op.create_table(
        "screen",
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("scene", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("build", sa.String(16), nullable=False),
        sa.Column("fresh_seconds", sa.Integer),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.DateTime),
        sa.PrimaryKeyConstraint("secret_sha256", name="pk_screen"),
        sa.UniqueConstraint("number", name="uq_screen_number"),
    )
