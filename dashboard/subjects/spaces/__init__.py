"""Community spaces: their schedule, what they bring, their pilots."""
