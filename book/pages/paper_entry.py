"""One entry of the list of the paper's objects, and the commands that make it again."""

from dataclasses import dataclass

from book.shared import html

REMEASURED, REDRAWN, COMPARED, NOT_RUN = "re-measured", "redrawn", "compared", "not run"
A_MINUTE = "a minute"


@dataclass(frozen=True)
class Entry:
    """An object of the paper, or the part of it on one benchmark and from one model.

    Parameters
    ----------
    name, what
        Of the object.
    page, table
        Where it is here: a page of results, and what to look for on it.
    paper, ours, verdict
        Its headline there and here, and what is made of both.
    again
        The command that computes it again.
    takes
        How long that takes.
    status
        Whether it is ``re-measured``, ``redrawn``, ``compared`` or ``not run``; of a claim empty.
    """

    name: str
    what: str
    page: str
    table: str
    paper: str
    ours: str
    verdict: str
    again: str
    takes: str
    status: str = ""

    @property
    def address(self) -> str:
        """Where it is, as seen from a page at the top of ``build/executed``."""
        return f"{self.page}.html#{html.anchor(self.table)}"

    @property
    def is_quick(self) -> bool:
        """Whether a laptop runs its command in a minute: a page over runs that are stored."""
        return self.takes == A_MINUTE


def papermill(notebook: str, **parameters: str) -> str:
    """The command that executes a page anew."""
    given = "".join(f" -p {name} {value}" for name, value in parameters.items())
    return f"papermill build/notebooks/{notebook}.ipynb out.ipynb{given}"


def snakemake(profile: str, benchmark: str) -> str:
    """The command that makes every run of a profile on a benchmark."""
    return f"snakemake -c8 --config profile={profile} benchmark={benchmark} -- runs"
