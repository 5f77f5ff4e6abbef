"""The public impact page, made from a publication alone."""
