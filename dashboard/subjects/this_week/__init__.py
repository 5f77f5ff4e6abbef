"""What is due this week: sentences, cards and the buttons that put things off."""
