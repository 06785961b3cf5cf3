from collections import Counter
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.lareqa import DEVELOPMENT
from hybridlib.evaluation import three_settings
from hybridlib.models.encoder import DualEncoder
from hybridlib.models.remedies import REMEDIES
from study.__main__ import main
from study.data import registry
from study.data.registry import DEVELOPMENT_SENTENCES
from study.runs import measurements, remedied_runs
from study.runs.planned_encoder import PlannedEncoder
from study.runs.profile import Profile
from study.runs.remedied_runs import best_value, evaluate, remedied, sweep
from tests.study.runs.test_run import PARAMETERS

TRAINING = asdict(replace(PARAMETERS, num_steps=1))
TRAINING |= {"sampler": ["x-x", "x-y", "hybrid"], "seed": [0, 1]}
PROFILE = Profile("test", "Test", TRAINING, ("tiny",))
VALUES = {"lir": (0, 1, 2), "shift": (0.0, 0.5, 1.0), "weight-average": (0.0, 0.5, 1.0)}


@pytest.fixture
def development(store, monkeypatch, pairs):
    """The store, with a tiny corpus and benchmark in place of the development articles."""
    large = pairs.take(np.flatnonzero(pairs.corpus_of_pair == pairs.corpora.index("large")))
    corpora = {
        DEVELOPMENT_SENTENCES: lambda: large,
        "two": lambda: large.only(["de", "en"]),
        "four": lambda: pairs,
    }
    benchmarks = {DEVELOPMENT: lambda: RetrievalBenchmark.from_pairs("development", large)}
    monkeypatch.setattr(registry, "CORPORA", registry.CORPORA | corpora)
    monkeypatch.setattr(registry, "BENCHMARKS", registry.BENCHMARKS | benchmarks)
    for name, values in VALUES.items():
        monkeypatch.setitem(REMEDIES, name, replace(REMEDIES[name], values=values))
    return store


@pytest.fixture
def encoded(monkeypatch):
    """How many texts were encoded."""
    counts = Counter()

    def encode(self, texts, side, encode=DualEncoder.encode, **options):
        counts[side] += len(texts)
        return encode(self, texts, side, **options)

    monkeypatch.setattr(DualEncoder, "encode", encode)
    return counts


def test_the_remedies_of_a_profile_are_those_of_its_bases_and_one_average_a_seed():
    runs = remedied_runs.remedied_runs(PROFILE)
    bases = ["untrained", "x-x-seed0", "x-x-seed1", "hybrid-0.5-seed0", "hybrid-0.5-seed1"]
    on_vectors = [f"{name}-{base}" for name in ("centring", "lir", "shift") for base in bases]
    averages = [f"weight-average-x-x+x-y-seed{seed}" for seed in (0, 1)]
    assert list(runs) == [*on_vectors, *averages]
    assert runs["lir-hybrid-0.5-seed1"].runs == ("hybrid-0.5-seed1",)
    assert runs["lir-hybrid-0.5-seed1"].siblings == tuple(f"lir-{base}" for base in bases[3:])
    assert runs["lir-untrained"].siblings == ("lir-untrained",)
    assert runs[averages[1]].runs == ("x-x-seed1", "x-y-seed1")
    assert runs[averages[1]].siblings == tuple(averages)


def test_the_command_line_lists_the_remedies_and_refuses_another_name_in_a_sentence():
    listed = CliRunner().invoke(main, ["remedies", "raw"])
    assert "weight-average-x-x+x-y-seed2" in listed.output.split()
    refused = CliRunner().invoke(main, ["remedy", "raw", "shift", "xquad-rr"])
    assert refused.exit_code == 1
    assert "benchmark 'xquad-rr' is unknown, did you mean 'xquad-r'?" in refused.output


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sampler": ["x-x", "x-y"]}, "test has no run of hybrid"),
        ({"num_steps": [1, 2]}, "x-x-seed0-num_steps=1 and .* differ in more than the seed"),
    ],
)
def test_a_profile_without_these_runs_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        remedied_runs.remedied_runs(Profile("test", "Test", TRAINING | change, ("tiny",)))


def test_the_value_with_the_highest_mean_of_three_is_chosen_over_all_seeds():
    def scores(by_value):
        of_three = pd.DataFrame(by_value).melt(var_name="components").assign(metric="mAP")
        return pd.concat([of_three, of_three.assign(metric="rank distance", value=100)])

    first = scores({0: (0.6, 0.2, 0.2), 1: (0.5, 0.4, 0.3), 2: (0.4, 0.4, 0.41)})
    other = scores({0: (0, 0, 0), 1: (0.5, 0.5, 0.5), 2: (0, 0, 0)})
    assert best_value([first], "components") == 2
    assert best_value([first, other], "components") == 1
    tied = scores({2: (0.2,) * 3, 0: (0.1,) * 3, 1: (0.2,) * 3})
    assert best_value([tied], "components") == 1


