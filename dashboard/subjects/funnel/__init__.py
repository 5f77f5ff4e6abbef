"""The funnel: who takes which step, and how long it takes."""
