"""Every stored key is what its run says: whatever enters a key stays as it is."""

import json
from pathlib import Path

import pytest

from hybridlib.models.encoder import EncoderIdentity, TextSettings
from hybridlib.models.names import BACKBONES
from study.runs.profile import load_profile
from study.store.key import run_key

# How a start is used, as it enters a key: a word changed here, and every encoder is a new one.
USAGE = (
    "mean TextSettings(query_prefix='query: ', passage_prefix='passage: ', "
    "max_query_tokens=512, max_passage_tokens=512)"
)
COMPUTATIONS = {
    "training": ["sampling", "training"],
    "sib-200": ["encoding", "translation"],
    "questions": ["encoding", "language-content"],
    "top-10": ["encoding", "language-mix"],
    "shares": ["encoding", "ranking", "remedy"],
    "data": ["counts"],
    "draws": ["sampling", "encoding", "counts"],
    "power": ["ranking"],
}
RUNS = sorted(Path("results").rglob("run.json"))
KINDS = sorted({file.parent.parent for file in RUNS if file.parts[1] not in ("quick", "scratch")})


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_stored_key_is_that_of_its_parameters_and_revisions(kind):
    special = [named for end, named in COMPUTATIONS.items() if kind.name.endswith(end)]
    computations = special[0] if special else ["encoding", "ranking"]
    settings = {"settings": USAGE} if {"encoding", "training"} & set(computations) else {}
    for file in kind.glob("*/run.json"):
        run = json.loads(file.read_text(encoding="utf-8"))
        revisions = run["provenance"]["revisions"] | settings
        assert run["key"] == run_key(run["parameters"], revisions, computations), file


def test_the_start_is_used_as_the_keys_say():
    for name in ("multilingual-e5-small-4bit", "raw-e5-small-4bit"):
        settings = TextSettings(**BACKBONES[name].settings)
        assert EncoderIdentity("", "mean", settings).usage == USAGE


@pytest.mark.parametrize("profile", ["e5", "e5-grid", "raw-grid"])
def test_a_profile_of_the_study_asks_for_what_its_runs_were_stored_with(profile):
    planned = load_profile(profile).runs()
    for file in Path("results", profile, "training").glob("*/run.json"):
        stored = json.loads(file.read_text(encoding="utf-8"))["parameters"]
        assert json.dumps(planned[file.parent.name].described) == json.dumps(stored), file


def test_an_unknown_computation_has_no_key():
    with pytest.raises(KeyError, match="guessing"):
        run_key({}, {}, ["guessing"])


def test_a_trained_encoder_is_known_by_the_key_of_its_training():
    """So an evaluation cannot stand beside a training of other parameters."""
    trained = {
        f"trained {json.loads(file.read_text())['key']}"
        for kind in KINDS
        if kind.name == "training"
        for file in kind.glob("*/run.json")
    }
    for kind in KINDS:
        if kind.parent.joinpath("training").is_dir() and kind.name != "training":
            for file in kind.glob("*-seed*/run.json"):
                encoder = json.loads(file.read_text())["provenance"]["revisions"].get("encoder", "")
                assert not encoder or encoder in trained, file
