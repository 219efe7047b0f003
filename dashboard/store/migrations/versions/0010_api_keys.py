"""Keys by which programs of an office read and send files."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("provinces", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("revoked_at", sa.DateTime),
        sa.PrimaryKeyConstraint("number", name="pk_api_key"),
        sa.UniqueConstraint("secret_sha256", name="uq_api_key_secret_sha256"),
    )
