"""One encoder whose weights are a mean of others'."""

from collections.abc import Iterable, Sequence

from torch import Tensor

from hybridlib.models.encoder import DualEncoder

_TOLERANCE = 1e-6


def average_weights(
    encoders: Iterable[DualEncoder], shares: Sequence[float], revision: str
) -> DualEncoder:
    """Average the weights of encoders that were trained from one start.

    Parameters
    ----------
    encoders
        One after another, so that memory holds two at a time if they are loaded as they are asked
        for. The first is changed in place.
    shares
        Of each encoder, in [0, 1]; they sum to one.
    revision
        What identifies the new weights.

    Returns
    -------
    The first encoder, with the new weights and revision. A share of one gives an encoder's weights
    to the bit.

    Raises
    ------
    ValueError
        If a share lies outside [0, 1], they do not sum to one or are not as many as the encoders;
        if two encoders differ in the names or shapes of their weights, in pooling, prefixes or
        lengths.

    Source
    ------
    Wortsman et al. (2022), model soups, arXiv 2203.05482; for multilingual retrieval arXiv
    2507.08480.
    """
    if not all(0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > _TOLERANCE:
        raise ValueError(f"shares must be in [0, 1] and sum to 1, got {list(shares)}")
    average, weights = None, {}
    for share, encoder in zip(shares, encoders, strict=True):
        parts = encoder.state_dict()  # detached, on the encoder's own memory
        if average is None:
            average, weights = encoder, parts
            for tensor in _of_floats(weights):
                tensor.mul_(share)
            continue
        _check_alike(average, encoder)
        for mean, tensor in zip(_of_floats(weights), _of_floats(parts), strict=True):
            mean.add_(tensor, alpha=share)
    if average is None:
        raise ValueError("there is no encoder to average")
    average.revision = revision
    return average


def _of_floats(weights: dict[str, Tensor]) -> list[Tensor]:
    return [tensor for tensor in weights.values() if tensor.is_floating_point()]


def _check_alike(first: DualEncoder, other: DualEncoder) -> None:
    shapes = [
        {name: tuple(tensor.shape) for name, tensor in encoder.state_dict().items()}
        for encoder in (first, other)
    ]
    if shapes[0] != shapes[1]:
        names = sorted(dict(shapes[0].items() ^ shapes[1].items()))
        raise ValueError(
            f"the encoders differ in the shape of {len(names)} weights, {names[0]} one"
        )
    if first.identity.usage != other.identity.usage:
        raise ValueError(
            f"the encoders are used differently: {first.identity.usage}; {other.identity.usage}"
        )
