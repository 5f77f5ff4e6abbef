"""Questions about requests for money."""
