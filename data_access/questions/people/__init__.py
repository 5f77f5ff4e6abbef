"""Questions about the diversity of people, and about fair shares."""
