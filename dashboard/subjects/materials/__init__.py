"""The Materials page."""
