"""The paper's eleven claims: what was done, and whether each finding replicates."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML
from scipy.stats import binomtest

from book.shared import html, stored_runs
from book.shared.numbers import number
from book.shared.reference import DATASETS
from book.shared.samplers import of_sampler
from book.shared.stored_runs import Place, ranks_of
from hybridlib.data.parallel import Example
from hybridlib.training.parameters import UNTRAINED
from hybridlib.training.sampling import SAMPLERS
from study.analysis.data_counts import COUNTS
from study.analysis.expected_power import POWER
from study.statistics import endpoints
from study.store.runs import Store

DONE = {
    1: "Fine-tuning uses a mix of monolingual and cross-lingual question-answer batches.",
    2: "Experiments cover XQuAD-R, MLQA-R and MIRACL.",
    3: "XQuAD-R and MLQA-R have parallel questions and passages in 11 and 7 languages.",
    4: "mAP is reported for XQuAD-R and MLQA-R.",
    5: "Evaluation sets are separate from the training sets.",
}
FINDINGS = {
    6: "X-X and X-Y only do well in monolingual and in cross-lingual retrieval respectively.",
    7: "Hybrid batch sampling is best in multilingual retrieval.",
    8: "Hybrid beats both baselines from either initialisation.",
    9: "Hybrid batches reduce language bias compared with monolingual training.",
    10: "Hybrid training gives strong zero-shot retrieval across diverse languages.",
    11: "The approach learns language-agnostic representations.",
}
NUM_LANGUAGES = {"mlqa-r": 7, "xquad-r": 11}


def judged(places: Sequence[Place]) -> dict[str, dict[tuple[str, str], endpoints.Judgement]]:
    """What is said of each claim in each setting, by its name in the margins file."""
    names = {of_sampler(name): name for name in (UNTRAINED, *SAMPLERS)}
    scores = {
        (place.profile, place.benchmark): {
            names[label]: scored for label, scored in place.scores.items() if label in names
        }
        for place in places
        if place.has_runs
    }
    return {claim: endpoints.settle(claim, scores) for claim in endpoints.ENDPOINTS}


def findings(places: Sequence[Place]) -> HTML:
    """A row a claim: its line, what is said in each setting, and the power reckoned beforehand."""
    titles = {(place.profile, place.benchmark): place.title for place in places}
    power = expected(places)
    rows = []
    for claim, settings in judged(places).items():
        which = int(claim.split()[1].strip(","))
        comparable = " As a weaker claim: comparable to X-Y." if "comparable" in claim else ""
        row = {"claim": f"{which}. {FINDINGS[which]}{comparable}"}
        row |= {"here": endpoints.line(settings)}
        row |= {
            titles.get(setting, ", ".join(setting)): _in_words(one, power.get((claim, *setting)))
            for setting, one in settings.items()
        }
        rows.append(row)
    return html.show_plain(pd.DataFrame(rows), "claims")


def _in_words(judged: endpoints.Judgement, power: float | None) -> str:
    """What is said of a claim in a setting."""
    words: list[str] = [judged.outcome]
    if judged.outcome != "not run":
        words += ["p < 0.001" if judged.p < 0.001 else f"p = {number(judged.p)}"]
    return ", ".join(words if power is None else [*words, f"power {number(power, 2)}"])


def expected(places: Sequence[Place]) -> dict[tuple[str, str, str], float]:
    """Power of each claim, by its name, start and benchmark, where it was reckoned."""
    return {
        (row.claim, place.profile, row.benchmark): row.power
        for place in places
        if place.store.folder(place.profile, POWER).is_dir()
        for run in stored_runs.runs(place.store, place.profile, POWER).values()
        for row in run.scores.itertuples()
    }


def parts(places: Sequence[Place]) -> HTML:
    """A row a claim, setting and part: what is expected, and p-values in both directions."""
    rows = []
    for claim, settings in judged(places).items():
        for (start, benchmark), one in settings.items():
            planned = [p for p in endpoints.ENDPOINTS[claim] if start in p.starts]
            rows += [
                {
                    "claim": claim, "start": start, "benchmark": DATASETS[benchmark],
                    "sampler": part.sampler, "expects": part.expects, "against": part.against,
                    "measure": ", ".join(part.measure), "p": shown, "p, reversed": turned,
                }
                for part, (shown, turned) in zip(planned, one.parts, strict=False)
            ]  # fmt: skip
    table = pd.DataFrame(rows)
    ps = table[["p", "p, reversed"]].map(lambda p: "< 0.001" if p < 0.001 else number(p))
    shown = html.show_plain(table.assign(**ps), "claims-parts", numbers=table)
    return html.fold(f"{len(table)} parts", shown)


def done(places: Sequence[Place], batches: Sequence[Sequence[Example]], store: Store) -> HTML:
    """Claims 1 to 5, what was done: a row a fact, and whether it is as the paper says."""
    rows = [*_batches(batches), *_benchmarks(places), *_separate(store)]
    table = pd.DataFrame(rows, columns=["number", "found", "as the paper says"])
    table.insert(1, "claim", table["number"].map(DONE))
    table["as the paper says"] = table["as the paper says"].map({True: "yes", False: "no"})
    return html.show_plain(table.sort_values("number", kind="stable"), "protocol")


def _batches(batches: Sequence[Sequence[Example]]) -> list[tuple[int, str, bool]]:
    is_x_x = [len({language for e in batch for language in e[1:]}) == 1 for batch in batches]
    is_x_y = [all(e.query_language != e.passage_language for e in batch) for batch in batches]
    pure = all(one or other for one, other in zip(is_x_x, is_x_y, strict=True))
    p = binomtest(sum(is_x_x), len(is_x_x), 0.5).pvalue
    return [
        (1, "every hybrid batch is in one language, or crosses languages throughout", pure),
        (1, f"{sum(is_x_x)} of {len(is_x_x)} are X-X: a fair coin's p is {p:.2f}", p > 0.05),
    ]


def _benchmarks(places: Sequence[Place]) -> list[tuple[int, str, bool]]:
    """Claims 2 to 4, from one run on each benchmark."""
    found = {place.benchmark: place for place in places if place.has_runs}
    rows = [
        (2, f"{DATASETS[name]}: {'evaluated' if name in found else 'not run'}", name in found)
        for name in (*NUM_LANGUAGES, "miracl")
    ]
    for benchmark in filter(found.get, NUM_LANGUAGES):
        name = DATASETS[benchmark]
        run = next(iter(found[benchmark].runs.values()))
        ranks = ranks_of(run)
        answers = ranks.groupby("question")["candidate_language"].nunique()
        languages = ranks["query_language"].nunique()
        words = (
            f"{name}: {languages} languages; a question has answers in "
            f"{answers.min()} of them or more, {answers.mean():.1f} on average"
        )
        rows.append((3, words, languages == NUM_LANGUAGES[benchmark] and answers.min() > 1))
        settings = run.scores.loc[run.scores["metric"] == "mAP", "setting"].unique()
        rows.append((4, f"{name}: mAP in {', '.join(settings)} retrieval", len(settings) == 3))
    return rows


def _separate(store: Store) -> list[tuple[int, str, bool]]:
    rows = []
    for benchmark in NUM_LANGUAGES:
        run = store.load(store.folder("balanced-help", COUNTS, benchmark))
        total = run.scores[["evaluation_texts", "equal", "shared_run"]].sum()
        words = (
            f"{DATASETS[benchmark]}: of {total['evaluation_texts']:,} evaluation texts "
            f"{total['equal']} are training texts, {total['shared_run']} share a long run of "
            "characters with one"
        )
        rows.append((5, words, total["equal"] == 0))
    return rows
