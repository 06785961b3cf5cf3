import numpy as np
import pandas as pd
import pytest

from hybridlib.data import lareqa
from study.data import language_facts as facts
from study.data import language_facts_extract

LAREQA = tuple(lareqa.CHECKSUMS["xquad-r"])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("de", "en", 0.3582), ("de", "zh", 0.5196), ("hi", "vi", 0.7012), ("ar", "en", 0.5309)],
)
def test_syntactic_distances_are_those_that_uriel_publishes(one, other, expected):
    assert facts.distances([one, other])[0, 1] == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("kind", facts.DISTANCES)
def test_every_distance_is_symmetric_and_between_0_and_1(kind):
    found = facts.distances(LAREQA, kind)
    assert found == pytest.approx(found.T)
    assert (np.diag(found) == 0).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert len(np.unique(found.round(6))) > 1


def test_places_are_found_again_from_their_distances():
    places = facts.facts_on(["de", "hi"])[["latitude", "longitude"]].to_numpy()
    assert places == pytest.approx(np.array([[48.6, 12.5], [25, 77]]), abs=0.2)  # Glottolog's
    berlin_to_delhi = 5780 / 20015  # kilometres, over half the girth
    apart = facts.distances(["de", "hi"], "geographic")[0, 1]
    assert apart == pytest.approx(berlin_to_delhi, abs=0.03)


def test_chinese_is_known_by_code_and_by_variety():
    codes = facts.facts_on(["zh", "zho_Hant", "ar"])
    assert codes["script"].tolist() == ["Hans", "Hant", "Arab"]
    assert codes["uriel_code"].tolist() == ["zho", "zho", "ara"]
    assert codes["wikipedia_articles"].min() > 1_000_000
    assert facts.facts_on(["sq"])["wikipedia_articles"].item() > 100_000  # als is Alemannic's there


def test_the_chosen_varieties_hold_every_class_and_every_family_of_the_pre_training():
    chosen = facts.facts_on(facts.chosen_varieties())
    every = facts.language_facts()
    assert len(chosen) == 131
    assert set(chosen["joshi_class"].dropna()) == {0, 1, 2, 3, 4, 5}
    families = set(every.loc[every["pretrained"], "family"])
    assert families - set(chosen["family"]) == {"Artificial Language"}
    assert (~chosen["pretrained"]).sum() == 54
    assert chosen["uriel_code"].is_unique
    assert set(LAREQA) <= set(chosen["iso_639_1"])
    known = np.array([[sign != "-" for sign in row] for row in chosen["syntactic"]], dtype=int)
    assert (known @ known.T).min() >= 20
    assert facts.distances(facts.chosen_varieties()).max() < 1


def test_every_column_has_a_source():
    sources = pd.read_csv(facts.TABLE.with_name("language_facts_sources.csv"))
    assert sources["column"].tolist() == list(pd.read_csv(facts.TABLE, nrows=0).columns)
    assert sources.notna().all(axis=None)


def test_the_table_is_what_the_packages_give():
    try:
        again = language_facts_extract.extract()
    except ConnectionError as error:
        pytest.skip(f"needs urielplus and qwanqwa from the package index: {error}")
    text = facts.TABLE.read_text(encoding="utf-8")
    assert again.to_csv(index=False, lineterminator="\n") == text


@pytest.mark.parametrize(
    ("languages", "kind", "message"),
    [
        (["de", "en"], "lexical", "distance 'lexical' is unknown; there is syntactic, "),
        (["de", "br"], "syntactic", r"no facts on language 'br'; language_facts\.csv has the"),
        (["de", "vec_Latn"], "syntactic", "no syntactic feature of vec_Latn; leave it"),
        (["de", "eus_Latn"], "genetic", "no genetic feature of eus_Latn; leave"),
        (["aka_Latn", "kaz_Cyrl"], "phonological", "of aka_Latn that can be compared with kaz_Cyr"),
    ],
)
def test_what_no_distance_can_tell_is_refused(languages, kind, message):
    with pytest.raises(ValueError, match=message):
        facts.distances(languages, kind)
