"""Questions about who organizes events: circles, mentors, what they need, and what events take."""
