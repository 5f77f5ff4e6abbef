"""Questions about events: counts, lists, presence."""
