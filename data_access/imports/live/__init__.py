"""Live sources: addresses that an operator named, asked politely for what is new, and imported like a file."""
