"""Files that were sent through the page, until they are confirmed or a day has passed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("door", sa.String(12), nullable=False),
        sa.Column("provinces", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("hints", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("progress", sa.Integer, nullable=False),
        sa.Column("data_token", sa.String(32), nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime, nullable=False),
        sa.Column("touched_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
    )
    op.create_index("ix_upload_account", "upload", ["account"])
    op.create_table(
        "upload_chunk",
        sa.Column("upload_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "number", name="pk_upload_chunk"),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name="fk_upload_chunk_upload_id_upload"
        ),
    )
