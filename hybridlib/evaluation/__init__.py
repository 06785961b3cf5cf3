"""From vectors to scores: pure functions, no files."""
