"""XQuAD-R and MLQA-R as ``mteb`` tasks: in one language, across two, in one pool of all languages.

::

    import mteb
    from hybridlib.integrations.mteb import XQuADRMultilingual

    results = mteb.evaluate(mteb.get_model("intfloat/multilingual-e5-small"), XQuADRMultilingual())

A subset is the query's language, of the cross-lingual tasks the query's and the candidates', as in
``de-en``. Every candidate is ranked, none cut off: mteb's own depth of 1,000 would hide most of a
rank distance. Scores are those of :func:`hybridlib.evaluation.three_settings.score`. They are
measured whenever they are asked for, all subsets at once: mteb's cache knows local models by one
name, and no model by its weights.
"""

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any, Self

import numpy as np
import pandas as pd
import torch
from datasets import Dataset
from mteb._create_dataloaders import create_dataloader
from mteb.abstasks.retrieval import AbsTaskRetrieval
from mteb.abstasks.task_metadata import TaskMetadata
from mteb.models.model_meta import ScoringFunction
from mteb.types import PromptType

from hybridlib.data import lareqa
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import rank_relevant

_REPOSITORY, _SPLIT, _ALL = "google-research-datasets/lareqa", "test", "all"
_LANGUAGES = {  # ISO 639-1: ISO 639-3 and script, as mteb names them
    "ar": "ara-Arab", "de": "deu-Latn", "el": "ell-Grek", "en": "eng-Latn", "es": "spa-Latn",
    "hi": "hin-Deva", "ru": "rus-Cyrl", "th": "tha-Thai", "tr": "tur-Latn", "vi": "vie-Latn",
    "zh": "zho-Hans",
}  # fmt: skip
_WHERE = {
    "monolingual": "in the question's language",
    "cross-lingual": "in another language",
    "multilingual": "among those of all languages",
}
_METRICS = {  # ours, as mteb writes them
    "mAP": "map", "R@1": "recall_at_1", "R@10": "recall_at_10", "nDCG@10": "ndcg_at_10",
    "rank distance": "rank_distance", "own language first": "own_language_first",
}  # fmt: skip


class ThreeSettingsTask(AbsTaskRetrieval):
    """One of the three settings on a benchmark, for any model that encodes texts to one vector.

    A model that compares its vectors by neither cosine nor dot product is a ValueError.
    """

    benchmark: str
    setting: str
    _support_cross_encoder = False
    _support_search = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.hf_subsets = [_ALL]  # none that mteb finds in its cache, so that it always asks for it

    def load_data(self, num_proc: int | None = None, **kwargs: Any) -> None:
        """Load the benchmark, from the mirror, the cache or the network."""
        self.texts = lareqa.load(self.benchmark)
        self.dataset: dict[str, Any] = {_ALL: {_SPLIT: self.texts}}
        self.data_loaded = True

    def filter_languages(self, *_: Any, **__: Any) -> Self:
        """Refuse: the candidates of all languages are encoded whichever queries are scored."""
        raise ValueError(
            f"{self.metadata.name} scores all languages at once. Way out: take those that you want "
            "from a result of it, as in task_result.get_score(languages=['deu'])"
        )

    def evaluate(
        self, model: Any, split: str = _SPLIT, subsets_to_run: Any = None, **options: Any
    ) -> dict[str, dict[str, float]]:
        """Return the scores of each subset."""
        scores = super().evaluate(model, split, **options)[_ALL]
        wanted = scores if subsets_to_run in (None, [_ALL]) else subsets_to_run
        return {subset: scores[subset] for subset in wanted}

    def _evaluate_subset(
        self, model: Any, data_split: Any, *, encode_kwargs: Any, **options: Any
    ) -> dict[str, dict[str, float]]:
        similarity = model.mteb_model_meta.similarity_fn_name
        if similarity not in (None, ScoringFunction.COSINE, ScoringFunction.DOT_PRODUCT):
            raise ValueError(
                f"{self.metadata.name} ranks by cosine or dot product, the model by {similarity}"
            )
        sides = {PromptType.query: self.texts.queries, PromptType.document: self.texts.candidates}
        vectors = [
            self._encode(model, side["text"], kind, encode_kwargs) for kind, side in sides.items()
        ]
        scores = three_settings.score(rank_relevant(self.texts, *vectors))
        scores = scores[scores["setting"] == self.setting]
        subset = _subset(self.setting, scores["query_language"], scores["candidate_language"])
        table = scores.assign(subset=subset).pivot(index="subset", columns="metric", values="value")
        return table.rename(columns=_METRICS).to_dict("index")

    def _add_main_score(self, scores: Mapping[str, Any]) -> None:
        for cells in scores.values():
            super()._add_main_score(cells)

    def _encode(
        self, model: Any, texts: pd.Series, side: PromptType, options: dict[str, Any]
    ) -> np.ndarray:
        """Vectors whose products are the model's scores. Shape: (texts, dimensions)."""
        rows = Dataset.from_dict({"id": [str(row) for row in texts.index], "text": list(texts)})
        size = {"batch_size": options["batch_size"]} if "batch_size" in options else {}
        loader = create_dataloader(rows, task_metadata=self.metadata, prompt_type=side, **size)
        where = {"task_metadata": self.metadata, "hf_split": _SPLIT, "hf_subset": _ALL}
        vectors = model.encode(loader, prompt_type=side, **where, **options)
        # normalized in double: rounding must not exchange candidates that are nearly as similar
        embeddings = torch.as_tensor(vectors).cpu().double()
        if model.mteb_model_meta.similarity_fn_name != ScoringFunction.DOT_PRODUCT:
            embeddings = torch.nn.functional.normalize(embeddings, dim=1)
        return embeddings.float().numpy()


def _subset(setting: str, query_language: Any, candidate_language: Any) -> Any:
    is_pair = setting == "cross-lingual"
    return query_language + "-" + candidate_language if is_pair else query_language


def _tasks(name: str, benchmark: str) -> Iterator[type[ThreeSettingsTask]]:
    languages = list(lareqa.CHECKSUMS[benchmark])
    for setting, where in _WHERE.items():
        pairs = [(language, language) for language in languages]
        if setting == "cross-lingual":
            pairs = list(permutations(languages, 2))
        metadata = TaskMetadata(
            name=f"{name}{setting.replace('-', '').capitalize()}",
            dataset={"path": _REPOSITORY, "revision": lareqa.COMMITS[benchmark]},
            description=f"The sentence that answers a question of {name[:-1]}, {where}",
            reference=f"https://github.com/{_REPOSITORY}",
            type="Retrieval",
            category="t2t",
            eval_splits=[_SPLIT],
            eval_langs={
                _subset(setting, *pair): list(dict.fromkeys(_LANGUAGES[code] for code in pair))
                for pair in pairs
            },
            main_score="map",
        )
        members = {"metadata": metadata, "benchmark": benchmark, "setting": setting}
        yield type(metadata.name, (ThreeSettingsTask,), members | {"__module__": __name__})


XQuADRMonolingual, XQuADRCrosslingual, XQuADRMultilingual = _tasks("XQuADR", "xquad-r")
MLQARMonolingual, MLQARCrosslingual, MLQARMultilingual = _tasks("MLQAR", "mlqa-r")
