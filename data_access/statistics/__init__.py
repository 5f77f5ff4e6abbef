"""Statistics without a database: intervals, survival, inequality, projection."""
