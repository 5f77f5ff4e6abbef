"""Questions about the data themselves: imports, hints, quality."""
