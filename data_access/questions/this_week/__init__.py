"""What is due this week, for each who acts."""
