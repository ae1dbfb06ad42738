"""Tickets name the dossier they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dossier_code", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_column("dossier_code")
