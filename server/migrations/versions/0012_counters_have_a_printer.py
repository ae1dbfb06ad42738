"""Counters have a printer."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("counter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("printer_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_counter_printer_id"), "printer", ["printer_id"], ["id"]
        )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("counter", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_counter_printer_id"), type_="foreignkey")
        batch_op.drop_column("printer_id")
