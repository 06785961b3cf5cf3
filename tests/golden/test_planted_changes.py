"""The smallest changes that would move a published number each fail the golden of their version."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from hybridlib.evaluation import ranking
from hybridlib.models.backbones import BACKBONES
from hybridlib.models.encoder import DualEncoder
from hybridlib.search import large_search
from hybridlib.training import batches, fit, trainer, validation
from hybridlib.training.false_negatives import OnePairAGroup
from hybridlib.training.sampling import SAMPLERS
from tests.golden import measuring
from tests.golden.computations import COMPUTATIONS
from tests.golden.test_golden import check
from tests.golden.training import cases as trainings

pytestmark = pytest.mark.filterwarnings("ignore:too few groups:UserWarning")
TINY = [name for name in COMPUTATIONS["encoding"]() if "e5" not in name]


def fails(computation, folder, case):
    expected = f"(?s){computation}, version .*{case}.*If it was not"
    with pytest.raises(pytest.fail.Exception, match=expected):
        check(computation, folder, [case])


@pytest.mark.parametrize("case", trainings())
def test_a_temperature_five_percent_off(case, tmp_path, monkeypatch):
    def off(queries, passages, temperature, *negatives, loss=trainer.info_nce):
        return loss(queries, passages, 1.05 * temperature, *negatives)

    monkeypatch.setattr(trainer, "info_nce", off)
    fails("training", tmp_path, case)


@pytest.mark.parametrize("case", ["hybrid", "constant schedule", "best step", "bfloat16"])
def test_a_learning_rate_ten_percent_off(case, tmp_path, monkeypatch):
    def off(parameters, folder, arguments=fit._arguments):
        return arguments(replace(parameters, learning_rate=1.1 * parameters.learning_rate), folder)

    monkeypatch.setattr(fit, "_arguments", off)
    fails("training", tmp_path, case)


@pytest.mark.parametrize("case", ["negatives", "cached gradients"])
def test_positives_shifted_by_one(case, tmp_path, monkeypatch):
    def shifted(queries, passages, *others, loss=trainer.info_nce):
        return loss(queries, passages.roll(1, 0), *others)

    monkeypatch.setattr(trainer, "info_nce", shifted)
    fails("training", tmp_path, case)


@pytest.mark.parametrize(
    ("computation", "case"),
    [("training", "hybrid"), *(("encoding", case) for case in TINY)],
)
def test_a_dropped_prefix(computation, case, tmp_path, monkeypatch):
    def without(self, texts, side, tokenize=DualEncoder.tokenize):
        self.settings = replace(self.settings, query_prefix="", passage_prefix="")
        return tokenize(self, texts, side)

    monkeypatch.setattr(DualEncoder, "tokenize", without)
    fails(computation, tmp_path, case)


def test_a_prefix_dropped_from_a_backbone(tmp_path, monkeypatch):
    name = "raw-e5-small-4bit"
    monkeypatch.setitem(BACKBONES, name, replace(BACKBONES[name], settings={}))
    fails("encoding", tmp_path, name)


@pytest.mark.parametrize("case", ["parallel answers", "of pairs"])
def test_ties_that_go_for_the_relevant_candidate(case, tmp_path, monkeypatch):
    def above(*where, among=ranking._ranks_among):
        *where, target = where
        return among(*where, np.nextafter(target, np.float32(np.inf)))

    monkeypatch.setattr(ranking, "_ranks_among", above)
    fails("ranking", tmp_path, case)


def test_answers_in_other_languages_that_no_longer_count(tmp_path, monkeypatch):
    def own(self, relevant=RetrievalBenchmark.relevant_candidates):
        rows = relevant(self)
        language = [
            frame["language"].to_numpy()[rows[name]]
            for name, frame in (("query", self.queries), ("candidate", self.candidates))
        ]
        return rows[language[0] == language[1]].reset_index(drop=True)

    monkeypatch.setattr(RetrievalBenchmark, "relevant_candidates", own)
    for case in COMPUTATIONS["ranking"]():
        fails("ranking", tmp_path, case)


def test_ties_that_go_for_the_later_passage(tmp_path, monkeypatch):
    def later_first(parts, k, best_of=large_search.best_of):
        found = best_of([large_search.Found(s, -p) for s, p in parts], k)
        return large_search.Found(found.scores, -found.positions)

    monkeypatch.setattr(large_search, "best_of", later_first)
    fails("search", tmp_path, "three shards")


def test_a_top_that_is_one_shorter(tmp_path, monkeypatch):
    nine = partial(measuring.mix_of.language_mix, k=9)
    monkeypatch.setattr(measuring.mix_of, "language_mix", nine)
    fails("language-mix", tmp_path, "top ten")


class OfTexts(OnePairAGroup):
    """The rule of the first edition: distinct pairs, whatever their groups."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.groups, self.negative_groups = np.arange(len(pairs)), None


class PassNegatives(OnePairAGroup):
    """One pair a group, but hard negatives are not looked at."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.negative_groups = None


@pytest.mark.parametrize("rule", [OfTexts, PassNegatives])
@pytest.mark.parametrize("case", [*SAMPLERS, "validation"])
def test_a_relaxed_rule_of_one_pair_a_group(case, rule, tmp_path, monkeypatch):
    for module in (batches, validation):
        monkeypatch.setattr(module, "OnePairAGroup", rule)
    fails("sampling", tmp_path, case)


def test_groups_without_query_ids_and_a_hold_out_by_pair(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("hybridlib.data.parallel.QUERY_ID", "none")
        fails("sampling", tmp_path, "groups")
    monkeypatch.setattr(ParallelPairs, "groups", property(lambda self: np.arange(len(self))))
    fails("sampling", tmp_path, "hold-out")
