"""One encoder whose weights are a mean of two others'."""

from hybridlib.checks import Range, check
from hybridlib.models.encoder import DualEncoder


def average_weights(
    first: DualEncoder, second: DualEncoder, share: float, revision: str
) -> DualEncoder:
    """Average the weights of two encoders that were trained from one start.

    The first, changed in place, is returned, with a new revision. ``share`` is that of the first,
    in [0, 1]: one or nothing gives an encoder's weights to the bit. Encoders that differ in the
    names or shapes of their weights, in pooling, prefixes or lengths are a ValueError.

    Source: Wortsman et al. (2022), model soups, arXiv 2203.05482; for multilingual retrieval arXiv
    2507.08480.
    """
    check("share", share, float, Range(0, 1))
    _check_alike(first, second)
    others = second.state_dict()
    for name, mean in first.state_dict().items():
        if mean.is_floating_point():
            mean.mul_(share).add_(others[name], alpha=1 - share)
    first.revision = revision
    return first


def _check_alike(first: DualEncoder, other: DualEncoder) -> None:
    shapes = [
        {(name, tuple(tensor.shape)) for name, tensor in encoder.state_dict().items()}
        for encoder in (first, other)
    ]
    if names := sorted(dict(shapes[0] ^ shapes[1])):
        raise ValueError(
            f"the encoders differ in the shape of {len(names)} weights, {names[0]} one"
        )
    usage = first.identity.usage, other.identity.usage
    if usage[0] != usage[1]:
        raise ValueError(f"the encoders are used differently: {usage[0]}; {usage[1]}")
