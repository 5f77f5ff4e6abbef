"""Questions about languages spoken, held, reached and missing."""
