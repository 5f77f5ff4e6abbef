"""People: diversity by what they say about themselves, and fair shares."""
