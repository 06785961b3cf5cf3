"""What each version of each computation gives: the guard of the keys of stored results."""
