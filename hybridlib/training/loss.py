"""InfoNCE with in-batch negatives (equation 1 of the paper)."""

import torch
import torch.distributed as dist
from torch.distributed.nn.functional import all_gather
from torch.nn.functional import cross_entropy


def info_nce(
    query_embeddings: torch.Tensor,
    passage_embeddings: torch.Tensor,
    temperature: float,
    negative_embeddings: torch.Tensor | None = None,
) -> torch.Tensor:
    """Contrast each query's passage with all other candidates of the batch, over all processes.

    Source: equation 1 of the paper; van den Oord et al. (2018).

    Parameters
    ----------
    query_embeddings, passage_embeddings
        Unit-length vectors; row i of one belongs to row i of the other. Under several processes
        each holds its share of the global batch. Shape: (pairs, dimensions).
    temperature
        Divides the cosine. The paper prints none; E5 uses 0.01, sentence-transformers 0.05.
    negative_embeddings
        Of hard negatives: further candidates for every query. Shape: (negatives, dimensions).

    Returns
    -------
    Mean negative log-likelihood of the right passage over this process's queries, in nats, or a
    FloatingPointError. Its mean over processes is the loss of the global batch, its gradient too.

    Examples
    --------
    >>> round(info_nce(torch.eye(2), torch.eye(2), temperature=1.0).item(), 4)
    0.3133
    """
    if query_embeddings.shape != passage_embeddings.shape:
        shapes = tuple(query_embeddings.shape), tuple(passage_embeddings.shape)
        raise ValueError(f"queries and passages differ in shape: {shapes[0]} and {shapes[1]}")
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, got {temperature}")
    first_positive = 0
    parts = [passage_embeddings]
    if negative_embeddings is not None:
        parts.append(negative_embeddings)
    if dist.is_initialized() and dist.get_world_size() > 1:
        first_positive = dist.get_rank() * len(query_embeddings)
        parts = [torch.cat(all_gather(part.contiguous())) for part in parts]
    candidate_embeddings = torch.cat(parts)
    # (queries, candidates), in float32 whatever the embeddings were computed in
    scores = query_embeddings.float() @ candidate_embeddings.float().T / temperature
    positives = torch.arange(len(scores), device=scores.device) + first_positive
    loss = cross_entropy(scores, positives)
    if not torch.isfinite(loss):
        way_out = f"lower the learning rate or raise the temperature, which is {temperature}"
        raise FloatingPointError(f"the loss is {loss.item()}: {way_out}")
    return loss
