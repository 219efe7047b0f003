"""Alembic's entry: migrations run on the connection that `store.engine` hands over, in its
transaction.
"""

from alembic import context

from dashboard.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
