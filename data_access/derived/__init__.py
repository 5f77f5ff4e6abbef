"""Derived tables: computed from imported rows for what changed only, so that questions stay fast."""
