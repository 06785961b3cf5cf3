"""Translated package descriptions from Debian."""
