"""Data: what was imported, by whom, and what is wrong with it."""
