"""How the page of the paper's objects shows them: a sentence, the table, the runs behind it."""

from collections.abc import Iterable, Sequence

import pandas as pd
from IPython.display import HTML
from markupsafe import escape  # as pandas escapes a cell

from book.pages.paper_entry import COMPARED, NOT_RUN, REDRAWN, REMEASURED, Entry, snakemake
from book.pages.paper_objects import PAPER_PROFILES
from book.shared import html, reference
from hybridlib.training.parameters import UNTRAINED
from study.runs.profile import Profile, load_profile
from study.store.runs import Store


def answer(listed: Sequence[Entry], found: Sequence[Profile]) -> str:
    """Say how many tables and figures are re-measured, from which start, and which are not.

    Parameters
    ----------
    listed, found
        Of :func:`~book.pages.paper_objects.entries` and of ``starts`` there.
    """
    statuses: dict[str, set[str]] = {}
    for one in listed:
        if one.status:
            statuses.setdefault(one.name, set()).add(one.status)
    kinds = {
        "re-measured here": {REMEASURED},
        "in part": {REMEASURED, NOT_RUN},
        "redrawn": {REDRAWN},
        "compared with what others publish": {COMPARED},
        "not run": {NOT_RUN},
    }
    groups = {words: [n for n, kind in statuses.items() if kind == k] for words, k in kinds.items()}
    parts = [f"{len(names)} {words} ({_listed(names)})" for words, names in groups.items() if names]
    pages = {one.page.partition("/")[0] for one in listed if one.status == REMEASURED}
    titles = [profile.title for profile in found if profile.name in pages]
    scores_of = f" Scores are from {' and '.join(titles)}: compare their order." if titles else ""
    return f"Of {len(statuses)} tables and figures: {'; '.join(parts)}.{scores_of}"


def _listed(names: Iterable[str]) -> str:
    numbers: dict[str, list[str]] = {}
    for name in names:
        kind, number = name.split()
        numbers.setdefault(kind, []).append(number)
    parts = [f"{k if len(n) == 1 else f'{k}s'} {', '.join(n)}" for k, n in numbers.items()]
    return ", ".join(parts)


def show(listed: Sequence[Entry]) -> HTML:
    """The entries as a table: each place a link to it, each command as code."""
    columns = {"object": "name", "what": "what", "here": "address"}
    columns |= {name: name for name in ("paper", "ours", "verdict", "again", "takes")}
    rows = [[getattr(one, name) for name in columns.values()] for one in listed]
    table = pd.DataFrame(rows, columns=list(columns))
    text = _with_code(html.show_plain(table, "paper-objects"), table["again"]).data
    for one in listed:
        link = f'<a href="{escape(one.address)}">{escape(one.table)}</a>'
        text = text.replace(f">{escape(one.address)}<", f">{link}<")
    return HTML(text)


def runs_behind(store: Store, found: Sequence[Profile]) -> pd.DataFrame:
    """The runs that the tables of scores come from, or would come from with the paper's settings.

    Returns
    -------
    One row a start and benchmark: ``from``, ``on``, ``stored``, ``planned``, and the commands for
    ``every run`` and ``one run``.
    """
    paper = [load_profile(name) for name in PAPER_PROFILES.values()]
    rows = []
    for profile in {one.name: one for one in (*found, *paper)}.values():
        names = list(profile.runs())
        one = next(name for name in names if name != UNTRAINED and name.startswith("hybrid-0.5"))
        for benchmark in [name for name in profile.benchmarks if name in reference.DATASETS]:
            folder = store.folder(profile.name, benchmark)
            rows.append(
                {
                    "from": profile.title,
                    "on": reference.DATASETS[benchmark],
                    "stored": sum((folder / name / "run.json").is_file() for name in names),
                    "planned": len(names),
                    "every run": snakemake(profile.name, benchmark),
                    "one run": f"python -m study evaluate {profile.name} {one} {benchmark}",
                }
            )
    return pd.DataFrame(rows)


def show_runs(table: pd.DataFrame) -> HTML:
    """A table of :func:`runs_behind`, each command as code."""
    commands = [*table["every run"], *table["one run"]]
    return _with_code(html.show_plain(table, "paper-objects-runs"), commands)


def _with_code(shown: HTML, commands: Iterable[str]) -> HTML:
    text = shown.data
    for command in set(commands):
        code = str(escape(command)).replace("/", "/<wbr>")  # a path may go on in the next line
        text = text.replace(f">{escape(command)}<", f"><code>{code}</code><")
    return HTML(text)
