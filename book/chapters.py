"""The one table of the book's chapters: it makes the graph's pages and ``_toc.yml``.

    python -m book.chapters        writes _toc.yml anew

A chapter is a notebook with parameters and the results that it shows, or a page of prose. A new one
is a notebook, its functions in ``book/pages/`` and a line here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from book.shared.samplers import sampler_and_alpha
from study.analysis.data_counts import SHARES
from study.runs.profile import PROFILES, Profile, load_profile

QUICK = "quick"
_LAREQA = ("xquad-r", "mlqa-r")


@dataclass(frozen=True)
class Chapter:
    """A page of the book.

    ``page`` is its place below ``build/executed``, or ``prose/NAME`` for ``book/NAME.md``;
    ``shows`` are folders below ``results``: without runs in each of them, of all ``samplers`` if it
    compares some, the page is left out.
    """

    part: str
    page: str
    title: str = ""
    notebook: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    shows: tuple[str, ...] = ()
    samplers: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """As the table of contents names it."""
        is_prose = self.page.startswith("prose/")
        return f"book/{self.page[6:]}" if is_prose else f"build/executed/{self.page}"

    def is_present(self, results: Path) -> bool:
        """Whether there is something to show: runs in each folder, or what `book` computes."""
        for folder in self.shows:
            files = (results / folder).glob("*/run.json")
            there = {sampler_and_alpha(file.parent.name)[0] for file in files}
            is_computed = folder.partition("/")[0] == QUICK
            if not is_computed and not (there and there >= set(self.samplers)):
                return False
        return True


def profiles() -> list[Profile]:
    """Every profile, in the order of the book's parts."""
    order = ["raw", "e5", "paper-xlm-r", "paper-labse", QUICK]
    every = [load_profile(file.stem) for file in sorted(PROFILES.glob("*.yaml"))]
    return sorted(every, key=lambda p: order.index(p.name) if p.name in order else len(order))


def _of_profile(profile: Profile) -> Iterator[Chapter]:
    part, name, title = profile.caption, profile.name, profile.title
    for notebook, kind in (("main_results", "Results:"), ("language_bias", "Language bias:")):
        for benchmark in [b for b in profile.benchmarks if b in (*_LAREQA, "cldr")]:
            parameters = {"profile": name, "benchmark": benchmark}
            if profile.paper_model:
                parameters["model"] = profile.paper_model
            yield Chapter(
                part,
                f"{name}/{benchmark}/{notebook}",
                f"{kind} {_TITLES[benchmark]}, from {title}",
                notebook,
                parameters,
                (f"{name}/{benchmark}",),
            )
    yield Chapter(
        part,
        f"{name}/training",
        f"Training from {title}",
        "training",
        {"profile": name},
        (f"{name}/training",),
    )


def _of_study(
    suffix: str, notebook: str, title: str, *benchmarks: str, part: str = "The study"
) -> Iterator[Chapter]:
    """A chapter for each start whose runs there are: profiles ``raw-curve``, ``e5-curve`` ..."""
    for start, words in _STARTS.items():
        name = f"{start}-{suffix}"
        yield Chapter(
            part,
            f"{name}/{notebook}",
            f"{title} {words}",
            notebook,
            {"profile": name},
            tuple(f"{name}/{benchmark}" for benchmark in benchmarks),
        )


def _of_controls() -> Iterator[Chapter]:
    """What the two controls say, from each start whose runs there are."""
    for start, words in _STARTS.items():
        yield Chapter(
            "The study",
            f"{start}/why_it_works",
            f"Why it works, {words}",
            "why_it_works",
            {"profile": start, "benchmarks": ",".join(_LAREQA)},
            tuple(f"{start}/{benchmark}" for benchmark in _LAREQA),
            samplers=("x-x", "x-y", "hybrid", "hybrid-by-example"),
        )


