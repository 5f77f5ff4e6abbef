"""Whether everything works that Uplift stands on: the database first, then the rest, each with its remedy."""
