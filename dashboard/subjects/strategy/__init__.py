"""The Strategy page: ten topics, each with what the data say, its targets, decisions and the page that answers it."""
