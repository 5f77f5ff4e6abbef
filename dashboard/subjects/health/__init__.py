"""The Health page: early warnings of the program's own health."""
