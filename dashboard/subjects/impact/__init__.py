"""Impact: what the program brought about in a period."""
