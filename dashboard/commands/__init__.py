"""The commands of `uplift` that are more than a few lines."""
