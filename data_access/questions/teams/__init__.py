"""Questions about teams: board, stages, exit measures, milestones, risks."""
