"""The three settings as sentence-transformers' evaluator."""

from typing import Any

from sentence_transformers.sentence_transformer.evaluation import SentenceEvaluator

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import rank_relevant


class ThreeSettingsEvaluator(SentenceEvaluator):
    """Mo., Cr. and Mul. mAP and rank distance of a model on a benchmark, while it trains.

    The score is the cosine. sentence-transformers runs it once, whatever the number of processes.

    Parameters
    ----------
    benchmark
        With queries and candidates in two or more languages.
    query_prompt, passage_prompt
        What stands before a text; by default the model's own. Those that the trainer's arguments
        name are for training alone.
    batch_size
        Texts a batch.

    Raises
    ------
    ValueError
        If the benchmark has queries or candidates in one language alone.
    """

    def __init__(
        self,
        benchmark: RetrievalBenchmark,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
        batch_size: int = 32,
    ) -> None:
        super().__init__()
        sides = {"queries": benchmark.query_languages, "candidates": benchmark.candidate_languages}
        for side, languages in sides.items():
            if len(languages) < 2:
                raise ValueError(
                    f"{benchmark.name} has {side} in {languages[0]!r} alone; cross-lingual and "
                    "multilingual retrieval need two languages"
                )
        self.benchmark = benchmark
        self.query_prompt = query_prompt
        self.passage_prompt = passage_prompt
        self.batch_size = batch_size
        self.primary_metric = "multilingual_map"

    def __call__(
        self, model: Any, output_path: str | None = None, epoch: int = -1, steps: int = -1
    ) -> dict[str, float]:
        """Score a ``SentenceTransformer``.

        Returns
        -------
        ``{benchmark}_monolingual_map``, ``_cross-lingual_map``, ``_multilingual_map`` in [0, 1] and
        ``_rank_distance`` in positions, macro averages over languages or their pairs.
        """
        options: dict[str, Any] = {"batch_size": self.batch_size, "normalize_embeddings": True}
        queries, candidates = self.benchmark.queries["text"], self.benchmark.candidates["text"]
        ranks = rank_relevant(
            self.benchmark,
            model.encode_query(queries.tolist(), prompt=self.query_prompt, **options),
            model.encode_document(candidates.tolist(), prompt=self.passage_prompt, **options),
        )
        summary = three_settings.summarize(three_settings.score(ranks))
        means = summary.set_index(["setting", "metric"])["value"]
        metrics = {
            f"{setting}_map": means[setting, "mAP"]
            for setting in ("monolingual", "cross-lingual", "multilingual")
        }
        metrics["rank_distance"] = means["multilingual", "rank distance"]
        metrics = self.prefix_name_to_metrics(metrics, self.benchmark.name)
        self.store_metrics_in_model_card_data(model, metrics, epoch, steps)
        return metrics
