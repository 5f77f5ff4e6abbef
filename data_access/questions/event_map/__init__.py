"""Questions about where events are missing, and who could go there."""
