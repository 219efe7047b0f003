"""What offices promised of communes; nothing here says that one is kept, only evidence does."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

# A promise told again under the same id is its newer state.
CURRENT_FOLLOW_UP = """
    CREATE VIEW current_follow_up AS
    SELECT *
    FROM (
        SELECT b.province_code, b.origin, f.*,
            ROW_NUMBER() OVER (
                PARTITION BY b.province_code, f.follow_up_id ORDER BY f.batch_id DESC
            ) AS newest_first
        FROM follow_up f
        JOIN current_batch b ON b.id = f.batch_id) AS ranked
    WHERE newest_first = 1
"""


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("follow_up_id", sa.String(36), nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("target", sa.Float, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("promised_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("withdrawn_on", sa.Date),
        sa.Column("withdrawn_reason", sa.Text),
        sa.PrimaryKeyConstraint("follow_up_id", "batch_id", name="pk_follow_up"),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name="fk_follow_up_commune_code"
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_follow_up_batch_id"),
    )
    op.create_index("ix_follow_up_batch_id", "follow_up", ["batch_id"])
    op.execute(CURRENT_FOLLOW_UP)
