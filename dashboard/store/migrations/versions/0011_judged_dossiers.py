"""Counts of days tell how many of their dossiers nobody can judge: without a due day, or resolved
without a finish day. Days that were counted before do not tell it until a list touches them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

# As migration 0001 wrote it, with the two columns.
CURRENT_DOSSIER_COUNT = """
    CREATE VIEW current_dossier_count AS
    SELECT *
    FROM (
        SELECT b.province_code, b.origin, u.level,
            COALESCE(d.deciding_unit, d.accepting_unit) AS unit,
            d.batch_id, d.accepting_unit, d.deciding_unit, d.period_from, d.period_to,
            d.received, d.received_online, d.received_in_person, d.received_post, d.received_other,
            d.carried_over, d.resolved, d.resolved_early, d.resolved_on_time, d.resolved_late,
            d.open, d.open_in_term, d.open_overdue, d.paused, d.digitised, d.e_result,
            d.on_time_766, d.no_due_day, d.no_finish_day, d.mean_days,
            ROW_NUMBER() OVER (
                PARTITION BY b.province_code, d.accepting_unit, d.deciding_unit, d.period_from,
                    d.period_to
                ORDER BY d.batch_id DESC) AS newest_first
        FROM dossier_count d
        JOIN current_batch b ON b.id = d.batch_id
        JOIN unit u ON u.code = COALESCE(d.deciding_unit, d.accepting_unit)) AS ranked
    WHERE newest_first = 1
"""


def upgrade() -> None:
    op.execute("DROP VIEW current_dossier_count")
    for name in ("no_due_day", "no_finish_day"):
        op.add_column("dossier_count", sa.Column(name, sa.Integer))
    op.execute(CURRENT_DOSSIER_COUNT)
