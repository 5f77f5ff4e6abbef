"""Small groups: what a count of people may show, by role."""
