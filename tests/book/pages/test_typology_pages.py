"""The pages of the research question, on runs with a known answer."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from book.pages import manipulated, typology, varieties
from book.shared import stored_runs
from book.shared.stored_runs import Place
from hybridlib.data.lareqa import CHECKSUMS
from study.analysis.manipulation import CHANGES, KINDS
from study.analysis.pair_counts import PairCounts
from study.data.balanced_help import CORPORA
from study.data.language_facts import chosen_varieties, distances, facts_on
from study.statistics.language_pairs import is_shown
from study.store.run import Run
from study.store.runs import Store
from tests.book.pages import planted

LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")
APART = distances(LANGUAGES)
TEXTS = pd.Series(1, LANGUAGES).where(~pd.Series(LANGUAGES, LANGUAGES).isin(["ar", "th"]), 0)


def run(rng, logits, is_trained=True):
    shape = (10, len(LANGUAGES), len(LANGUAGES))
    share = 1 / (1 + np.exp(-(logits + rng.normal(0, 0.02))))
    found = rng.binomial(2000, np.broadcast_to(share, shape)).astype(float)
    own = np.broadcast_to(np.einsum("abb->ab", found)[:, None], shape)
    asked = np.full(shape, 2000.0)
    sums = [np.concatenate([x.sum(0)[None], x.sum(0) - x]) for x in (asked, found, own, found)]
    return PairCounts(LANGUAGES, *sums, is_trained)


def counts(effect, num_seeds=3):
    rng = np.random.default_rng(0)
    return {
        "x-x": [run(rng, -effect * APART) for _ in range(num_seeds)],
        "x-y": [run(rng, 0 * APART) for _ in range(num_seeds)],
        "hybrid": [run(rng, 0 * APART) for _ in range(num_seeds)],
        "untrained": [run(rng, -1 - effect * APART, is_trained=False)],
    }


@pytest.mark.parametrize(("num_seeds", "shown"), [(3, ["yes", "no", "yes"]), (1, ["no"] * 3)])
def test_a_planted_slope_is_shown_against_whom_it_is_but_not_by_one_seed(num_seeds, shown):
    compared = typology.compare(counts(2, num_seeds), "hybrid", "x-x,x-y,untrained", "syntactic")
    main = typology.slope_table(compared).query("term == 'gap' and languages != 'none (plain)'")
    assert main["against"].tolist() == ["X-X", "X-Y", "untrained"]
    assert main["shown"].tolist() == shown
    against_xx = compared[0].main["slope"]
    assert against_xx == pytest.approx(2, abs=0.1)
    (swapped,) = typology.compare(counts(2, num_seeds), "x-x", "hybrid", "syntactic")
    assert swapped.main["slope"] == pytest.approx(-against_xx)


def test_resource_is_told_in_three_ways_and_names_the_languages():
    compared = typology.compare(counts(2), "hybrid", "x-x", "syntactic")
    resource = typology.by_resource(compared, TEXTS)
    assert list(dict.fromkeys(resource["low-resource means"])) == [
        "no text in this training: ar, th",
        "Joshi's class 3 or lower: el, th",
        "Wikipedia of less than 1,000,000 articles: el, hi, th, tr",
    ]
    assert resource["number"].tolist() == [19, 36, 19, 36, 34, 21]


def test_mlqa_has_no_low_resource_language_as_the_page_says():
    assert facts_on(tuple(CHECKSUMS["mlqa-r"]))["joshi_class"].min() == 4


def test_pairs_are_told_by_what_training_had_of_them():
    compared = typology.compare(counts(0), "hybrid", "x-x,x-y", "syntactic")
    pairs = typology.pair_table(compared, TEXTS).query("against == 'X-Y'")
    found = pairs.set_index(["language", "other"])["training"]
    assert found["ar", "th"] == "both unseen"
    assert found["ar", "de"] == found["ru", "th"] == "one unseen"
    assert found["de", "zh"] == "both seen"
    assert len(typology.left_out_table(compared)) == 11


def test_a_profile_that_varies_more_than_seeds_and_a_sampler_without_runs_are_named():
    with pytest.raises(ValueError, match="raw-alpha varies alpha; take one whose runs"):
        typology.counts(Place("raw-alpha", "xquad-r-every-3", Store()))
    with pytest.raises(ValueError, match="sampler 'y-x' has no run here; there is x-x, x-y, hyb"):
        typology.compare(counts(0), "hybrid", "x-x,y-x", "syntactic")
    scored = varieties.Scored(("deu_Latn",), {"x-x": []})
    with pytest.raises(ValueError, match="sampler 'hybrid' has no run here; there is x-x"):
        varieties.compare(scored, "hybrid", "x-x", "syntactic")
    with pytest.raises(ValueError, match="sampler 'x-y' has no run here; there is x-x"):
        manipulated.effects({("balanced-help", "x-x"): [1]}, "x-x", "x-y", "syntactic")


def test_texts_in_training_are_those_of_the_profiles_corpus():
    assert typology.training_texts(Place("e5", "xquad-r", Store()))["de"] > 0
    assert typology.training_texts(Place("raw", "xquad-r-every-3", Store()))["hi"] == 0


def test_each_choice_changes_the_slope_by_itself(monkeypatch, tmp_path):
    monkeypatch.setattr(typology, "counts", lambda _: counts(2))
    there = planted.place(tmp_path, {"x-x-seed0": planted.run()}, "raw")
    nothing = Place("e5", "xquad-r", there.store)
    shown = typology.sensitivity([there, nothing], "hybrid", "x-x")
    table = planted.csv(shown, "typology-sensitivity")
    assert table["choice"].tolist() == list(typology.CHOICES)
    rows = table.set_index("choice")
    same = rows["slope"].round(6).duplicated(keep=False)  # every question has an answer everywhere
    assert set(rows.index[same]) == {"as published", "logit R@1 itself, not its gap"}
    assert rows.loc["as published", "slope"] == pytest.approx(2, abs=0.1)


def test_what_a_language_is_worth_and_to_whom_less_is_found():
    rng, found = np.random.default_rng(1), {}
    left_out = {one.less: one.language for one in CHANGES if one.kind == KINDS[0]}
    for corpus, (sampler, lost) in product(CORPORA, {"hybrid": 0.5, "x-x": 1.0}.items()):
        logits = np.zeros_like(APART)
        if corpus in left_out:
            place = LANGUAGES.index(left_out[corpus])
            logits[place] -= lost
            logits[:, place] -= lost
        found[corpus, sampler] = [run(rng, logits) for _ in range(3)]
    effects = manipulated.effects(found, "hybrid", "x-x", "syntactic")
    rows = effects.set_index(["change", "language", "measure"])
    assert rows.loc[(KINDS[0], "mean", "X-X"), "low"] > 0.5
    assert rows.loc[(KINDS[0], "mean", "minus X-X"), "high"] < -0.3
    assert abs(rows.loc[(KINDS[1], "vi", "minus X-X"), "mean"]) < 0.1
    assert len(rows) == (5 + 1 + 1) * 3  # one language added has no mean
    left = rows.loc[KINDS[0]].index.get_level_values("language").unique()
    assert set(left[:-1]) == {"de", "es", "ru", "tr", "zh"}
    assert len(manipulated.draw(effects, "hybrid").axes) == len(KINDS)
    shown = manipulated.numbers(effects, "mlqa-r")
    assert len(planted.csv(shown, "manipulated-mlqa-r-effects")) == len(effects)


def test_what_cannot_be_counted_together_and_nothing_to_show_is_said():
    with pytest.raises(ValueError, match="differ in more than corpus, sampler and seed"):
        manipulated.counts(stored_runs.places("raw-alpha", "xquad-r-every-3"))
    with pytest.raises(ValueError, match="e5/x-x-seed0 are the same training"):
        manipulated.counts(stored_runs.places("e5,e5", "mlqa-r"))
    one = [run(np.random.default_rng(0), APART)]
    few = {("balanced-help", name): one for name in ("x-x", "x-y")}
    with pytest.raises(ValueError, match="of no change all runs are there: balanced-help x-x"):
        manipulated.effects(few, "x-x", "x-y", "syntactic")
    with pytest.raises(FileNotFoundError, match="no run of raw-grid-mlqa-r is stored"):
        manipulated.counts(stored_runs.places("raw-grid", "mlqa-r"))


def test_a_slope_over_many_varieties_is_read_from_stored_runs(tmp_path):
    rng, names = np.random.default_rng(2), chosen_varieties()[::8]
    apart, store = distances(names), Store(tmp_path / "results", tmp_path / "build")
    for sampler, effect in (("x-x", 3.0), ("hybrid-0.5", 0.0)):
        for seed in range(3):
            share = 1 / (1 + np.exp(effect * apart + rng.normal(0, 0.05, apart.shape)))
            rows = [(x, y, share[i, j]) for i, x in enumerate(names)
                    for j, y in enumerate(names) if x != y]  # fmt: skip
            ranks = pd.DataFrame(rows, columns=["query_variety", "candidate_variety", "R@1"])
            scores = pd.DataFrame({"query_variety": names})
            folder = store.folder("demo", "sib-200", f"{sampler}-seed{seed}")
            store.save(folder, Run("k", {}, {}, scores, ranks))
    scored = varieties.scored(Place("demo", "sib-200", store))
    compared = varieties.compare(scored, "hybrid", "x-x", "syntactic")
    row = compared[0].table.set_index("pairs").loc["all"]
    assert row["slope"] == pytest.approx(3, abs=0.1)
    assert is_shown(row["p"], row["slope low"], row["slope high"])
    assert varieties.chosen(names)["varieties"].sum() == len(names)
    image = varieties.draw(compared).axes[0].images[0].get_array()
    neighbours = np.diag(np.asarray(image), k=1)
    assert np.nanmean(neighbours) < np.nanmean(image)  # near ones side by side gain less
