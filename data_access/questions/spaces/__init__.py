"""Questions about community spaces: their schedule, their newcomers, their pilots."""
