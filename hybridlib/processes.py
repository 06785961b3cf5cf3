"""This process among those that torchrun or accelerate started; alone where none did."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # torch takes seconds to import, and who loads what is stored asks for none of it
    from accelerate import PartialState

_PATIENCE = timedelta(days=1)  # one process may evaluate while the others wait


def processes() -> "PartialState":
    """Which process this is (``process_index`` of ``num_processes``), and ``wait_for_everyone``."""
    import torch
    from accelerate import PartialState

    return PartialState(cpu=not torch.cuda.is_available(), timeout=_PATIENCE)


def agreed(answer: bool) -> bool:
    """The main process's answer, in every process: what lies on the disk may change in between."""
    from accelerate.utils import broadcast_object_list

    processes()
    (of_main,) = broadcast_object_list([answer])
    return of_main
