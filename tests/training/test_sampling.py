from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridlib.data.parallel import ParallelPairs
from hybridlib.training.sampling import CrossLingualBatches, HybridBatches, MonolingualBatches

BATCH, EPOCH = 8, 12
seeds = st.integers(0, 2**31)


def samplers(pairs, seed):
    yield MonolingualBatches(pairs, BATCH, EPOCH, seed)
    yield CrossLingualBatches(pairs, BATCH, EPOCH, seed)
    yield HybridBatches(pairs, BATCH, EPOCH, seed, alpha=0.5)


def is_monolingual(batch):
    return len({language for key in batch for language in key[1:]}) == 1


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_a_monolingual_batch_holds_one_language(pairs, seed):
    assert all(is_monolingual(batch) for batch in MonolingualBatches(pairs, BATCH, EPOCH, seed))


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_a_cross_lingual_example_never_meets_its_own_language(pairs, seed):
    for batch in CrossLingualBatches(pairs, BATCH, EPOCH, seed):
        assert all(key.query_language != key.passage_language for key in batch)


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_a_batch_is_full_and_holds_every_pair_and_text_once(pairs, seed):
    for sampler in samplers(pairs, seed):
        for batch in sampler:
            texts = [pairs[key] for key in batch]
            assert len(batch) == BATCH
            assert len({key.pair for key in batch}) == BATCH
            assert len({query for query, _ in texts}) == BATCH
            assert len({passage for _, passage in texts}) == BATCH


@settings(max_examples=10, deadline=None)
@given(seed=seeds, epoch=st.integers(0, 5))
def test_alpha_one_and_zero_equal_the_baselines(pairs, seed, epoch):
    for alpha, baseline in ((1.0, MonolingualBatches), (0.0, CrossLingualBatches)):
        hybrid = HybridBatches(pairs, BATCH, EPOCH, seed, alpha)
        expected = baseline(pairs, BATCH, EPOCH, seed)
        hybrid.set_epoch(epoch)
        expected.set_epoch(epoch)
        assert list(hybrid) == list(expected)


@settings(max_examples=10, deadline=None)
@given(seed=seeds, epoch=st.integers(0, 3), start=st.integers(0, EPOCH - 1))
def test_any_sampler_resumes_at_the_same_batch(pairs, seed, epoch, start):
    for whole, resumed in zip(samplers(pairs, seed), samplers(pairs, seed), strict=True):
        whole.set_epoch(epoch)
        resumed.set_epoch(epoch)
        assert list(whole)[start:] == [resumed.batch(index) for index in range(start, EPOCH)]


def test_seeds_and_epochs_give_other_batches(pairs):
    for first, second in zip(samplers(pairs, 0), samplers(pairs, 1), strict=True):
        assert list(first) != list(second)
        second_epoch = list(first)
        first.set_epoch(1)
        assert list(first) != second_epoch


def test_hybrid_draws_monolingual_batches_with_probability_alpha(pairs):
    for alpha in (0.25, 0.5, 0.8):
        batches = list(HybridBatches(pairs, BATCH, 2000, 0, alpha))
        share = sum(map(is_monolingual, batches)) / len(batches)
        assert abs(share - alpha) < 4 * (alpha * (1 - alpha) / 2000) ** 0.5


def test_monolingual_languages_are_uniform(pairs):
    counts = Counter(batch[0].query_language for batch in MonolingualBatches(pairs, BATCH, 4000, 0))
    assert set(counts) == set(pairs.languages)
    assert all(abs(count / 4000 - 1 / 4) < 0.03 for count in counts.values())


def test_cross_lingual_language_pairs_are_uniform(pairs):
    keys = [key for batch in CrossLingualBatches(pairs, BATCH, 1500, 0) for key in batch]
    counts = Counter(key[1:] for key in keys)
    assert len(counts) == 12
    assert all(abs(count / len(keys) - 1 / 12) < 0.012 for count in counts.values())


