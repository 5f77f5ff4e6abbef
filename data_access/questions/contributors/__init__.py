"""Questions about contributors, and the cohorts and populations others are made of."""
