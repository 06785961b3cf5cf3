"""The paper's tables of scores and its figures: what stands for each, and where it is here."""

from dataclasses import dataclass

from book.shared import reference
from book.shared.tables import DISTANCE


@dataclass(frozen=True)
class ScoreTable:
    """A table of scores, and the measure that stands for it: a mean of hybrid batches.

    Parameters
    ----------
    number, what
        Of the table.
    benchmarks, models
        Of its rows.
    setting, metric
        Of the measure.
    notebook, table
        The page that has it here, and the end of the table's name there.
    """

    number: int
    what: str
    benchmarks: tuple[str, ...]
    models: tuple[str, ...]
    setting: str
    metric: str
    notebook: str
    table: str

    def place(self, profile: str, benchmark: str) -> tuple[str, str]:
        """Page and table of a start's runs."""
        if self.notebook == "miracl":
            return "miracl", f"{profile}-{benchmark}-{self.metric}".lower()
        return f"{profile}/{benchmark}/{self.notebook}", f"{profile}-{benchmark}-{self.table}"

    def paper(self, benchmark: str, model: str) -> float:
        """The paper's value of the measure."""
        every = reference.scores()
        chosen = every[
            (every["table"] == self.number)
            & (every["dataset"] == reference.DATASETS[benchmark])
            & (every["model"] == model)
            & (every["sampling"] == "hybrid")
            & (every["setting"] == self.setting)
            & (every["metric"] == self.metric.replace(" ", "_"))
            & (every["language"].fillna("mean") == "mean")
        ]
        return float(chosen["value"].item())


_BOTH, _MODELS, _MUL = ("xquad-r", "mlqa-r"), ("XLM-R", "LaBSE"), "multilingual"
_MAIN, _RECALL = "main_results", "multilingual-R@10"
_BY_LANGUAGE, _BIAS = "mAP and recall by language", "rank distance by language"
SCORE_TABLES = (
    ScoreTable(1, "mAP in three settings", _BOTH, _MODELS, _MUL, "mAP", _MAIN, "headline"),
    ScoreTable(2, "rank distance", _BOTH, _MODELS, _MUL, DISTANCE, _MAIN, "headline"),
    *(
        ScoreTable(number, _BY_LANGUAGE, (benchmark,), (model,), _MUL, "R@10", _MAIN, _RECALL)
        for number, (model, benchmark) in enumerate(
            [(model, benchmark) for model in _MODELS for benchmark in _BOTH], start=3
        )
    ),
    *(
        ScoreTable(number, _BIAS, (one,), _MODELS, _MUL, DISTANCE, "language_bias", "rank-distance")
        for number, one in enumerate(_BOTH, start=7)
    ),
    *(
        ScoreTable(
            number, "by language", ("miracl",), (one,), "monolingual", "nDCG@10", "miracl", ""
        )
        for number, one in enumerate(_MODELS, start=12)
    ),
)
FIGURES = (  # what it shows, and its name on the page of the method
    (1, "the three settings", "three-settings"),
    (2, "what meets in a batch", "batches"),
)
