"""The one table of the book's chapters: it makes the graph's pages and ``_toc.yml``.

    python -m book.chapters        writes _toc.yml anew

A new page is a notebook, its functions in ``book/pages/`` and a row here.
"""

from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import NamedTuple

import yaml

QUICK = "quick"
_STARTS, _LAREQA, _THIRD = ("e5",), ("mlqa-r", "xquad-r"), ("xquad-r-every-3",)


def _runs(profiles: Iterable[str], kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{profile}/{kind}" for profile, kind in product(profiles, kinds))


_STUDY = _runs(_STARTS, _LAREQA)
_COUNTS = ("balanced-help/data",)
_MIRACL = _runs(["paper-xlm-r", "paper-labse"], ["miracl"])


class Chapter(NamedTuple):
    """A page of the book.

    ``name`` is that of its notebook, or of ``book/NAME.md``; ``shows`` are the folders below
    ``results`` on which it depends.
    """

    part: str
    name: str
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
    Chapter("", "answer", _STUDY),
    Chapter(_WORKS, "claims", (*_STUDY, *_COUNTS, *_MIRACL, *_runs(_STARTS, ["power"]))),
    Chapter(_WORKS, "results", _STUDY),
    Chapter(_WORKS, "bias",
            (*_STUDY, *_runs(_STARTS, map("-".join, product(_LAREQA, ["top-10", "questions"]))))),
    Chapter(_WORKS, "unseen_languages", _STUDY),
    Chapter(_WORKS, "remedies",
            (*_STUDY, *_runs(["e5-remedies"], (*_LAREQA, "xquad-r-development", "shares")))),
    Chapter(_WHY, "method"),
    Chapter(_WHY, "recipe",
            _runs(["e5-grid", "raw-grid"], ["xquad-r-development", "training"])
            + _runs(["e5-second"], _LAREQA)),
    Chapter(_WHY, "why_it_works", (*_STUDY, *_runs(_STARTS, ["draws"]))),
    Chapter(_WHY, "alpha", _runs(["raw-alpha"], _THIRD)),
    Chapter(_WHY, "training_data", _runs(["raw-data-size", "raw-corpora"], _THIRD)),
    Chapter(_WHY, "typology",
            (*_STUDY, *_COUNTS, *_runs(["raw-languages-mlqa"], ["mlqa-r"]), "raw/sib-200")),
    Chapter(_CHECK, "paper_objects", _STUDY),
    Chapter(_CHECK, "significance", _STUDY),
    Chapter(_CHECK, "explorer", _STUDY),
    Chapter(_CHECK, "data", _COUNTS),
    Chapter(_CHECK, "paper_settings", _MIRACL),
    Chapter(_CHECK, "quick", (*_runs([QUICK], ["cldr", "training"]), "quick-seeds/cldr")),
    Chapter(_CHECK, "use_it"),
    Chapter(_CHECK, "api"),
    Chapter(_CHECK, "rerun"),
    Chapter(_CHECK, "provenance",
            tuple(f"{name}/*" for name in (*_STARTS, "e5-grid", "raw-grid"))),
    Chapter(_CHECK, "references"),
)  # fmt: skip


def table_of_contents() -> str:
    """The chapters as Jupyter Book reads them: the first is the landing page."""
    landing, *others = CHAPTERS
    parts: dict[str, list[dict[str, str]]] = {}
    for chapter in others:
        parts.setdefault(chapter.part, []).append({"file": chapter.file})
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
