"""Undoing a batch, single dossiers, certificates and visits.

A batch that was taken back keeps its rows; the views no longer show them. Dossiers are kept by
their code alone: no name, number or address of a person has a column here, nor ever gets one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CURRENT_BATCH = """
    CREATE VIEW current_batch AS
    SELECT b.*
    FROM import_batch b
    WHERE b.undone_at IS NULL
      AND (b.origin <> 'simulated'
        OR NOT EXISTS (
            SELECT 1 FROM import_batch r
            WHERE r.province_code = b.province_code AND r.origin = 'imported'
                AND r.undone_at IS NULL))
"""
# Of two lists that name the same dossier the later one tells its state.
CURRENT_DOSSIER = """
    CREATE VIEW current_dossier AS
    SELECT *
    FROM (
        SELECT b.province_code, b.origin, d.*,
            ROW_NUMBER() OVER (
                PARTITION BY b.province_code, d.code ORDER BY d.batch_id DESC) AS newest_first
        FROM dossier d
        JOIN current_batch b ON b.id = d.batch_id) AS ranked
    WHERE newest_first = 1
"""
CURRENT_CERTIFICATES = """
    CREATE VIEW current_certificate_count AS
    SELECT *
    FROM (
        SELECT b.province_code, b.origin, c.*,
            ROW_NUMBER() OVER (
                PARTITION BY c.commune_code, c.as_of ORDER BY c.batch_id DESC) AS newest_first
        FROM certificate_count c
        JOIN current_batch b ON b.id = c.batch_id) AS ranked
    WHERE newest_first = 1
"""


def upgrade() -> None:
    connection = op.get_bind()
    # Views of 0001 that stand on current_batch must go and come back around it.
    kept = _definitions(connection, ("current_reading", "current_dossier_count"))
    for name in (*kept, "current_batch"):
        op.execute(f"DROP VIEW {name}")
    op.add_column("import_batch", sa.Column("undone_at", sa.DateTime))
    op.create_table(
        "dossier",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("procedure_code", sa.String(32)),
        sa.Column("accepting_unit", sa.String(32)),
        sa.Column("deciding_unit", sa.String(32)),
        sa.Column("received_at", sa.DateTime),
        sa.Column("due", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("state", sa.Integer),
        sa.Column("channel", sa.String(10)),
        sa.Column("digitised", sa.Boolean),
        sa.PrimaryKeyConstraint("code", "batch_id", name="pk_dossier"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_dossier_batch_id"),
        sa.ForeignKeyConstraint(
            ["accepting_unit"], ["unit.code"], name="fk_dossier_accepting_unit"
        ),
        sa.ForeignKeyConstraint(["deciding_unit"], ["unit.code"], name="fk_dossier_deciding_unit"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dossier_batch_id", "dossier", ["batch_id"])
    op.create_table(
        "certificate_count",
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Integer) for name in ("active", "locked", "revoked", "expired")),
        *(sa.Column(name, sa.Integer) for name in ("expiring_30", "expiring_60")),
        sa.PrimaryKeyConstraint("commune_code", "as_of", "batch_id", name="pk_certificate_count"),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name="fk_certificate_count_commune_code"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name="fk_certificate_count_batch_id"
        ),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("visited_on", sa.Date, nullable=False),
        sa.Column("measure", sa.String(32)),
        sa.Column("team", sa.Text),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name="fk_visit_commune_code"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_visit_batch_id"),
    )
    op.create_index("ix_visit_batch_id", "visit", ["batch_id"])
    for view in (CURRENT_BATCH, *kept.values(), CURRENT_DOSSIER, CURRENT_CERTIFICATES):
        op.execute(view)


def _definitions(connection: sa.Connection, names: tuple[str, ...]) -> dict[str, str]:
    """The views' own text, as migration 0001 wrote it."""
    inspector = sa.inspect(connection)
    definitions = {}
    for name in names:
        text = str(inspector.get_view_definition(name))
        if not text.lstrip().upper().startswith("CREATE"):
            text = f"CREATE VIEW {name} AS {text}"
        definitions[name] = text
    return definitions
