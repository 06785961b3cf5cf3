import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridlib.search import large_search
from hybridlib.search.large_search import LargeSearch

LENGTHS = (1300, 1, 700, 512)
VECTORS = np.random.default_rng(0).standard_normal((sum(LENGTHS), 24)).astype("f2").astype("f4")


def shards(folder, vectors):
    """Vectors in shards of these lengths; the files in order."""
    files = []
    for number, part in enumerate(np.split(vectors, np.cumsum(LENGTHS)[:-1])):
        files.append(folder / f"{number}.npy")
        np.save(files[-1], part.astype(np.float16))
    return files


def full_sort(queries, vectors, k):
    """Positions of the k best: by score, then by position. Shape: (queries, k)."""
    scores = queries @ vectors.T
    order = [np.lexsort((np.arange(len(vectors)), -row)) for row in scores]
    return np.array(order)[:, :k]


@pytest.mark.parametrize("k", [1, 7, 100, 600, 3000])  # the last is more than there are
@pytest.mark.parametrize("num_queries", [1, 40])
def test_ties_are_in_the_order_of_a_full_sort(tmp_path, k, num_queries):
    rng = np.random.default_rng(k)
    # small integers: products are exact in float32, and most of them tie
    queries = rng.integers(-1, 2, (num_queries, 5)).astype(np.float32)
    vectors = rng.integers(-1, 2, (sum(LENGTHS), 5)).astype(np.float32)
    search = LargeSearch(queries, shards(tmp_path, vectors), tmp_path / "results", k)
    assert search.search() == [0, 1, 2, 3]
    top, num_searched = search.merged()
    assert num_searched == len(vectors)
    np.testing.assert_array_equal(top.positions[:, :num_searched], full_sort(queries, vectors, k))
    assert (top.positions[:, num_searched:] == -1).all()


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), spread=st.sampled_from([0.0, 1e-3, 1.0]))
def test_a_search_in_single_precision_loses_no_passage(seed, spread):
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(600, 3000))
    direction = rng.standard_normal(40)  # with a small spread all passages nearly tie
    vectors = direction + spread * rng.standard_normal((rows, 40))
    vectors *= rng.choice([0.01, 1.0, 30.0], (rows, 1))
    vectors = vectors.astype(np.float16)
    queries = (direction + spread * rng.standard_normal((4, 40))).astype(np.float32)
    exact = (queries.astype(float) @ vectors.astype(float).T).astype(np.float32)
    order = [np.lexsort((np.arange(rows), -row))[:20] for row in exact]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_search, "_BLOCK_BYTES", 4 * 40 * 700)
        found = large_search.search_shard(queries, vectors, 20)
    np.testing.assert_array_equal(found.positions, order)


@pytest.mark.parametrize("num_bytes", [0, 60, 1000])
def test_a_truncated_shard_is_named_with_the_way_out(tmp_path, num_bytes):
    files = shards(tmp_path, VECTORS)
    files[0].write_bytes(files[0].read_bytes()[:num_bytes])
    with pytest.raises(ValueError, match=r"0\.npy is cut off or no array .*delete the shard, the"):
        LargeSearch(VECTORS[:2], files, tmp_path / "results", 7)


def test_results_of_other_queries_vectors_or_k_are_not_taken(tmp_path):
    files = shards(tmp_path, VECTORS)
    LargeSearch(VECTORS[:4], files, tmp_path / "results", 7).search()
    assert LargeSearch(VECTORS[:4], files, tmp_path / "results", 7).search() == []
    assert LargeSearch(VECTORS[1:5], files, tmp_path / "results", 7).search() == [0, 1, 2, 3]
    assert LargeSearch(VECTORS[:4], files, tmp_path / "results", 8).search() == [0, 1, 2, 3]
    shards(tmp_path, VECTORS[::-1])
    again = LargeSearch(VECTORS[:4], files, tmp_path / "results", 7)
    assert again.search() == [0, 1, 2, 3]
    expected = full_sort(VECTORS[:4], VECTORS[::-1], 1)
    np.testing.assert_array_equal(again.merged()[0].positions[:, :1], expected)


def test_a_shared_and_interrupted_search_goes_on_without_searching_a_shard_twice(tmp_path, stop_at):
    rng = np.random.default_rng(0)
    vectors, queries = (rng.integers(-2, 3, (rows, 24)) for rows in (sum(LENGTHS), 9))
    search = LargeSearch(queries, shards(tmp_path, vectors), tmp_path / "results", 7)
    assert search.search(1, 2) == [1, 3]
    stop_at(large_search, "search_shard", 2)
    with pytest.raises(KeyboardInterrupt):
        search.search()
    with pytest.raises(FileNotFoundError, match=r"shard 2, .*2\.npy, has no result in .*results"):
        search.merged()
    assert search.search() == [2]
    np.testing.assert_array_equal(search.merged()[0].positions, full_sort(queries, vectors, 7))
