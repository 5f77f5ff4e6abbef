"""Questions about the program's own health: early warnings, and the rows behind each."""
