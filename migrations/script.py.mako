"""${message}

What changes and why:

Is any data rewritten:

What does downgrade lose:

How was it tested:

A revision is frozen: it imports only alembic and sqlalchemy, and spells out its own tables
and allowed words. A new column of a fact table allows NULL, so that earlier entries keep
their hash. Batch mode on SQLite drops a table's triggers: make them again here.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
