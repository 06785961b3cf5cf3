import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.evaluation.translation_retrieval import pair_scores, pool_scores, translation_retrieval

VARIETIES = ("deu_Latn", "hin_Deva", "tur_Latn", "zho_Hans")


def vectors(seed, is_tied):
    """Random vectors of five sentences; of few whole values, many scores are tied exactly."""
    rng = np.random.default_rng(seed)
    shape = (len(VARIETIES), 5, 4)
    drawn = rng.integers(-1, 2, shape) if is_tied else rng.normal(size=shape)
    return dict(zip(VARIETIES, drawn.astype(np.float32), strict=True))


def by_definition(found, query, candidate, sentence):
    """Pessimistic ranks of one translation, counted one candidate at a time."""
    target = found[query][sentence] @ found[candidate][sentence]
    in_variety = sum(found[query][sentence] @ other >= target for other in found[candidate])
    in_pool = 0
    for name, part in found.items():
        for number, other in enumerate(part):
            score = found[query][sentence] @ other
            is_later = VARIETIES.index(name) > VARIETIES.index(candidate)
            is_later_translation = number == sentence and is_later
            if (name, number) == (query, sentence) or (score == target and is_later_translation):
                continue
            in_pool += score >= target
    return in_variety, in_pool


@given(st.integers(0, 30), st.booleans())
def test_ranks_are_those_of_the_definition(seed, is_tied):
    found = vectors(seed, is_tied)
    ranks = translation_retrieval(found)
    for i, query in enumerate(VARIETIES):
        for j, candidate in enumerate(VARIETIES):
            for sentence in range(5):
                expected = (0, 0) if i == j else by_definition(found, query, candidate, sentence)
                place = i, j, sentence
                assert (ranks.in_variety[place], ranks.in_pool[place]) == expected


def test_a_perfect_encoder_finds_every_translation_first():
    same = np.eye(6, dtype=np.float32)
    ranks = translation_retrieval(dict.fromkeys(VARIETIES, same))
    pairs = pair_scores(ranks)
    assert len(pairs) == 12
    assert (pairs[["R@1", "mAP"]] == 1).all(axis=None)
    pool = pool_scores(ranks)
    assert pool["mAP"].tolist() == [1] * 4
    assert pool["rank distance"].tolist() == [2] * 4  # three translations, one behind the other


def test_scores_are_those_of_the_ranks():
    ranks = translation_retrieval(vectors(1, is_tied=False))
    pairs = pair_scores(ranks)
    own = ranks.in_variety[1, 3]
    row = pairs.query("query_variety == 'hin_Deva' and candidate_variety == 'zho_Hans'").iloc[0]
    assert row["R@1"] == pytest.approx(np.mean(own == 1))
    assert row["mAP"] == pytest.approx(np.mean(1 / own))
