"""People, teams, events, countries and spaces by their names: what each is, and all that is known of it in time."""
