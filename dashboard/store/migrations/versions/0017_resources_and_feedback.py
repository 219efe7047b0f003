"""What the province gives its communes, and what citizens told of their service."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

# A later batch that tells the same thing again tells its newer state.
CURRENT_STATE = """
    CREATE VIEW current_{table} AS
    SELECT *
    FROM (
        SELECT b.province_code, b.origin, t.*,
            ROW_NUMBER() OVER (
                PARTITION BY b.province_code, {key} ORDER BY t.batch_id DESC) AS newest_first
        FROM {table} t
        JOIN current_batch b ON b.id = t.batch_id) AS ranked
    WHERE newest_first = 1
"""
_COMMUNE = ["commune.code"]
_BATCH = ["import_batch.id"]


def upgrade() -> None:
    op.create_table(
        "field_resource",
        sa.Column("resource_id", sa.String(36), nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(12), nullable=False),
        sa.Column("commune_code", sa.String(5)),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("variant", sa.String(12)),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer),
        sa.Column("office", sa.Text),
        sa.Column("began_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.PrimaryKeyConstraint("resource_id", "batch_id", name="pk_field_resource"),
        sa.ForeignKeyConstraint(["commune_code"], _COMMUNE, name="fk_field_resource_commune_code"),
        sa.ForeignKeyConstraint(["batch_id"], _BATCH, name="fk_field_resource_batch_id"),
    )
    op.create_table(
        "feedback",
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("period_from", sa.Date, nullable=False),
        sa.Column("period_to", sa.Date, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer),
        sa.Column("apologised", sa.Integer),
        sa.Column("resolved", sa.Integer),
        sa.Column("satisfaction", sa.Float),
        sa.PrimaryKeyConstraint(
            "commune_code", "period_from", "period_to", "batch_id", name="pk_feedback"
        ),
        sa.ForeignKeyConstraint(["commune_code"], _COMMUNE, name="fk_feedback_commune_code"),
        sa.ForeignKeyConstraint(["batch_id"], _BATCH, name="fk_feedback_batch_id"),
    )
    keys = {
        "field_resource": "t.resource_id",
        "feedback": "t.commune_code, t.period_from, t.period_to",
    }
    for table, key in keys.items():
        op.create_index(f"ix_{table}_batch_id", table, ["batch_id"])
        op.execute(CURRENT_STATE.format(table=table, key=key))
