from pathlib import Path

import pytest

from hybridlib.experiments.profile import load_profile
from hybridlib.experiments.remedied_runs import folder_of
from hybridlib.report import sentences, stored_runs, tables
from hybridlib.report.chapters import (
    claims,
    learning_curves,
    learning_rates,
    manipulated,
    manipulated_shown,
    remedies,
    typology,
    varieties,
    why_it_works,
)
from hybridlib.report.reference import DATASETS
from hybridlib.store.runs import Store

ROOT = Path(__file__).parents[2]
LAREQA = ("xquad-r", "mlqa-r")
THIRD = "xquad-r-every-3"


def what_stands(profile):
    readme = " ".join((ROOT / "README.md").read_text().split())
    stands = readme.partition("**What stands.**")[2].partition("**How sure.**")[0]
    return stands.partition(f"*From {load_profile(profile).title}*")[2].partition("*From")[0]


@pytest.mark.parametrize("profile", ["raw", "aligned-start"])
@pytest.mark.parametrize("benchmark", LAREQA)
def test_what_stands_in_the_readme_is_what_the_store_says(profile, benchmark):
    scores = stored_runs.scores(stored_runs.runs(Store(ROOT / "results"), profile, benchmark))
    sentence = sentences.answer(tables.hybrid_against(scores))
    assert f"On {DATASETS[benchmark]}: {sentence}" in what_stands(profile)


def test_the_readmes_first_sentence_on_what_stands_holds_in_every_comparison():
    places = [(profile, benchmark) for profile in ("raw", "aligned-start") for benchmark in LAREQA]
    for place in places:
        scores = stored_runs.scores(stored_runs.runs(Store(ROOT / "results"), *place))
        verdicts = tables.hybrid_against(scores).map(lambda one: one.verdict)
        assert verdicts.loc["X-X", "Mo. mAP"] == "worse"
        assert verdicts.loc["X-Y", "Mo. mAP"] == "better"
        others = verdicts.loc[["X-X", "X-Y"]].drop(columns="Mo. mAP")
        assert not others.eq("worse").any(axis=None)


def test_the_readmes_paragraph_beside_it_follows_from_stored_runs():
    store, profile = Store(ROOT / "results"), load_profile("raw-short")
    groups = {name: stored_runs.scores(stored_runs.runs(store, "raw", name)) for name in LAREQA}
    found = why_it_works.differences(groups)
    batches, *_ = why_it_works.answers(found)
    assert batches.endswith(
        "on every benchmark: better in putting the own language first less often."
    )
    over_all = found[found["measure"] == "Mul. mAP"].set_index(["what", "benchmark"])["verdict"]
    assert over_all["batches of one kind"].to_dict() == {
        "XQuAD-R": "better",
        "MLQA-R": "undecided",
    }
    evidence = claims.gather(store, LAREQA, [])
    controls = claims.examine("controls", evidence)[1]
    shown = controls.loc[controls["outcome"] == "shown", ["benchmark", "against", "setting"]]
    assert shown.values.tolist() == [["xquad-r", "hybrid-by-example", "multilingual"]]
    runs, remedied = (
        stored_runs.runs(store, name, THIRD) for name in (profile.name, folder_of(profile.name))
    )
    differences = remedies.against_hybrid(remedies.groups(runs, remedied, profile))
    verdicts = differences.set_index(["other", "measure"])["verdict"]
    for rival in ("Weight average of X-X and X-Y", "Centring of X-X"):
        assert set(verdicts[rival]) == {"undecided"}
    centring = verdicts["Centring of Hybrid"]  # of hybrid batches without it
    assert centring["Mul. mAP"] == centring["rank distance"] == "worse"


def test_the_research_question_is_answered_as_the_store_says():
    store, samplers = Store(ROOT / "results"), ("hybrid", "x-x,x-y", "syntactic")
    for benchmark in LAREQA:
        for one in typology.compare(typology.counts(store, "raw", benchmark), *samplers):
            assert one.verdict == "neither shown to be more nor less robust than"
    for profiles, benchmark in (
        ("raw-languages,raw-near-far", THIRD),
        ("raw-languages-mlqa", "mlqa-r"),
    ):
        counts = manipulated.counts(store, profiles, benchmark)
        headline, *_ = manipulated_shown.answer(manipulated.Effects(counts, *samplers))
        assert headline.endswith(
            "not shown to be worth more or less than under X-X or X-Y, nor to be worth anything "
            "under any sampler."
        )
    scored = varieties.scored(store, "raw", "sib-200")
    assert len(scored.varieties) == 131
    headline, _ = varieties.answer(varieties.compare(scored, *samplers))
    assert "is not shown to change" in headline, headline


def test_how_sure_the_readme_is_follows_from_the_grids():
    store = Store(ROOT / "results")

    def read(name):
        profile = load_profile(name)
        return stored_runs.runs(store, name, THIRD), profile.runs()

    by_rate = learning_rates.by_rate(*read("raw-learning-rate"))
    mean = by_rate.assign(mean=by_rate[["Mo. mAP", "Cr. mAP", "Mul. mAP"]].mean(axis=1))
    means = mean.pivot(index="learning rate", columns="sampler", values="mean").sort_index()
    assert (means.diff().dropna() < 0).all(axis=None)  # a lower rate is better for every sampler
    over_all = by_rate.pivot(index="learning rate", columns="sampler", values="Mul. mAP")
    ahead = over_all["X-Y"] > over_all["Hybrid, α = 0.5"]
    assert ahead.sort_index().tolist()[:2] == [True, True]
    curve = learning_curves.curve(*read("raw-curve"))
    curve = curve.assign(mean=curve[learning_curves.MEASURES[:3]].mean(axis=1))
    lengths = learning_curves.means_by_steps(curve, "mean")
    assert (lengths.loc[200] > lengths.loc[800]).all()
    firsts = learning_rates.first_at_each_rate(learning_rates.by_rate(*read("e5-learning-rate")))
    assert firsts.count(" at ") == 5  # one in "over all languages at once", and four rates
    assert "Hybrid, " not in firsts
    e5 = learning_curves.curve(*read("e5-curve"))
    over_all = learning_curves.means_by_steps(e5, "Mul. mAP")
    assert (over_all.idxmax(axis=1) == "Hybrid, α = 0.5").all()


@pytest.mark.parametrize("profile", ["raw", "aligned-start"])
def test_the_readmes_table_is_what_the_store_says(profile):
    start = f"| *From {load_profile(profile).title}:* "
    rows = (ROOT / "README.md").read_text().partition(start)[2].partition("| *From")[0]
    runs = stored_runs.runs(Store(ROOT / "results"), profile, "xquad-r")
    table = tables.means(tables.headline(stored_runs.scores(runs), "xquad-r"))
    for sampler, row in table.loc[tables.HERE].iterrows():
        *scores, distance = (row[column] for column in tables.HEADLINE)
        cells = [sampler, *(f"{score:.3f}" for score in scores), f"{distance:,.0f}"]
        assert f"{' | '.join(cells)} |" in rows


def test_the_readmes_paths_exist():
    for path in ("book/static/headline.png", "hybridlib/data/registry.py", "results/aligned-start"):
        assert path.rstrip("/") in (ROOT / "README.md").read_text()
        assert (ROOT / path).exists()
