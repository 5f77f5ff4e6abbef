"""Who looks and what they ask for: access, filters, links, and the one cache of answers."""
