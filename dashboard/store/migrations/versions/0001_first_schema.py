"""First schema: communes, units, agencies, batches with their problems, readings, dossier counts,
data version.

Spelled out rather than taken from `schema.metadata`: a migration must keep meaning what it meant.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

COUNTS = [
    "received",
    "received_online",
    "received_in_person",
    "received_post",
    "received_other",
    "carried_over",
    "resolved",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "open",
    "open_in_term",
    "open_overdue",
    "paused",
    "digitised",
    "e_result",
    "on_time_766",
]

# The rows that count now. Simulated batches step aside for the first imported file of their
# province, and of two batches that speak of the same thing and time the later one wins; nothing is
# deleted.
VIEWS = (
    """
    CREATE VIEW current_batch AS
    SELECT b.*
    FROM import_batch b
    WHERE b.origin <> 'simulated'
       OR NOT EXISTS (
            SELECT 1 FROM import_batch r
            WHERE r.province_code = b.province_code AND r.origin = 'imported')
    """,
    """
    CREATE VIEW current_reading AS
    SELECT province_code, commune_code, measure, basis, as_of, value, batch_id, origin
    FROM (
        SELECT b.province_code, b.origin, r.commune_code, r.measure, r.basis, r.as_of, r.value,
            r.batch_id,
            ROW_NUMBER() OVER (
                PARTITION BY b.province_code, r.commune_code, r.measure, r.basis, r.as_of
                ORDER BY r.batch_id DESC) AS newest_first
        FROM reading r
        JOIN current_batch b ON b.id = r.batch_id) AS ranked
    WHERE newest_first = 1
    """,
    f"""
    CREATE VIEW current_dossier_count AS
    SELECT *
    FROM (
        SELECT b.province_code, b.origin, u.level,
            COALESCE(d.deciding_unit, d.accepting_unit) AS unit,
            d.batch_id, d.accepting_unit, d.deciding_unit, d.period_from, d.period_to,
            {", ".join(f"d.{name}" for name in COUNTS)}, d.mean_days,
            ROW_NUMBER() OVER (
                PARTITION BY b.province_code, d.accepting_unit, d.deciding_unit, d.period_from,
                    d.period_to
                ORDER BY d.batch_id DESC) AS newest_first
        FROM dossier_count d
        JOIN current_batch b ON b.id = d.batch_id
        JOIN unit u ON u.code = COALESCE(d.deciding_unit, d.accepting_unit)) AS ranked
    WHERE newest_first = 1
    """,
)


def upgrade() -> None:
    data_version = op.create_table(
        "data_version",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reference_sha256", sa.String(64), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_data_version"),
    )
    op.bulk_insert(data_version, [{"id": 1, "version": 0}])
    op.create_table(
        "commune",
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("province_name", sa.Text, nullable=False),
        sa.Column("lat", sa.Float, nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("area_km2", sa.Float),
        sa.Column("formed_from", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_commune"),
    )
    op.create_index("ix_commune_province_code", "commune", ["province_code"])
    op.create_table(
        "unit",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_unit"),
    )
    op.create_index("ix_unit_province_code", "unit", ["province_code"])
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("as_of", sa.DateTime, nullable=False),
        sa.Column("period_from", sa.Date),
        sa.Column("period_to", sa.Date),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.Column("imported_at", sa.DateTime, nullable=False),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("problem_count", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_index("ix_import_batch_sha256", "import_batch", ["sha256"])
    op.create_index(
        "ix_import_batch_province_code_origin", "import_batch", ["province_code", "origin"]
    )
    op.create_table(
        "problem",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("row", sa.Integer),
        sa.Column("column", sa.Text),
        sa.Column("value", sa.Text),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("remedy", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_problem"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_problem_batch_id"),
    )
    op.create_index("ix_problem_batch_id", "problem", ["batch_id"])
    op.create_table(
        "agency",
        sa.Column("agency_code", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("commune_code", sa.String(5)),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("agency_code", name="pk_agency"),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name="fk_agency_commune_code"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_agency_batch_id"),
    )
    op.create_table(
        "reading",
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("basis", sa.String(8), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint(
            "commune_code", "measure", "basis", "as_of", "batch_id", name="pk_reading"
        ),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name="fk_reading_commune_code"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_reading_batch_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dossier_count",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("accepting_unit", sa.String(32)),
        sa.Column("deciding_unit", sa.String(32)),
        sa.Column("period_from", sa.Date, nullable=False),
        sa.Column("period_to", sa.Date, nullable=False),
        *(sa.Column(name, sa.Integer) for name in COUNTS),
        sa.Column("mean_days", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_dossier_count"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name="fk_dossier_count_batch_id"
        ),
        sa.ForeignKeyConstraint(
            ["accepting_unit"], ["unit.code"], name="fk_dossier_count_accepting_unit"
        ),
        sa.ForeignKeyConstraint(
            ["deciding_unit"], ["unit.code"], name="fk_dossier_count_deciding_unit"
        ),
    )
    op.create_index("ix_dossier_count_batch_id", "dossier_count", ["batch_id"])
    for side in ("deciding_unit", "accepting_unit"):
        op.create_index(
            f"ix_dossier_count_{side}_period_from_period_to",
            "dossier_count",
            [side, "period_from", "period_to"],
        )
    for view in VIEWS:
        op.execute(view)
