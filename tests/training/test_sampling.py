from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from hybridlib.data.parallel import ParallelPairs
from hybridlib.training.sampling import SAMPLERS, make_batches
from hybridlib.training.validation import ValidationBatches

BATCH, EPOCH = 8, 12
UNLIKELY = 1e-6  # fixed seeds: what is less likely than this is a fault
seeds = st.integers(0, 2**31)
every_sampler = pytest.mark.parametrize("name", SAMPLERS)


def is_monolingual(batch):
    return len({language for example in batch for language in example[1:]}) == 1


# Properties of all samplers


@st.composite
def uneven_pairs(draw):
    """Corpora whose pairs lack languages, share texts across languages, and have negatives."""
    rng = np.random.default_rng(draw(seeds))
    has_negatives, has_ids = draw(st.booleans()), draw(st.booleans())
    num_texts = draw(st.integers(15, 60))  # fewer texts, larger groups
    rows = []
    for corpus in ("a", "b"):
        for i in range(rng.integers(20, 40)):
            query_id = f"{rng.integers(num_texts)}"
            for language in rng.permutation(["de", "en", "hi"])[: rng.integers(2, 4)]:
                row = {"corpus": corpus, "pair": str(i), "language": language}
                # some texts are the same in every language, as names and numbers are
                place = language if rng.random() < 0.8 else ""
                row["query"] = f"query {rng.integers(num_texts)} {place}{corpus}"
                row["passage"] = f"passage {rng.integers(num_texts) * 2} {place}{corpus}"
                if has_negatives:
                    row["negative"] = f"passage {rng.integers(3 * num_texts)} {place}{corpus}"
                if has_ids:
                    row["query_id"] = query_id
                rows.append(row)
    return ParallelPairs.from_rows(rows)


def valid_passages(pairs):
    """By query text: every passage that may answer it, in any language; a plain fixed point."""
    rows = pairs.table.to_pylist()
    sets = {}  # text or id: the set of everything that belongs together, shared by its members
    for row in rows:
        names = [("query", row["query"]), ("passage", row["passage"]), (row["corpus"], row["pair"])]
        if row.get("query_id"):
            names.append(("id", row["corpus"], row["query_id"]))
        joined = set(names).union(*(sets.get(name, ()) for name in names))
        sets.update(dict.fromkeys(joined, joined))
    return {
        row["query"]: {name[1] for name in sets["query", row["query"]] if name[0] == "passage"}
        for row in rows
    }


@pytest.mark.filterwarnings("ignore:too few groups")
@every_sampler
@settings(max_examples=25)
@given(pairs=uneven_pairs(), seed=seeds)
def test_no_query_of_a_batch_meets_a_second_valid_passage(name, pairs, seed):
    valid = valid_passages(pairs)
    try:
        batches = make_batches(name, pairs, 4, 6, seed, alpha=0.5)
    except ValueError as error:
        assert "larger than the number of groups" in str(error)
        return
    for index in range(6):
        try:
            batch = batches.batch(index)
        except ValueError as error:
            assert "could be drawn for a batch of 4" in str(error)
            continue
        texts = [pairs[example] for example in batch]
        assert len(batch) == len({example.pair for example in batch}) == 4
        assert len({pairs.corpus_of_pair[example.pair] for example in batch}) == 1
        candidates = [text for _, *passages in texts for text in passages]
        for query, passage, *_ in texts:
            assert [text for text in candidates if text in valid[query]] == [passage]


@every_sampler
@settings(max_examples=10)
@given(seed=seeds, epoch=st.integers(0, 3), start=st.integers(0, EPOCH - 1))
def test_any_sampler_resumes_at_the_same_batch(name, pairs, seed, epoch, start):
    whole, resumed = (make_batches(name, pairs, BATCH, EPOCH, seed, 0.5) for _ in range(2))
    whole.set_epoch(epoch)
    resumed.set_epoch(epoch)
    assert list(whole)[start:] == [resumed.batch(index) for index in range(start, EPOCH)]


@every_sampler
def test_corpora_are_drawn_in_proportion_to_their_size(name, pairs):
    """Of the pairs that can be drawn: in English all three corpora, across languages two."""
    corpus = [pairs.corpora[code] for code in pairs.corpus_of_pair]
    batches = list(make_batches(name, pairs, BATCH, 4000, 0, 0.5))
    english = Counter(
        corpus[b[0].pair] for b in batches if is_monolingual(b) and b[0].query_language == "en"
    )
    others = Counter(
        corpus[b[0].pair] for b in batches if {language for e in b for language in e[1:]} != {"en"}
    )
    assert others.keys() == {"large", "small"}
    assert binomtest(others["large"], others.total(), 60 / 90).pvalue > UNLIKELY
    if name in ("x-x", "hybrid"):
        for size, place in ((60, "large"), (20, "english")):
            assert binomtest(english[place], english.total(), size / 110).pvalue > UNLIKELY


# Languages


@settings(max_examples=10)
@given(seed=seeds, epoch=st.integers(0, 5))
def test_alpha_one_and_zero_equal_the_baselines(pairs, seed, epoch):
    for alpha, baseline in ((1.0, "x-x"), (0.0, "x-y")):
        hybrid, expected = (
            make_batches(name, pairs, BATCH, EPOCH, seed, alpha) for name in ("hybrid", baseline)
        )
        hybrid.set_epoch(epoch)
        expected.set_epoch(epoch)
        assert list(hybrid) == list(expected)


