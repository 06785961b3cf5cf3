import pytest
import torch
from torch.nn.functional import normalize

from hybridlib.training.loss import info_nce


def random_embeddings(seed, shape=(6, 5)):
    return normalize(torch.randn(shape, generator=torch.Generator().manual_seed(seed)), dim=1)


def test_loss_is_equation_one():
    queries, passages = random_embeddings(0), random_embeddings(1)
    expected = 0.0
    for i in range(6):
        scores = torch.tensor([float(queries[i] @ passages[j]) / 0.05 for j in range(6)])
        expected -= float(scores[i] - torch.logsumexp(scores, 0)) / 6
    assert info_nce(queries, passages, 0.05).item() == pytest.approx(expected, abs=1e-5)


def test_bad_input_is_refused():
    queries, passages = random_embeddings(0), random_embeddings(1)
    with pytest.raises(ValueError, match=r"differ in shape: \(6, 5\) and \(5, 5\)"):
        info_nce(queries, passages[:5], 0.05)
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        info_nce(queries, passages, 0)
    queries[2, 1] = torch.nan
    with pytest.raises(FloatingPointError, match="the loss is nan: lower the learning rate"):
        info_nce(queries, passages, 0.05)


def test_hard_negatives_are_candidates_for_every_query():
    queries, passages, negatives = (random_embeddings(seed) for seed in range(3))
    expected = 0.0
    for i in range(6):
        candidates = torch.cat([passages, negatives])
        scores = candidates @ queries[i] / 0.05
        expected -= float(scores[i] - torch.logsumexp(scores, 0)) / 6
    assert info_nce(queries, passages, 0.05, negatives).item() == pytest.approx(expected, abs=1e-5)


def test_scores_are_float32_whatever_the_embeddings_are():
    queries, passages = random_embeddings(0).bfloat16(), random_embeddings(1).bfloat16()
    assert info_nce(queries, passages, 0.05).dtype == torch.float32