def test_remedied_runs_are_evaluated_stored_and_loaded_again(development, encoded):
    names = ["lir-x-x-seed0", "weight-average-x-x+x-y-seed0", "centring-untrained"]
    runs = {name: evaluate(PROFILE, name, "tiny", development) for name in names}
    for name, run in runs.items():
        folder = development.results / "test-remedies" / "tiny" / name
        assert development.load(folder).scores.equals(run.scores)
    revisions = {name: run.provenance["revisions"]["encoder"] for name, run in runs.items()}
    siblings = [
        f"{name}-seed{seed}" for name in ("lir-x-x", "weight-average-x-x+x-y") for seed in (0, 1)
    ]
    shares = development.results / "test-remedies" / remedied_runs.SWEEPS
    assert sorted(folder.name for folder in shares.iterdir()) == siblings  # every seed chooses
    swept = [sweep(PROFILE, f"lir-x-x-seed{seed}", development) for seed in (0, 1)]
    for name, made in ((DEVELOPMENT, swept), ("tiny", runs.values())):
        revision = registry.load_benchmark(name).revision
        assert {run.provenance["revisions"]["benchmark"] for run in made} == {revision}
    best = best_value([run.scores for run in swept], "components")
    assert f", lir {best} " in revisions["lir-x-x-seed0"]
    assert revisions["centring-untrained"].startswith("tiny, centring ")
    assert len({run.key for run in runs.values()}) == 3
    before = encoded.copy()
    again = {name: evaluate(PROFILE, name, "tiny", development) for name in names}
    assert encoded == before
    assert {name: run.key for name, run in again.items()} == {n: r.key for n, r in runs.items()}


@pytest.mark.parametrize("name", VALUES)
def test_development_scores_each_value_as_the_encoder_with_it_does(name, development, store):
    run = next(run for run in remedied_runs.remedied_runs(PROFILE) if run.startswith(name))
    swept = sweep(PROFILE, run, development).scores
    _, bases, data, _ = remedied_runs._asked(
        PROFILE, run, DEVELOPMENT, development, DEVELOPMENT_SENTENCES
    )
    parameter = REMEDIES[name].parameter
    for value in VALUES[name]:
        encoder = remedied(name, bases, development, value, DEVELOPMENT_SENTENCES)
        scores = measurements.ranks(data).of(encoder, store, store.results / "x" / str(value))
        found = swept[swept[parameter] == value].drop(columns=parameter).reset_index(drop=True)
        pd.testing.assert_frame_equal(found, three_settings.summarize(scores.scores))


def test_the_corpus_of_estimation_can_be_another_and_then_stands_in_the_name(development):
    usual = evaluate(PROFILE, "centring-untrained", "tiny", development)
    other = evaluate(PROFILE, "centring-untrained", "tiny", development, corpus="four")
    assert (development.results / "test-remedies/tiny/centring-untrained-corpus=four").is_dir()
    assert usual.key != other.key and not usual.scores.equals(other.scores)


@pytest.mark.parametrize("name", ["centring-x-x-seed0", "lir-x-x-seed0", "shift-x-x-seed0"])
def test_a_language_without_an_estimate_is_refused_at_once(name, development, encoded):
    with pytest.raises(ValueError, match=r"cannot be estimated for hi, zh of tiny: two has de, en"):
        evaluate(PROFILE, name, "tiny", development, corpus="two")
    assert not encoded and not development.results.exists() and not development.build.exists()


def test_an_encoder_meets_the_corpus_once(development, make_encoder, encoded):
    encoder = make_encoder(revision="tiny")
    base = PlannedEncoder(encoder.identity, lambda: make_encoder(revision="tiny"))
    chosen = (("shift", 0.5), ("shift", 1.0), ("centring", None), ("lir", 2))
    planned = [
        remedied(name, [base], development, value, DEVELOPMENT_SENTENCES) for name, value in chosen
    ]
    loaded = [one.load() for one in planned]
    assert encoded == {"query": 60 * 4, "passage": 60 * 4}
    assert [one.identity for one in loaded] == [one.identity for one in planned]
    assert len({one.identity.revision for one in planned}) == 4


def test_what_a_remedy_or_a_run_has_not_is_refused(development):
    with pytest.raises(ValueError, match=r"share must be one of 0\.0, 0\.5, 1\.0, got 1\.2"):
        remedied("shift", [], development, 1.2, "two")
    with pytest.raises(ValueError, match="components must be one of 0, 1, 2, got None"):
        remedied("lir", [], development, None, "two")
    with pytest.raises(ValueError, match="centring has no parameter to choose"):
        sweep(PROFILE, "centring-x-x-seed0", development)
    with pytest.raises(ValueError, match="remedied run 'shift-x-x' is unknown"):
        evaluate(PROFILE, "shift-x-x", "tiny", development)
    with pytest.raises(ValueError, match="it takes no corpus, got 'two'"):
        evaluate(PROFILE, "weight-average-x-x+x-y-seed0", "tiny", development, corpus="two")
