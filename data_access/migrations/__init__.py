"""Alembic migrations of the program database; `data_access.migrations.migrate` runs them."""
