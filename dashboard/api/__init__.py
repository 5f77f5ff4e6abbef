"""Questions for other programs over HTTP: the registry, with the same roles, filters and protection as the pages."""
