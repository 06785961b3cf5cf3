"""XQuAD-R and MLQA-R as ``mteb`` tasks: in one language, across two, in one pool of all languages.

::

    import mteb
    from hybridlib.integrations.mteb import XQuADRMultilingual

    results = mteb.evaluate(mteb.get_model("intfloat/multilingual-e5-small"), XQuADRMultilingual())

A subset is the query's language, of the cross-lingual tasks the query's and the candidates', as in
``de-en``. Every candidate is ranked, none cut off: mteb's own depth of 1,000 would hide most of a
rank distance. Scores are those of :func:`hybridlib.evaluation.three_settings.score`.
"""

from typing import Any

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

_SPLIT = "test"
_LANGUAGES = {  # ISO 639-1: ISO 639-3 and script, as mteb names them
    "ar": "ara-Arab", "de": "deu-Latn", "el": "ell-Grek", "en": "eng-Latn", "es": "spa-Latn",
    "hi": "hin-Deva", "ru": "rus-Cyrl", "th": "tha-Thai", "tr": "tur-Latn", "vi": "vie-Latn",
    "zh": "zho-Hans",
}  # fmt: skip
_METRICS = {  # ours, as mteb writes them
    "mAP": "map",
    "R@1": "recall_at_1",
    "R@10": "recall_at_10",
    "nDCG@10": "ndcg_at_10",
    "rank distance": "rank_distance",
    "own language first": "own_language_first",
}


class ThreeSettingsTask(AbsTaskRetrieval):
    """One of the three settings on a benchmark, for any model that encodes texts to one vector.

    Raises
    ------
    ValueError
        If the model compares its vectors by neither cosine nor dot product.
    """

    benchmark: str
    setting: str
    _support_cross_encoder = False
    _support_search = False

    def load_data(self, num_proc: int | None = None, **kwargs: Any) -> None:
        """Load the benchmark, from the mirror, the cache or the network."""
        self.texts = lareqa.load(self.benchmark)
        self.dataset: dict[str, Any] = {subset: {_SPLIT: self.texts} for subset in self.hf_subsets}
        self._scored: tuple[Any, pd.DataFrame] | None = None
        self.data_loaded = True

    def _evaluate_subset(
        self, model: Any, data_split: Any, *, hf_subset: str, **options: Any
    ) -> dict[str, float]:
        if self._scored is None or self._scored[0] is not model:  # else a subset before did it
            self._scored = model, self._score(model, options["encode_kwargs"])
        cells = self._scored[1].loc[hf_subset]
        return {_METRICS[metric]: value for metric, value in cells.items()}

    def _score(self, model: Any, encode_kwargs: dict[str, Any]) -> pd.DataFrame:
        """Score every subset. Shape: (subsets, metrics)."""
        similarity = model.mteb_model_meta.similarity_fn_name
        if similarity not in (None, ScoringFunction.COSINE, ScoringFunction.DOT_PRODUCT):
            raise ValueError(
                f"{self.metadata.name} ranks by cosine or dot product, the model by {similarity}"
            )
        ranks = rank_relevant(
            self.texts,
            self._encode(model, self.texts.queries["text"], PromptType.query, encode_kwargs),
            self._encode(model, self.texts.candidates["text"], PromptType.document, encode_kwargs),
        )
        scores = three_settings.score(ranks)
        scores = scores[scores["setting"] == self.setting]
        subset = _subset(self.setting, scores["query_language"], scores["candidate_language"])
        return scores.assign(subset=subset).pivot(index="subset", columns="metric", values="value")

    def _encode(
        self, model: Any, texts: pd.Series, side: PromptType, options: dict[str, Any]
    ) -> np.ndarray:
        """Vectors whose products are the model's scores. Shape: (texts, dimensions)."""
        rows = Dataset.from_dict({"id": [str(row) for row in texts.index], "text": list(texts)})
        size = {"batch_size": options["batch_size"]} if "batch_size" in options else {}
        loader = create_dataloader(rows, task_metadata=self.metadata, prompt_type=side, **size)
        where = {"task_metadata": self.metadata, "hf_split": _SPLIT, "hf_subset": "all"}
        vectors = model.encode(loader, prompt_type=side, **where, **options)
        # normalized in double: rounding must not exchange candidates that are nearly as similar
        embeddings = torch.as_tensor(vectors).cpu().double()
        if model.mteb_model_meta.similarity_fn_name != ScoringFunction.DOT_PRODUCT:
            embeddings = torch.nn.functional.normalize(embeddings, dim=1)
        return embeddings.float().numpy()


def _subset(setting: str, query_language: Any, candidate_language: Any) -> Any:
    is_pair = setting == "cross-lingual"
    return query_language + "-" + candidate_language if is_pair else query_language


def _task(name: str, benchmark: str, setting: str, description: str) -> type[ThreeSettingsTask]:
    languages = list(lareqa.CHECKSUMS[benchmark])
    if setting == "cross-lingual":
        pairs = [(query, other) for query in languages for other in languages if query != other]
    else:
        pairs = [(language, language) for language in languages]
    metadata = TaskMetadata(
        name=name,
        dataset={
            "path": "google-research-datasets/lareqa",
            "revision": lareqa.COMMITS[benchmark],
        },
        description=f"The sentence that answers a question of {description}",
        reference="https://github.com/google-research-datasets/lareqa",
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
    return type(name, (ThreeSettingsTask,), members | {"__module__": __name__})


_WHERE = {
    "Monolingual": ("monolingual", "in the question's language"),
    "Crosslingual": ("cross-lingual", "in another language"),
    "Multilingual": ("multilingual", "among those of all languages"),
}
XQuADRMonolingual, XQuADRCrosslingual, XQuADRMultilingual = (
    _task(f"XQuADR{name}", "xquad-r", setting, f"XQuAD, {words}")
    for name, (setting, words) in _WHERE.items()
)
MLQARMonolingual, MLQARCrosslingual, MLQARMultilingual = (
    _task(f"MLQAR{name}", "mlqa-r", setting, f"MLQA, {words}")
    for name, (setting, words) in _WHERE.items()
)
