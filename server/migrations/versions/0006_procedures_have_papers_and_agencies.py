"""Procedures have papers and agencies."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    for column in ("papers", "agencies"):
        op.add_column(
            "procedure",
            sa.Column(column, sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.drop_column("agencies")
        batch_op.drop_column("papers")
