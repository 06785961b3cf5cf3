"""An encoder whose identity is known before it is loaded or trained."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from hybridlib.models.encoder import DualEncoder, EncoderIdentity


@dataclass(frozen=True)
class PlannedEncoder:
    """An encoder by its identity, so that a stored result needs no weights; ``make`` makes it."""

    identity: EncoderIdentity
    make: Callable[[], DualEncoder]

    def load(self) -> DualEncoder:
        """Load the encoder, on a GPU if there is one.

        One that is another by now is an error: a result would be kept under a wrong key.
        """
        encoder = self.make()
        if encoder.identity != self.identity:
            raise ValueError(
                f"the encoder was {self.identity} when the run was planned, and what was loaded "
                f"is {encoder.identity}. Way out: leave its files as they are and start again"
            )
        return encoder.to("cuda" if torch.cuda.is_available() else "cpu")
