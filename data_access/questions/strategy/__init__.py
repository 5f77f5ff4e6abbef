"""Questions about the strategy: its register of decisions."""
