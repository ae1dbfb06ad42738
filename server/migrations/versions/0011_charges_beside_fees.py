"""Charges (lệ phí) beside fees, with how they are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    for table in ("procedure", "dossier"):
        op.add_column(table, sa.Column("charge_vnd", sa.Integer(), nullable=True))
        op.add_column(
            table,
            sa.Column("charge_note", sa.String(length=500), server_default="", nullable=False),
        )


def downgrade() -> None:
    """Back."""
    for table in ("dossier", "procedure"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("charge_note")
            batch_op.drop_column("charge_vnd")
