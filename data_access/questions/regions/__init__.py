"""Questions about regions: their identity over all years."""
