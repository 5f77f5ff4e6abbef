"""One person, team, event, country or space: everything about it on one time line."""