@pytest.mark.parametrize("alpha", [0.0, 0.25, 0.5, 0.8, 1.0])
def test_hybrid_draws_monolingual_batches_or_examples_with_probability_alpha(pairs, alpha):
    batches = make_batches("hybrid", pairs, BATCH, 2000, 0, alpha)
    by_example = make_batches("hybrid-by-example", pairs, BATCH, 1500, 0, alpha)
    for drawn in (batches, ([example] for batch in by_example for example in batch)):
        found = [is_monolingual(examples) for examples in drawn]
        assert binomtest(sum(found), len(found), alpha).pvalue > UNLIKELY


def test_hybrid_by_example_mixes_within_a_batch(pairs):
    """The coin falls for each example for itself: the share of X-X in a batch is binomial."""
    batches = list(make_batches("hybrid-by-example", pairs, BATCH, 2000, 0, 0.5))
    shares = Counter(sum(e[1] == e[2] for e in batch) for batch in batches)
    assert binomtest(shares[BATCH // 2], len(batches), 70 / 256).pvalue > UNLIKELY
    assert binomtest(shares[0] + shares[BATCH], len(batches), 2 / 256).pvalue > UNLIKELY


def test_monolingual_batches_hold_one_language_each_as_often(pairs):
    batches = list(make_batches("x-x", pairs, BATCH, 4000, 0, 0.5))
    assert all(map(is_monolingual, batches))
    counts = Counter(batch[0].query_language for batch in batches)
    assert set(counts) == set(pairs.languages)
    assert all(binomtest(count, 4000, 1 / 4).pvalue > UNLIKELY for count in counts.values())


@pytest.mark.parametrize("name", ["x-y", "hybrid-by-example"])
def test_cross_lingual_examples_hold_two_languages_each_pair_as_often(name, pairs):
    batches = make_batches(name, pairs, BATCH, 1500, 0, 0.5)
    counts = Counter(e[1:] for batch in batches for e in batch if not is_monolingual([e]))
    assert counts.total() == 1500 * BATCH or name != "x-y"
    assert len(counts) == 12
    for count in counts.values():
        assert binomtest(count, counts.total(), 1 / 12).pvalue > UNLIKELY


# What is refused


def rows(texts):
    return [
        {"corpus": "c", "pair": str(i), "language": language, "query": query, "passage": passage}
        for i, (query, passage) in enumerate(texts)
        for language in ("de", "en")
    ]


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("y-y", {}, r"sampler 'y-y' is unknown, .* There is x-x, x-y, hybrid, "),
        ("x-x", {"batch_size": 0}, "batch_size must be >= 1, got 0"),
        ("x-x", {"num_batches": 0}, "num_batches must be >= 1, got 0"),
        *(
            (name, {"alpha": alpha}, rf"alpha must be in \[0, 1\], got {alpha}")
            for name in ("hybrid", "hybrid-by-example")
            for alpha in (-0.1, 1.4, float("nan"))
        ),
    ],
)
def test_what_is_no_sampler_or_no_parameter_of_one_is_refused(pairs, name, changes, message):
    usual = {"batch_size": BATCH, "num_batches": EPOCH, "seed": 0, "alpha": 0.5}
    with pytest.raises(ValueError, match=message):
        make_batches(name, pairs, **usual | changes)


@every_sampler
def test_a_batch_larger_than_the_groups_is_refused(name, pairs):
    with pytest.raises(ValueError, match="batch_size 61 is larger than the number of groups of"):
        make_batches(name, pairs, 61, EPOCH, 0, 0.5)
    same = ParallelPairs.from_rows(rows([("same", f"p{i}") for i in range(9)]))
    with pytest.raises(ValueError, match=r"number of groups of pairs .* \({'c': 1}\)"):
        make_batches(name, same, 2, EPOCH, 0, 0.5)


def test_a_batch_that_negatives_leave_no_pairs_for_is_refused():
    """Each pair's negative answers the next one: of three groups no two can meet."""
    pairs = ParallelPairs.from_rows(
        row | {"negative": f"p{(int(row['pair']) + 1) % 3}"}
        for row in rows([(f"q{i}", f"p{i}") for i in range(3)])
    )
    with pytest.raises(ValueError, match="only 1 pairs of different groups could be drawn for a"):
        make_batches("x-y", pairs, 2, EPOCH, 0, 0.5).batch(0)


def test_a_corpus_too_small_for_a_batch_is_left_out_loudly(pairs):
    with pytest.warns(UserWarning, match="left out: {'small': 30}"):
        sampler = make_batches("x-y", pairs, 40, EPOCH, 0, 0.5)
    large = pairs.corpora.index("large")
    assert all(pairs.corpus_of_pair[e.pair] == large for batch in sampler for e in batch)


def test_validation_needs_english(pairs):
    with pytest.raises(ValueError, match=r"no held-out pair is in English.* there is de, zh"):
        ValidationBatches(pairs.only(["de", "zh"]), 8)


@pytest.mark.parametrize("name", [name for name in SAMPLERS if name != "x-x"])
def test_batches_of_several_languages_need_two(name, pairs):
    with pytest.raises(ValueError, match="in two or more languages"):
        make_batches(name, pairs.only(["en"]), BATCH, EPOCH, 0, 0.5)
