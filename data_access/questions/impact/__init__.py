"""Questions about what a period brought about."""
