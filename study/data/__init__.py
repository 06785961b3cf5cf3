"""Corpora and benchmarks of this study, and every one by its name."""
