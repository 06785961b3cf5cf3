"""Evaluation where memory does not hold the corpus: shards, blocks, the best candidates."""
