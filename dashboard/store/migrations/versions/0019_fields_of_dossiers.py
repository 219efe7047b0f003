"""Of which field a dossier's procedure is, as its list tells it ("Đất đai"); lists that were
imported before tell none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("dossier", sa.Column("field", sa.String(120)))
