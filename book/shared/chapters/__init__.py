"""What one chapter of the book shows, one file a chapter."""