def _of_question(published: Sequence[str]) -> Iterator[Chapter]:
    """The research question: on runs that there are, by changed training, at scale, and how sure.

    ``published`` are the folders of published runs on the benchmarks of the paper.
    """
    part, title = "The research question", "Robust to distance?"
    three = ("x-x", "x-y", "hybrid")
    for start, words in _STARTS.items():
        for benchmark in _LAREQA:
            yield Chapter(
                part,
                f"{start}/{benchmark}/typology",
                f"{title} Observed on {_TITLES[benchmark]}, {words}",
                "typology",
                {"profile": start, "benchmark": benchmark},
                (f"{start}/{benchmark}",),
                samplers=three,
            )
    for benchmark, names in _MANIPULATED.items():
        manipulated = [  # a change of which runs are missing would be shown by half
            name
            for name in names
            if all(
                Path("results", name, benchmark, run).is_dir() for run in load_profile(name).runs()
            )
        ]
        if manipulated:
            yield Chapter(
                part,
                f"raw/{benchmark}/typology_manipulated",
                f"{title} Manipulated, on {_TITLES[benchmark]}, from the raw start",
                "typology_manipulated",
                {"profiles": ",".join(manipulated), "benchmark": benchmark},
                tuple(
                    f"{name}/{kind}"
                    for name in manipulated
                    for kind in (benchmark, SHARES)
                    if Path("results", name, kind).is_dir()
                ),
            )
    yield Chapter(
        part,
        "raw/sib-200/typology_at_scale",
        f"{title} At scale, from the raw start",
        "typology_at_scale",
        {"profile": "raw", "benchmark": "sib-200"},
        ("raw/sib-200",),
        samplers=("untrained", *three),
    )
    profiles = dict.fromkeys(folder.partition("/")[0] for folder in published)
    yield Chapter(
        part,
        "typology_sensitivity",
        f"{title} How much hangs on the choices",
        "typology_sensitivity",
        {"profiles": ",".join(profiles), "benchmarks": ",".join(_LAREQA)},
        tuple(published),
        samplers=three,
    )


def _of_main_runs() -> Iterator[Chapter]:
    """The chapters that need the main runs of a start alone: profiles ``raw``, ``e5``."""
    notebooks = {
        "significance": "Is it significant?",
        "unseen_languages": "Unseen languages:",
        "preference": "Language preference:",
    }
    for start, words in _STARTS.items():
        for benchmark in _LAREQA:
            for notebook, title in notebooks.items():
                yield Chapter(
                    _REVIEWERS,
                    f"{start}/{benchmark}/{notebook}",
                    f"{title} {_TITLES[benchmark]}, {words}",
                    notebook,
                    {"profile": start, "benchmark": benchmark},
                    (f"{start}/{benchmark}",),
                )


def _of_short_runs() -> Iterator[Chapter]:
    """Remedies, and the languages of the top ten: profiles ``raw-short``, ``e5-short``."""
    for start, words in _STARTS.items():
        name = f"{start}-short"
        folders = f"{name}/{_THIRD}", f"{name}-remedies/{_THIRD}", f"{name}-remedies/shares"
        yield Chapter(
            _REVIEWERS,
            f"{name}/remedies",
            f"Other remedies {words}",
            "remedies",
            {"profile": name, "benchmark": _THIRD},
            folders,
        )
        yield Chapter(
            _REVIEWERS,
            f"{name}/preference",
            f"Language preference: {_TITLES[_THIRD]}, {words}",
            "preference",
            {"profile": name, "benchmark": _THIRD},
            (f"{name}/{_THIRD}", f"{name}/{_THIRD}-top-10"),
        )


_STARTS = {"raw": "from the raw start", "e5": "from multilingual-E5-small"}
_REVIEWERS = "What the reviewers asked"
_HOLD_OUT, _THIRD = "balanced-help-held-out", "xquad-r-every-3"
_MANIPULATED = {_THIRD: ("raw-languages", "raw-near-far"), "mlqa-r": ("raw-languages-mlqa",)}
_TITLES = {
    "xquad-r": "XQuAD-R",
    "mlqa-r": "MLQA-R",
    "cldr": "embedded questions",
    _THIRD: "a third of XQuAD-R",
}


