"""Parallel product help from Debian."""
