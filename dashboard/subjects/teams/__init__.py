"""Teams: their stage, what they need to reach the next one."""
