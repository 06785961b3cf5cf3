import pytest

from hybridlib.data.parallel import ParallelPairs
from hybridlib.training.validation import ValidationBatches


def test_a_pair_whose_group_is_there_already_waits_for_the_next_batch():
    """Pairs 1 and 3 share a passage, 1 and 2 a query: 2 and 3 answer each other through 1."""
    rows = [("1", "same", "a"), ("2", "same", "b"), ("3", "other", "a"), ("4", "last", "d")]
    pairs = ParallelPairs.from_rows(
        {"corpus": "c", "pair": pair, "language": "en", "query": query, "passage": passage}
        for pair, query, passage in rows
    )
    batches = [[key.pair for key in batch] for batch in ValidationBatches(pairs, 3)]
    assert batches == [[0, 3], [1], [2]]


def test_validation_needs_english(pairs):
    with pytest.raises(ValueError, match=r"no held-out pair is in English.* there is de, zh"):
        ValidationBatches(pairs.only(["de", "zh"]), 8)
