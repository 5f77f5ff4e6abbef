"""Events and who organizes them: arcs, projects, circles, needs, effort."""
