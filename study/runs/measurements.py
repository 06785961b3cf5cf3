"""What each kind of benchmark measures of an encoder, computed once and stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import embeddings, rank_relevant
from hybridlib.models.encoder import DualEncoder, EncoderIdentity
from hybridlib.processes import processes
from study.data.registry import QUESTIONS_OF, TOP_OF, TRANSLATION_BENCHMARKS, load_benchmark
from study.data.sib_200 import ParallelSentences
from study.evaluation import language_content
from study.evaluation.language_mix import language_mix
from study.evaluation.translation_retrieval import pair_scores, pool_scores, translation_retrieval
from study.runs.planned_encoder import PlannedEncoder
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import STORED_SCORES, Computed, Scorer, Store


@dataclass(frozen=True)
class Measurement:
    """What to measure of any encoder.

    ``asked`` and ``revision``, of the data, enter the key, as does ``computation``, a name in
    :data:`study.store.key.VERSIONS`. Of several processes the main one calls ``compute``, or all do
    if it ``is_shared``.
    """

    asked: Mapping[str, str]
    revision: str
    computation: str
    compute: Callable[[DualEncoder], Computed | None]
    scorer: Scorer = STORED_SCORES
    is_shared: bool = False

    def _revisions(self, encoder: EncoderIdentity) -> dict[str, str]:
        return {"benchmark": self.revision, "encoder": encoder.revision}

    def key(self, encoder: EncoderIdentity) -> str:
        """Hash of everything that the result for an encoder depends on."""
        inputs = self._revisions(encoder) | {"settings": encoder.usage}
        return run_key(self.asked, inputs, ["encoding", self.computation])

    def of(self, encoder: PlannedEncoder, store: Store, folder: Path) -> Run:
        """Measure an encoder, or load what an equal run left."""

        def compute() -> Computed | None:
            model = encoder.load()  # all processes: those that train it again do so together
            return self.compute(model) if self.is_shared or processes().is_main_process else None

        key, revisions = self.key(encoder.identity), self._revisions(encoder.identity)
        return store.keep(folder, key, self.asked, revisions, compute, self.scorer)


def of_benchmark(benchmark: str) -> Measurement:
    """What a benchmark that memory holds measures, by its name."""
    if benchmark in TRANSLATION_BENCHMARKS:
        return translations(TRANSLATION_BENCHMARKS[benchmark]())
    if benchmark in QUESTIONS_OF:
        return questions(load_benchmark(QUESTIONS_OF[benchmark]))
    if benchmark in TOP_OF:
        return top_ten(load_benchmark(TOP_OF[benchmark]))
    return ranks(load_benchmark(benchmark))


def ranks(benchmark: RetrievalBenchmark) -> Measurement:
    """Exact ranks of every relevant candidate, and their scores in the three settings."""

    def compute(model: DualEncoder) -> Computed:
        found = rank_relevant(benchmark, *embeddings(model, benchmark))
        # the candidate's id is half of the file; question and language tell it
        return Computed(three_settings.score(found), found.drop(columns="candidate"))

    def scores(run: Run) -> pd.DataFrame:
        return three_settings.score(run.ranks)

    asked = {"benchmark": benchmark.name}
    return Measurement(asked, benchmark.revision, "ranking", compute, scores)


def questions(benchmark: RetrievalBenchmark) -> Measurement:
    """What embeddings of its queries tell of their language; as ranks, the values by question."""

    def compute(model: DualEncoder) -> Computed:
        texts = benchmark.queries["text"].tolist()
        vectors = model.encode(texts, "query", progress=f"{benchmark.name} questions")
        content = language_content.language_content(benchmark.queries, vectors)
        return Computed(language_content.score(content), content)

    asked = {"questions": benchmark.name}
    return Measurement(asked, benchmark.revision, "language-content", compute)


def top_ten(benchmark: RetrievalBenchmark) -> Measurement:
    """The languages in the top ten of the pool of all languages."""

    def compute(model: DualEncoder) -> Computed:
        return Computed(language_mix(benchmark, *embeddings(model, benchmark)))

    return Measurement({"top of": benchmark.name}, benchmark.revision, "language-mix", compute)


def translations(sentences: ParallelSentences) -> Measurement:
    """Every variety's sentences among those of every other; as ranks, a row an ordered pair.

    Each sentence is encoded once, as a query: both sides of a translation are alike.
    """

    def compute(model: DualEncoder) -> Computed:
        texts = [text for variety in sentences.varieties for text in sentences.texts[variety]]
        vectors = model.encode(texts, "query", progress=sentences.name)
        parts = np.split(vectors, len(sentences.varieties))
        found = translation_retrieval(dict(zip(sentences.varieties, parts, strict=True)))
        return Computed(pool_scores(found), pair_scores(found))

    return Measurement({"benchmark": sentences.name}, sentences.revision, "translation", compute)
