"""One person: everything that is held about them, to see, to hand over and to erase."""
