"""A trained encoder for others: weights, model card and scores that the hub and mteb read."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from hybridlib.data import miracl_hard_negatives
from hybridlib.data.registry import (
    QUESTIONS_OF,
    STREAMED_BENCHMARKS,
    TOP_OF,
    TRANSLATION_BENCHMARKS,
)
from hybridlib.files import whole_folder
from hybridlib.models import on_disk
from hybridlib.models.text_settings import TextSettings
from hybridlib.report import samplers, stored_runs, tables
from hybridlib.report.sentences import written
from hybridlib.store.run import Run
from hybridlib.store.runs import Store

LANGUAGES = {  # ISO 639-1: ISO 639-3 and script, as mteb names them
    "ar": "ara-Arab", "bn": "ben-Beng", "de": "deu-Latn", "el": "ell-Grek", "en": "eng-Latn",
    "es": "spa-Latn", "fa": "fas-Arab", "fi": "fin-Latn", "fr": "fra-Latn", "hi": "hin-Deva",
    "id": "ind-Latn", "ja": "jpn-Jpan", "ko": "kor-Hang", "ru": "rus-Cyrl", "sw": "swh-Latn",
    "te": "tel-Telu", "th": "tha-Thai", "tr": "tur-Latn", "vi": "vie-Latn", "zh": "zho-Hans",
}  # fmt: skip
_TASKS = {"miracl": "MIRACLRetrieval", miracl_hard_negatives.NAME: "MIRACLRetrievalHardNegatives"}
_CARD = """---
{data}
---

# {name}

A multilingual dual encoder for retrieval, trained with the sampler {label} (α is the share of
monolingual batches) on the corpus <code>{corpus}</code>, from <code>{backbone}</code>; seed {seed},
{num_steps} steps of {batch_size} pairs, temperature {temperature}, learning rate {learning_rate}.

Prefix queries with <code>{query_prefix}</code> and passages with <code>{passage_prefix}</code>;
sentence-transformers does it with the prompts `query` and `passage`.

| benchmark | measure | score |
|---|---|---|
{rows}

With 95 % intervals over questions. Mo.: one language; Cr.: query and candidates in different
languages; Mul.: the pool of all languages; nDCG@10 and R@100: one language.
Rank distance is the language bias in positions, lower is better. Run {key}, commit {commit},
{date}, {hardware}.
"""


def publish(profile: str, name: str, folder: Path | str, store: Store) -> None:
    """Write an encoder with its model card (``README.md``) and its scores for mteb.

    The folder appears whole or not at all.

    Parameters
    ----------
    profile, name
        Of a run whose encoder lies under ``build/encoders``.
    folder
        Where to write: the layout of sentence-transformers, and under ``mteb/`` a file a benchmark
        in the form of ``mteb.TaskResult``.
    store
        Where the run lies.

    Raises
    ------
    FileNotFoundError
        If the run or its encoder is missing.
    FileExistsError
        If the folder holds what was not published by this function.
    """
    training = store.load(store.folder(profile, "training", name))
    source = store.build / "encoders" / profile / name
    if on_disk.stored_revision(source) != f"trained {training.key}":
        raise FileNotFoundError(
            f"{source} does not hold the encoder of run {training.key}; run `papermill` on "
            "notebooks/train.py with its parameters to train it again"
        )
    evaluated = {
        file.parent.parent.name: store.load(file.parent)
        for file in sorted((store.results / profile).glob(f"*/{name}/run.json"))
        if file.parent.parent.name
        not in ("training", *QUESTIONS_OF, *TOP_OF, *TRANSLATION_BENCHMARKS)
    }
    encoder = on_disk.load(source)
    folder = Path(folder)
    ours = [*on_disk.files_of(folder), "README.md", "mteb/*.json"]
    with whole_folder(folder, on_disk.MARK, ours) as scratch:
        on_disk.write(encoder, scratch, encoder.revision)
        (scratch / "README.md").write_text(_card(name, training, evaluated, encoder.settings))
        (scratch / "mteb").mkdir()
        for benchmark, run in evaluated.items():
            file = scratch / "mteb" / f"{_task_name(benchmark)}.json"
            file.write_text(json.dumps(_task_result(benchmark, run), indent=1) + "\n")


def _card(
    name: str,
    training: Run,
    evaluated: Mapping[str, Run],
    settings: TextSettings,
) -> str:
    rows, scores = [], []
    for benchmark, run in evaluated.items():
        (clustered,) = stored_runs.scores({name: run}).values()
        means = {
            column: clustered.estimate(tables.cells(clustered, *cell))
            for column, cell in tables.headline_cells(benchmark).items()
        }
        rows += [f"| {benchmark} | {column} | {written(mean)} |" for column, mean in means.items()]
        scores += [
            EvalResult(
                task_type="text-retrieval",
                dataset_type=benchmark,
                dataset_name=benchmark,
                metric_type=column,
                metric_value=round(estimate.mean, 4),
            )
            for column, estimate in means.items()
        ]
    languages = sorted({code for run in evaluated.values() for code in _languages(run)})
    data = ModelCardData(
        language=languages,
        library_name="sentence-transformers",
        pipeline_tag="sentence-similarity",
        tags=["sentence-transformers", "feature-extraction", "multilingual", "retrieval"],
        model_name=name,
        eval_results=scores,
    )
    source = training.provenance
    words = {
        **training.parameters,
        "name": name,
        "label": samplers.label(name),
        "rows": "\n".join(rows),
        "key": training.key,
        "query_prefix": settings.query_prefix,
        "passage_prefix": settings.passage_prefix,
        **{field: source[field] for field in ("commit", "date", "hardware")},
    }
    inert = {field: escape(str(word)) for field, word in words.items()}
    return str(ModelCard(_CARD.format(data=data.to_yaml(), **inert)))


def _languages(run: Run) -> set[str]:
    return set(run.scores["query_language"])


def _task_result(benchmark: str, run: Run) -> dict[str, object]:
    """One entry a query and candidate language; ``main_score`` is mAP, on MIRACL nDCG@10."""
    is_miracl = benchmark in STREAMED_BENCHMARKS
    entries = []
    for (query, candidate), cell in run.scores.groupby(["query_language", "candidate_language"]):
        values = dict(zip(cell["metric"].map(_mteb_name), cell["value"], strict=True))
        codes = _languages(run) if candidate == "all" else {query, candidate}
        entries.append(
            values
            | {
                "main_score": values["ndcg_at_10" if is_miracl else "map"],
                "hf_subset": query if is_miracl else f"{query}-{candidate}",
                "languages": [LANGUAGES[code] for code in sorted(codes)],
            }
        )
    named = run.provenance["revisions"].items()
    revisions = [revision for name, revision in named if name.startswith("benchmark")]
    return {
        "task_name": _task_name(benchmark),
        "dataset_revision": " ".join(revisions),
        "mteb_version": None,
        "scores": {"dev" if is_miracl else "test": entries},
        "evaluation_time": run.provenance["seconds"],
        "kg_co2_emissions": None,
    }


def _task_name(benchmark: str) -> str:
    """Name of a benchmark in mteb, which does not have LAReQA."""
    return _TASKS.get(benchmark, f"LAReQA-{benchmark}")


def _mteb_name(metric: str) -> str:
    """A metric's name in mteb's spelling.

    Examples
    --------
    >>> _mteb_name("nDCG@10"), _mteb_name("R@1"), _mteb_name("rank distance")
    ('ndcg_at_10', 'recall_at_1', 'rank_distance')
    """
    short = metric.lower().replace("@", "_at_").replace(" ", "_")
    return f"recall{short[1:]}" if short.startswith("r_at") else short
