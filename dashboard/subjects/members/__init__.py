"""Members: who meets the floor, who is at risk, whom to thank."""
