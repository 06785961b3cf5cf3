import pytest
import torch
from torch.nn.functional import normalize

from hybridlib.training.loss import info_nce


def random_embeddings(seed, shape=(6, 5)):
    return normalize(torch.randn(shape, generator=torch.Generator().manual_seed(seed)), dim=1)


@pytest.mark.parametrize("has_negatives", [False, True])
def test_loss_is_equation_one_with_hard_negatives_as_candidates_for_every_query(has_negatives):
    queries, passages, negatives = (random_embeddings(seed) for seed in range(3))
    parts = (passages, negatives) if has_negatives else (passages,)
    expected = 0.0
    for i in range(6):
        scores = torch.tensor([float(queries[i] @ other) / 0.05 for other in torch.cat(parts)])
        expected -= float(scores[i] - torch.logsumexp(scores, 0)) / 6
    found = info_nce(queries, passages, 0.05, *parts[1:])
    assert found.item() == pytest.approx(expected, abs=1e-5)


def test_bad_input_is_refused():
    queries, passages = random_embeddings(0), random_embeddings(1)
    with pytest.raises(ValueError, match=r"differ in shape: \(6, 5\) and \(5, 5\)"):
        info_nce(queries, passages[:5], 0.05)
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        info_nce(queries, passages, 0)
    queries[2, 1] = torch.nan
    with pytest.raises(FloatingPointError, match="the loss is nan: lower the learning rate"):
        info_nce(queries, passages, 0.05)


def test_scores_are_float32_whatever_the_embeddings_are():
    queries, passages = random_embeddings(0).bfloat16(), random_embeddings(1).bfloat16()
    assert info_nce(queries, passages, 0.05).dtype == torch.float32
