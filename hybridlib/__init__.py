"""Hybrid batch training of multilingual retrievers: samplers, exact ranks, language bias."""
