"""Questions about steps taken: contributors, program, waiting times, what follows events."""
