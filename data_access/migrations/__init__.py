"""Alembic migrations of the program database; `data_access.migrate` runs them."""
