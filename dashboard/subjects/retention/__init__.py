"""Retention: who comes back, and who is mission-driven."""
