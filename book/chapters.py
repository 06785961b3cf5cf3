"""The one table of the book's chapters: it makes the graph's pages and ``_toc.yml``.

    python -m book.chapters        writes _toc.yml anew

A new page is a notebook, its functions in ``book/pages/`` and a row here.
"""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import yaml

QUICK = "quick"
_STARTS, _LAREQA, _THIRD = ("e5",), ("mlqa-r", "xquad-r"), ("xquad-r-every-3",)


def _runs(profiles: Sequence[str], kinds: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{profile}/{kind}" for profile, kind in product(profiles, kinds))


_STUDY = _runs(_STARTS, _LAREQA)
_COUNTS = _runs(["study/data"], _LAREQA)


class Chapter(NamedTuple):
    """A page of the book.

    ``name`` is that of its notebook, or of ``book/NAME.md``; ``shows`` are the folders below
    ``results`` on which it depends.
    """

    part: str
    name: str
    title: str
    shows: tuple[str, ...] = ()

    @property
    def is_notebook(self) -> bool:
        """Whether a notebook makes it."""
        return Path("notebooks", f"{self.name}.py").is_file()

    @property
    def file(self) -> str:
        """As the table of contents names it."""
        return f"build/executed/{self.name}" if self.is_notebook else f"book/{self.name}"


_WORKS, _WHY, _CHECK = "Does it work?", "Why, and when", "Check and extend"
CHAPTERS = (
    Chapter("", "answer", "Hybrid batch training, reproduced", _STUDY),
    Chapter(_WORKS, "claims", "Does the paper replicate?",
            (*_STUDY, *_COUNTS, *_runs(_STARTS, ["power"]))),
    Chapter(_WORKS, "results", "How well does it rank?", _STUDY),
    Chapter(_WORKS, "bias", "Does it prefer a language?",
            (*_STUDY, *_runs(_STARTS, ["mlqa-r-top-10", "xquad-r-top-10"]))),
    Chapter(_WORKS, "unseen_languages", "Languages without training texts", _STUDY),
    Chapter(_WORKS, "remedies", "Do you need it at all?",
            _runs(["raw-short"], _THIRD) + _runs(["raw-short-remedies"], (*_THIRD, "shares"))),
    Chapter(_WHY, "method", "The method"),
    Chapter(_WHY, "recipe", "Which recipe?",
            _runs(["e5-grid", "raw-grid"], ["xquad-r-development", "training"])
            + _runs(["e5-second"], _LAREQA)),
    Chapter(_WHY, "why_it_works", "Why does it work?", (*_STUDY, *_runs(_STARTS, ["draws"]))),
    Chapter(_WHY, "alpha", "How much of each?", _runs(["raw-alpha"], _THIRD)),
    Chapter(_WHY, "training_data", "How much data, and which?",
            _runs(["raw-data-size", "raw-corpora"], _THIRD)),
    Chapter(_WHY, "typology", "Is it robust to distance?",
            (*_STUDY, *_COUNTS, *_runs(["raw-languages-mlqa"], ["mlqa-r"]),
             "raw/sib-200")),
    Chapter(_CHECK, "paper_objects", "The paper, object by object", _STUDY),
    Chapter(_CHECK, "significance", "Is it significant?", _STUDY),
    Chapter(_CHECK, "explorer", "Explorer", _STUDY),
    Chapter(_CHECK, "data", "Data", (*_COUNTS, "study/data/balanced-help")),
    Chapter(_CHECK, "paper_settings", "The paper's own settings",
            _runs(["paper-xlm-r", "paper-labse"], ["miracl"])),
    Chapter(_CHECK, "quick", "Your machine's quick run",
            (*_runs([QUICK], ["cldr", "training"]), "quick-seeds/cldr")),
    Chapter(_CHECK, "use_it", "Use it in your own training"),
    Chapter(_CHECK, "api", "API"),
    Chapter(_CHECK, "rerun", "Run it again, change it"),
    Chapter(_CHECK, "provenance", "Provenance",
            tuple(f"{name}/*" for name in (*_STARTS, "e5-grid", "raw-grid"))),
    Chapter(_CHECK, "references", "References"),
)  # fmt: skip


def table_of_contents() -> str:
    """The chapters as Jupyter Book reads them: the first is the landing page."""
    landing, *others = CHAPTERS
    parts: dict[str, list[dict[str, str]]] = {}
    for chapter in others:
        entry = {"file": chapter.file, "title": chapter.title}
        parts.setdefault(chapter.part, []).append(entry)
    content = {
        "format": "jb-book",
        "root": landing.file,
        "parts": [{"caption": name, "chapters": pages} for name, pages in parts.items()],
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=200)


if __name__ == "__main__":
    Path("_toc.yml").write_text(
        "# Written by `python -m book.chapters`, from book/chapters.py.\n" + table_of_contents(),
        encoding="utf-8",
    )
