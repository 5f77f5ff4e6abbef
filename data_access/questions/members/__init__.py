"""Questions about members: the floor, cohorts, recognition."""
