"""People: diversity by what they said of themselves, and fair shares."""
