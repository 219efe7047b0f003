"""Plans of the field: the list of weak communes, teams, and where they go on which day."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

# A later batch that tells the same thing again tells its newer state.
CURRENT_STATE = """
    CREATE VIEW current_{table} AS
    SELECT *
    FROM (
        SELECT b.province_code, b.origin, t.*,
            ROW_NUMBER() OVER (
                PARTITION BY b.province_code, t.{key} ORDER BY t.batch_id DESC) AS newest_first
        FROM {table} t
        JOIN current_batch b ON b.id = t.batch_id) AS ranked
    WHERE newest_first = 1
"""


def upgrade() -> None:
    op.create_table(
        "weak_entry",
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("basis", sa.String(8), nullable=False),
        sa.Column("listed_on", sa.Date, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("left_on", sa.Date),
        sa.Column("left_reason", sa.Text),
        sa.Column("office", sa.Text),
        sa.PrimaryKeyConstraint("entry_id", "batch_id", name="pk_weak_entry"),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name="fk_weak_entry_commune_code"
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_weak_entry_batch_id"),
    )
    op.create_table(
        "team",
        sa.Column("team_id", sa.String(36), nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("office", sa.Text),
        sa.Column("size", sa.Integer),
        sa.Column("partner", sa.Text),
        sa.Column("communes", sa.Text),
        sa.Column("ended_on", sa.Date),
        sa.PrimaryKeyConstraint("team_id", "batch_id", name="pk_team"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_team_batch_id"),
    )
    op.create_table(
        "team_day",
        sa.Column("day_id", sa.String(36), nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("team_id", sa.String(36), nullable=False),
        sa.Column("goes_on", sa.Date, nullable=False),
        sa.Column("communes", sa.Text),
        sa.Column("state", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("day_id", "batch_id", name="pk_team_day"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_team_day_batch_id"),
    )
    for table, key in (("weak_entry", "entry_id"), ("team", "team_id"), ("team_day", "day_id")):
        op.create_index(f"ix_{table}_batch_id", table, ["batch_id"])
        op.execute(CURRENT_STATE.format(table=table, key=key))
