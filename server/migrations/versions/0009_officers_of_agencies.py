"""Officers work at an agency, whose head is reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agency_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_person_agency_id"), "agency", ["agency_id"], ["id"])
    for column, length in (("head_name", 120), ("head_email", 200)):
        op.add_column(
            "agency",
            sa.Column(column, sa.String(length), server_default="", nullable=False),
        )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_column("head_email")
        batch_op.drop_column("head_name")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_person_agency_id"), type_="foreignkey")
        batch_op.drop_column("agency_id")
