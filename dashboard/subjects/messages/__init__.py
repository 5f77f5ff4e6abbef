"""Messages: who is told of what, how and how often; each reader their own, the program manager all."""
