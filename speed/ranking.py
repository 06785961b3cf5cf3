"""All ranks of XQuAD-R's size from given embeddings, against pytrec_eval over full rankings."""

import resource
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytrec_eval

from hybridlib.data import lareqa
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import rank_relevant
from speed.timing import seconds

NUM_ORACLE_QUERIES = 12  # pytrec_eval is timed on these, a query a language and one more


def benchmark_of_xquad_size() -> RetrievalBenchmark:
    """XQuAD-R where it is at hand, else random judgements of its size."""
    try:
        return lareqa.load("xquad-r")
    except ConnectionError:
        languages = [f"a{letter}" for letter in "abcdefghijk"]
        return parallel("random of XQuAD-R's size", languages, 1190, 1183)


def parallel(
    name: str, languages: Sequence[str], num_questions: int, num_answers: int
) -> RetrievalBenchmark:
    """Questions in every language, each with an answer in every language."""
    questions, answers = range(num_questions), range(num_answers)
    return RetrievalBenchmark(
        name,
        pd.DataFrame(
            [(language, f"q{i}", "?") for language in languages for i in questions],
            columns=["language", "question", "text"],
        ),
        pd.DataFrame(
            [(language, f"{language}{i}", ".") for language in languages for i in answers],
            columns=["language", "candidate", "text"],
        ),
        pd.DataFrame(
            [
                (f"q{i}", f"{language}{i % num_answers}")
                for language in languages
                for i in questions
            ],
            columns=["question", "candidate"],
        ),
    )


def in_many_languages(num_pairs: int, num_languages: int = 300) -> None:
    """Print the seconds of one question's ranks and scores: so many answers, squared."""
    languages = [f"l{number}" for number in range(num_languages)]
    benchmark = parallel("one question", languages, 1, 1)
    queries, candidates = np.random.default_rng(0).normal(size=(2, num_languages, 384))
    work = lambda: three_settings.score(rank_relevant(benchmark, queries, candidates))  # noqa: E731
    spent = [seconds(work) for _ in range(num_pairs + 1)][1:]
    print(f"ranking one question in {num_languages} languages: {np.median(spent):.2f} s")


def main(num_pairs: int) -> None:
    """Print the seconds and memory of all ranks and scores, and the ratio to pytrec_eval."""
    benchmark = benchmark_of_xquad_size()
    rng = np.random.default_rng(0)
    queries, candidates = (
        rng.normal(size=(len(frame), 384)).astype(np.float32)
        for frame in (benchmark.queries, benchmark.candidates)
    )
    ours = [
        seconds(lambda: three_settings.score(rank_relevant(benchmark, queries, candidates)))
        for _ in range(num_pairs + 1)
    ][1:]
    ranking = [
        seconds(lambda: rank_relevant(benchmark, queries, candidates)) for _ in range(num_pairs)
    ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    share = len(benchmark.queries) / NUM_ORACLE_QUERIES
    every = [
        share * seconds(lambda: trec_eval(benchmark, queries, candidates)) for _ in range(num_pairs)
    ]
    ratios = [b / a for a, b in zip(ours, every, strict=True)]
    theirs = np.median(every)
    print(
        f"ranking {benchmark.name}: all ranks in {np.median(ranking):.2f} s, with scores "
        f"{np.median(ours):.2f} s, at most {memory:.2f} GiB in the process; pytrec_eval "
        f"{theirs:.0f} s (from {NUM_ORACLE_QUERIES} queries), "
        f"{np.median(ratios):.0f} times as fast (pairs {min(ratios):.0f} to {max(ratios):.0f})"
    )
    in_many_languages(num_pairs)


def trec_eval(benchmark: RetrievalBenchmark, queries: np.ndarray, candidates: np.ndarray) -> None:
    """The same measures for some queries through full rankings: each language and the pool."""
    ids, languages = benchmark.candidates["candidate"].to_numpy(), benchmark.candidates["language"]
    relevant = benchmark.relevance.groupby("question")["candidate"].agg(list)
    chosen = np.linspace(0, len(queries) - 1, NUM_ORACLE_QUERIES).astype(int)
    pools = [np.flatnonzero(languages == language) for language in benchmark.candidate_languages]
    for pool in [*pools, np.arange(len(ids))]:
        members = set(ids[pool])
        qrels, run = {}, {}
        for row in chosen:
            answers = relevant[benchmark.queries["question"][row]]
            qrels[str(row)] = {answer: 1 for answer in answers if answer in members}
            scores = (candidates[pool] @ queries[row]).tolist()
            run[str(row)] = dict(zip(ids[pool].tolist(), scores, strict=True))
        measures = {"map", "recall.1,10", "ndcg_cut.10"}
        pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(run)
