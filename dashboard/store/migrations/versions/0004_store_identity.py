"""The store's identity and each commit's token: counters of two stores meet, these never do."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("store_id", "token"):
        op.add_column(
            "data_version", sa.Column(name, sa.String(32), nullable=False, server_default="")
        )
    op.add_column("screen", sa.Column("token", sa.String(32), nullable=False, server_default=""))
    data_version = sa.table("data_version", sa.column("store_id"), sa.column("token"))
    op.execute(
        data_version.update().values(store_id=secrets.token_hex(10), token=secrets.token_hex(10))
    )
