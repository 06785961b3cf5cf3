"""The book: prose, and the table of its chapters."""
