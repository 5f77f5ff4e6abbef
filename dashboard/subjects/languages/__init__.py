"""Languages: in which we work, whom they reach, which are missing."""
