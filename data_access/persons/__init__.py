"""A person's rights: what is held about them, its erasure, who may not come back, and who read it."""