def chapters() -> list[Chapter]:
    """Every chapter, in order.

    Raises
    ------
    FileNotFoundError
        If a chapter's notebook or prose is missing.
    """
    every = profiles()
    published = tuple(
        f"{profile.name}/{benchmark}"
        for profile in every
        if profile.published
        for benchmark in profile.benchmarks
        if benchmark in _LAREQA
    )
    shown = tuple(folder for folder in published if Path("results", folder).is_dir())
    on_both = [
        profile.name
        for profile in every
        if all(f"{profile.name}/{benchmark}" in shown for benchmark in _LAREQA)
    ]
    shown_profiles = [profile for profile in every if profile.caption and profile.published]
    study, end = "The study", "Check and extend"
    listed = [
        Chapter(
            study,
            "answer",
            "Does hybrid batching work?",
            "answer",
            {"profiles": ",".join(dict.fromkeys(name.partition("/")[0] for name in shown))},
            shown,
        ),
        Chapter(study, "claims", "The eleven claims", "claims", shows=shown),
        Chapter(
            study,
            "paper_objects",
            "The paper, object by object",
            "paper_objects",
            shows=(*shown, "study/data", "cost/texts", "cost/speed"),
        ),
        Chapter(
            study,
            "explorer",
            "Explorer",
            "explorer",
            {"profiles": ",".join(on_both), "benchmarks": ",".join(_LAREQA)},
            tuple(f"{name}/{benchmark}" for name in on_both for benchmark in _LAREQA),
        ),
        Chapter(study, "method", "The method", "method"),
        Chapter(study, "data", "Data", "data", shows=("study/data",)),
        *_of_study("learning-rate", "learning_rates", "Learning rates", _HOLD_OUT, _THIRD),
        *_of_study("curve", "learning_curves", "Learning curves", _HOLD_OUT, _THIRD),
        *_of_controls(),
        *_of_question(shown),
        *_of_study("alpha", "alpha", "Alpha", _THIRD, part=_REVIEWERS),
        *_of_study("data-size", "data_size", "How much data", _THIRD, part=_REVIEWERS),
        *_of_study("corpora", "uneven_data", "Uneven data", _THIRD, SHARES, part=_REVIEWERS),
        *_of_short_runs(),
        *_of_main_runs(),
        *(chapter for profile in shown_profiles for chapter in _of_profile(profile)),
        Chapter("Beyond", "miracl", "MIRACL", "miracl"),
        Chapter("Beyond", "cost", "What it costs", "cost", shows=("cost/texts", "cost/speed")),
        *_of_profile(load_profile(QUICK)),
    ]
    listed += [
        _provenance(end, [chapter for chapter in listed if chapter.is_present(Path("results"))]),
        Chapter(end, "prose/rerun"),
        Chapter(end, "prose/references"),
    ]
    for chapter in listed:
        source = f"notebooks/{chapter.notebook}.py" if chapter.notebook else f"{chapter.file}.md"
        if not Path(source).is_file():
            raise FileNotFoundError(f"chapter {chapter.page!r} needs {source}, which is missing")
    return listed


def _provenance(part: str, present: Sequence[Chapter]) -> Chapter:
    """Of every run that the chapters show."""
    shows = tuple(dict.fromkeys(folder for chapter in present for folder in chapter.shows))
    profiles = ",".join(dict.fromkeys(folder.partition("/")[0] for folder in shows))
    return Chapter(part, "provenance", "Provenance", "provenance", {"profiles": profiles}, shows)


def table_of_contents(listed: Sequence[Chapter]) -> str:
    """The chapters as Jupyter Book reads them."""
    parts: dict[str, list[dict[str, str]]] = {}
    for chapter in listed:
        entry = {"file": chapter.file} | ({"title": chapter.title} if chapter.title else {})
        parts.setdefault(chapter.part, []).append(entry)
    content = {
        "format": "jb-book",
        "root": "book/index",
        "parts": [{"caption": name, "chapters": pages} for name, pages in parts.items()],
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=200)


if __name__ == "__main__":
    Path("_toc.yml").write_text(
        "# Written by `python -m book.chapters`, from book/chapters.py.\n"
        + table_of_contents(chapters()),
        encoding="utf-8",
    )
