"""Questions about what is made and taught: kinds, topics, and whose context it comes from."""
