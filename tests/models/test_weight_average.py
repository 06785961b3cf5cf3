import numpy as np
import pytest
import torch

from hybridlib.models.encoder import TextSettings
from hybridlib.models.weight_average import average_weights

TEXTS = ["a question", "ein Satz"]


def test_a_share_of_one_or_none_gives_an_encoder_to_the_bit(make_encoder):
    for share, seed in ((1, 1), (0, 2)):
        average = average_weights(make_encoder(seed=1), make_encoder(seed=2), share, "mean")
        expected = make_encoder(seed=seed).encode(TEXTS, "query")
        assert np.array_equal(average.encode(TEXTS, "query"), expected)
        assert average.revision == "mean"


def test_encoders_that_do_not_fit_together_and_a_share_that_is_none_are_refused(make_encoder):
    other = make_encoder()
    other.settings = TextSettings("q: ", "passage: ", 32, 48)
    with pytest.raises(ValueError, match="are used differently"):
        average_weights(make_encoder(), other, 0.5, "")
    dense = make_encoder(dense=torch.nn.Sequential(torch.nn.Linear(32, 8), torch.nn.Tanh()))
    with pytest.raises(ValueError, match="differ in the shape of 2 weights, dense"):
        average_weights(make_encoder(), dense, 0.5, "")
    for share in (1.5, -0.5):
        with pytest.raises(ValueError, match=rf"share must be in \[0, 1\], got {share}"):
            average_weights(make_encoder(), make_encoder(), share, "")
