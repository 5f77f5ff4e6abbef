"""Budget: how fast the money of members and of the program burns."""
