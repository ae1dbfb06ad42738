"""A dossier's place in the register is found without reading every step of the year."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ENTERED = sa.text("kind = 'accept' AND coalesce(corrects_id, 0) = 0")


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_dossier_step_entry",
        "dossier_step",
        ["office_id", "received_on", "dossier_id", "id"],
        sqlite_where=ENTERED,
        postgresql_where=ENTERED,
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_dossier_step_entry", "dossier_step")
