from collections import Counter

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from hybridlib.models.encoder import DualEncoder, PlannedEncoder
from study.__main__ import main
from study.data import registry
from study.runs import remedied_runs
from study.runs.profile import Profile
from study.runs.remedied_runs import best_share, evaluate, sweep
from study.runs.remedies import OFFSET_CORPUS, REMEDIES, remedied

TRAINING = {
    "backbone": ["tiny"],
    "corpus": ["tiny"],
    "sampler": ["x-x", "x-y", "hybrid"],
    "num_steps": [1],
    "warmup_steps": [0],
    "batch_size": [8],
    "num_validation_pairs": [8],
    "seed": [0, 1],
}
PROFILE = Profile("test", "Test", TRAINING, ("tiny",))


@pytest.fixture
def help_store(store, monkeypatch, pairs):
    """The store, with a tiny corpus and hold-out in place of the balanced help."""
    large = pairs.take(np.flatnonzero(pairs.corpus_of_pair == pairs.corpora.index("large")))
    corpora = {OFFSET_CORPUS: lambda: large}
    held_out = {remedied_runs.HOLD_OUT: registry.BENCHMARKS["tiny"]}
    monkeypatch.setattr(remedied_runs, "SHARES", (0.0, 0.5, 1.0))
    monkeypatch.setattr(registry, "CORPORA", registry.CORPORA | corpora)
    monkeypatch.setattr(registry, "BENCHMARKS", registry.BENCHMARKS | held_out)
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


def test_the_remedies_of_a_profile_are_those_of_each_run_pair_and_sampler():
    runs = remedied_runs.remedied_runs(PROFILE)
    assert Counter(run.remedy for run in runs.values()) == {
        "shift": 6, "centring": 6, "weight-average": 4, "seed-average": 3,
    }  # fmt: skip
    run = runs["weight-average-x-x+hybrid-seed1"]
    assert run.runs == ("x-x-seed1", "hybrid-0.5-seed1")
    assert run.siblings == tuple(f"weight-average-x-x+hybrid-seed{seed}" for seed in (0, 1))
    assert runs["seed-average-hybrid"].runs == ("hybrid-0.5-seed0", "hybrid-0.5-seed1")


def test_the_command_line_lists_the_remedies_and_refuses_another_name_in_a_sentence():
    listed = CliRunner().invoke(main, ["remedies", "raw"])
    assert "weight-average-x-x+hybrid-seed2" in listed.output.split()
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


def test_the_share_with_the_highest_mean_of_three_is_chosen_over_all_seeds():
    def scores(by_share):
        rows = [
            (share, setting, metric, value if metric == "mAP" else 100)
            for share, values in by_share.items()
            for setting, value in zip("abc", values, strict=True)
            for metric in ("mAP", "rank distance")
        ]
        return pd.DataFrame(rows, columns=["share", "setting", "metric", "value"])

    first = scores({0.0: (0.6, 0.2, 0.2), 0.5: (0.5, 0.4, 0.3), 1.0: (0.4, 0.4, 0.41)})
    assert best_share([first]) == 1.0
    assert (
        best_share([first, scores({0.0: (0, 0, 0), 0.5: (0.5, 0.5, 0.5), 1.0: (0, 0, 0)})]) == 0.5
    )
    assert best_share([scores({0.0: (0.1,) * 3, 0.5: (0.2,) * 3, 1.0: (0.2,) * 3})]) == 0.5


def test_remedied_runs_are_evaluated_stored_and_loaded_again(help_store, encoded):
    names = ["shift-x-x-seed0", "weight-average-x-x+x-y-seed0", "seed-average-x-x"]
    runs = {name: evaluate(PROFILE, name, "tiny", help_store) for name in names}
    for name, run in runs.items():
        folder = help_store.results / "test-remedies" / "tiny" / name
        assert help_store.load(folder).scores.equals(run.scores)
    revisions = {name: run.provenance["revisions"]["encoder"] for name, run in runs.items()}
    swept = [sweep(PROFILE, f"shift-x-x-seed{seed}", help_store).scores for seed in (0, 1)]
    assert f", shift {best_share(swept)} " in revisions["shift-x-x-seed0"]
    assert revisions["seed-average-x-x"].startswith("seed-average ")
    assert len({run.key for run in runs.values()}) == 3
    before = encoded.copy()
    again = {name: evaluate(PROFILE, name, "tiny", help_store) for name in names}
    assert encoded == before
    assert {name: run.key for name, run in again.items()} == {n: r.key for n, r in runs.items()}
    # a share of all of X-X is X-X itself, and no share of the offset the encoder as it is
    plain = evaluate(PROFILE, "weight-average-x-x+x-y-seed0", "tiny", help_store, share=1.0)
    zero = evaluate(PROFILE, "shift-x-x-seed0", "tiny", help_store, share=0.0)
    assert plain.scores.equals(zero.scores)
    assert (help_store.results / "test-remedies/tiny/shift-x-x-seed0-share=0").is_dir()


def test_an_encoder_meets_the_corpus_once(help_store, make_encoder, pairs, encoded):
    encoder = make_encoder(revision="tiny")
    base = PlannedEncoder(encoder.identity, lambda: make_encoder(revision="tiny"))
    planned = [
        remedied(name, [base], help_store, share)
        for name, share in (("shift", 0.5), ("shift", 1.0), ("centring", 1.0))
    ]
    loaded = [one.load() for one in planned]
    assert encoded == {"query": 60 * 4, "passage": 60 * 4}
    assert [one.identity for one in loaded] == [one.identity for one in planned]
    assert len({one.identity.revision for one in planned}) == 3


@pytest.mark.parametrize(
    ("name", "count", "share", "message"),
    [
        ("shft", 1, 1.0, "remedy 'shft' is unknown, did you mean 'shift'"),
        ("shift", 2, 1.0, "shift does not take 2 encoders"),
        ("weight-average", 3, 1.0, "weight-average does not take 3 encoders"),
        ("seed-average", 1, 1.0, "seed-average does not take 1 encoders"),
        ("shift", 1, 1.2, r"share must be in \[0, 1\], got 1.2"),
    ],
)
def test_a_remedy_that_cannot_be_is_refused_before_anything_is_loaded(
    help_store, make_encoder, name, count, share, message
):
    base = PlannedEncoder(make_encoder().identity, lambda: pytest.fail("loaded"))
    with pytest.raises(ValueError, match=message):
        remedied(name, [base] * count, help_store, share)


def test_only_a_remedy_with_a_share_takes_one(help_store):
    with pytest.raises(ValueError, match="centring takes no share"):
        evaluate(PROFILE, "centring-x-x-seed0", "tiny", help_store, share=0.5)
    with pytest.raises(ValueError, match="remedied run 'shift-x-x' is unknown"):
        evaluate(PROFILE, "shift-x-x", "tiny", help_store)
    assert {name for name, one in REMEDIES.items() if one.takes_share} == {
        "shift",
        "weight-average",
    }
