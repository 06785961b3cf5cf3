import numpy as np
import pytest
import torch

from hybridlib.models.encoder import TextSettings
from hybridlib.models.weight_average import average_weights

TEXTS = ["a question", "ein Satz"]


def test_a_share_of_one_or_none_gives_an_encoder_to_the_bit(make_encoder):
    for shares, seed in (([1, 0], 1), ([0, 1], 2), ([0, 0, 1], 3)):
        encoders = (make_encoder(seed=1 + place) for place in range(len(shares)))
        average = average_weights(encoders, shares, "mean")
        expected = make_encoder(seed=seed).encode(TEXTS, "query")
        assert np.array_equal(average.encode(TEXTS, "query"), expected)
        assert average.revision == "mean"


def test_every_weight_is_the_mean_by_shares(make_encoder):
    parts = [make_encoder(seed=seed).state_dict() for seed in range(3)]
    shares = [0.5, 0.3, 0.2]
    average = average_weights((make_encoder(seed=seed) for seed in range(3)), shares, "mean")
    for name, weight in average.state_dict().items():
        expected = sum(share * part[name] for share, part in zip(shares, parts, strict=True))
        torch.testing.assert_close(weight, expected)


@pytest.mark.parametrize("shares", [[0.5, 0.6], [1.5, -0.5], [0.3, 0.3]])
def test_shares_that_are_none_are_refused(make_encoder, shares):
    with pytest.raises(ValueError, match=r"shares must be in \[0, 1\] and sum to 1"):
        average_weights([make_encoder(), make_encoder()], shares, "")


def test_encoders_that_do_not_fit_together_are_refused(make_encoder):
    other = make_encoder()
    other.settings = TextSettings("q: ", "passage: ", 32, 48)
    with pytest.raises(ValueError, match="are used differently"):
        average_weights([make_encoder(), other], [0.5, 0.5], "")
    dense = make_encoder(dense=torch.nn.Sequential(torch.nn.Linear(32, 8), torch.nn.Tanh()))
    with pytest.raises(ValueError, match="differ in the shape of 2 weights, dense"):
        average_weights([make_encoder(), dense], [0.5, 0.5], "")
