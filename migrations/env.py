"""Run schema revisions on the connection that `tracker.database.revisions` hands over.

The caller owns the transaction: a revision that fails leaves nothing behind, on SQLite too.
"""

from alembic import context

from tracker.database.tables import metadata_for_ddl

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata_for_ddl(),
    # SQLite can change little of a table in place; batch mode makes it anew and copies the rows
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
