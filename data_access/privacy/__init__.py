"""Small groups: what a count of people may show, and to whom."""