def test_corpora_are_drawn_in_proportion_to_their_size(pairs):
    corpus = {i: pairs.corpora[code] for i, code in enumerate(pairs.corpus_of_pair)}
    cross = Counter(corpus[b[0].pair] for b in CrossLingualBatches(pairs, BATCH, 3000, 0))
    assert set(cross) == {"large", "small"}  # a corpus in one language cannot cross
    assert abs(cross["large"] / 3000 - 60 / 90) < 0.03
    english = [
        corpus[b[0].pair]
        for b in MonolingualBatches(pairs, BATCH, 8000, 0)
        if b[0].query_language == "en"
    ]
    shares = {name: count / len(english) for name, count in Counter(english).items()}
    assert abs(shares["large"] - 60 / 110) < 0.05
    assert abs(shares["english"] - 20 / 110) < 0.05


def test_no_batch_crosses_corpora(pairs):
    for sampler in samplers(pairs, 3):
        for batch in sampler:
            assert len({pairs.corpus_of_pair[key.pair] for key in batch}) == 1


def rows(texts, languages=("de", "en")):
    return [
        {"corpus": "c", "pair": str(i), "language": language, "query": query, "passage": passage}
        for i, (query, passage) in enumerate(texts)
        for language in languages
    ]


def test_equal_texts_never_share_a_batch_even_across_languages():
    # every query is the same in both languages, every fourth passage repeats
    texts = [(f"q{i % 10}", f"p{i % 12}") for i in range(40)]
    pairs = ParallelPairs.from_rows(rows(texts))
    for sampler_class in (MonolingualBatches, CrossLingualBatches):
        for batch in sampler_class(pairs, 6, 200, 0):
            queries, passages = zip(*(pairs[key] for key in batch), strict=True)
            assert len(set(queries)) == len(set(passages)) == 6


def test_a_language_that_a_pair_lacks_is_never_drawn():
    complete = rows([(f"q{i}", f"p{i}") for i in range(20)], ("de", "en", "zh"))
    pairs = ParallelPairs.from_rows(
        [row for row in complete if not (row["language"] == "zh" and int(row["pair"]) % 2)]
    )
    for sampler_class in (MonolingualBatches, CrossLingualBatches):
        for batch in sampler_class(pairs, 5, 100, 0):
            for key in batch:
                pairs[key]  # raises KeyError for a missing text


@pytest.mark.parametrize("alpha", [-0.1, 1.4, float("nan")])
def test_alpha_outside_the_unit_interval_is_refused(pairs, alpha):
    with pytest.raises(ValueError, match=r"alpha must be in \[0, 1\], got"):
        HybridBatches(pairs, BATCH, EPOCH, 0, alpha)


def test_a_batch_larger_than_the_distinct_pairs_is_refused(pairs):
    with pytest.raises(ValueError, match="batch_size 61 is larger than the number of distinct"):
        MonolingualBatches(pairs, 61, EPOCH, 0)
    same = ParallelPairs.from_rows(rows([("same", f"p{i}") for i in range(9)]))
    with pytest.raises(ValueError, match="larger than the number of distinct pairs"):
        CrossLingualBatches(same, 4, EPOCH, 0)


def test_a_corpus_too_small_for_a_batch_is_left_out_loudly(pairs):
    with pytest.warns(UserWarning, match="left out: {'small': 30}"):
        sampler = CrossLingualBatches(pairs, 40, EPOCH, 0)
    large = pairs.corpora.index("large")
    assert all(pairs.corpus_of_pair[key.pair] == large for batch in sampler for key in batch)


def test_cross_lingual_batches_need_two_languages(pairs):
    with pytest.raises(ValueError, match="in two or more languages"):
        CrossLingualBatches(pairs.only(["en"]), BATCH, EPOCH, 0)


@pytest.mark.parametrize(("size", "count"), [(0, 3), (3, 0)])
def test_sizes_must_be_positive(pairs, size, count):
    with pytest.raises(ValueError, match="must be at least 1, got 0"):
        MonolingualBatches(pairs, size, count, 0)


def test_no_positive_of_a_batch_is_another_pairs_hard_negative():
    texts = [f"passage {i}" for i in range(12)]
    pairs = ParallelPairs.from_rows(
        {
            "corpus": "c",
            "pair": str(i),
            "language": "en",
            "query": f"query {i}",
            "passage": texts[i],
            "negative": texts[(i + 1) % 12],
        }
        for i in range(12)
    )
    for batch in MonolingualBatches(pairs, 4, 50, seed=0):
        positives = {pairs[key][1] for key in batch}
        negatives = {pairs[key][2] for key in batch}
        assert not positives & negatives
