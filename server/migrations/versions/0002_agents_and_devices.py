"""Agents that print elsewhere, and devices that say they are there."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("said", sa.JSON(), server_default="{}", nullable=False))

    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leased_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reprint_of", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_print_job_reprint_of"), "print_job", ["reprint_of"], ["id"]
        )

        batch_op.create_index(
            "ix_print_job_of_office", ["office_id", "state", "created_at"], unique=False
        )

    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("detail", sa.String(length=200), server_default="", nullable=False)
        )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.drop_column("detail")

    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.drop_index("ix_print_job_of_office")
        batch_op.drop_constraint(batch_op.f("fk_print_job_reprint_of"), type_="foreignkey")
        batch_op.drop_column("reprint_of")
        batch_op.drop_column("begun_at")
        batch_op.drop_column("leased_by")

    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.drop_column("said")
        batch_op.drop_column("seen_at")
