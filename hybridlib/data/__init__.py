"""Corpora and benchmarks: one source a file, one function a source."""
