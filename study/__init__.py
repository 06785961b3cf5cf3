"""This book's experiments: from a profile to stored results."""
