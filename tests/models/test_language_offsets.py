import numpy as np
import pytest

from hybridlib.models import on_disk
from hybridlib.models.language_offsets import LanguageOffsets, centring, shift

LANGUAGES = ("de", "en", "zh")


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def planted(size, seed=0):
    """The same passages in three languages, of which German and Chinese lie elsewhere."""
    rng = np.random.default_rng(seed)
    meaning = 3 * rng.normal(size=(40, 16))
    offsets = {"de": size * rng.normal(size=16), "en": 0, "zh": size * rng.normal(size=16)}
    return {name: unit(meaning + offset) for name, offset in offsets.items()}


def distance_of_translations(passages):
    return np.mean([np.linalg.norm(passages["en"] - passages[name]) for name in ("de", "zh")])


def shifted(passages, share):
    offsets = shift({name: part.mean(axis=0) for name, part in passages.items()}, share, "test")
    return {
        name: offsets.subtract(part, "passage", [name] * len(part))
        for name, part in passages.items()
    }


def test_shift_takes_a_planted_offset_away_and_does_nothing_where_there_is_none():
    passages = planted(size=3)
    before, half, after = (distance_of_translations(shifted(passages, s)) for s in (0, 0.5, 1))
    assert before > 1.3 * half > 1.3 * after
    without = planted(size=0)
    for name, part in shifted(without, 1).items():
        np.testing.assert_allclose(part, without[name], atol=1e-6)


def test_shift_with_no_share_and_queries_under_any_stay_as_they_are_to_the_bit():
    passages = planted(size=3)
    means = {name: part.mean(axis=0) for name, part in passages.items()}
    german = passages["de"]
    for share, side in ((0, "passage"), (1, "query")):
        found = shift(means, share, "test").subtract(german, side, ["de"] * len(german))
        assert np.array_equal(found, german)


def test_the_offset_is_the_mean_of_the_differences_from_the_source():
    offsets = shift({"en": np.array([1.0, 0]), "de": np.array([0.5, 1])}, 0.5, "test")
    assert set(offsets.by_language["passage"]) == {"de"}
    assert offsets.by_language["passage"]["de"].tolist() == [-0.25, 0.5]
    found = offsets.subtract(np.array([[0.0, 1.0]], np.float32), "passage", ["de"])
    assert found[0] == pytest.approx(np.array([0.25, 0.5]) / np.hypot(0.25, 0.5))


def test_centring_takes_each_sides_mean_and_of_other_languages_the_mean_over_all():
    means = {
        "query": {"de": np.array([0.0, 1.0]), "en": np.array([1.0, 0.0])},
        "passage": {"de": np.array([0.0, -1.0]), "en": np.array([0.0, 0.0])},
    }
    offsets = centring(means, "test")
    vectors = np.array([[0.0, 3.0], [3.0, 0.0], [0.5, 2.5]], np.float32)
    queries = offsets.subtract(vectors, "query", ["de", "en", "th"])
    assert queries.tolist() == [[0, 1], [1, 0], [0, 1]]
    passages = offsets.subtract(vectors[:1], "passage", ["de"])
    assert passages.tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: shift({"en": np.ones(2)}, 1.5, ""), r"share must be in \[0, 1\], got 1.5"),
        (lambda: shift({"de": np.ones(2)}, 1, ""), "no passages in 'en'; there is de"),
        (
            lambda: LanguageOffsets("", {}).subtract(np.ones((2, 2)), "query", ["de"]),
            "2 vectors need as many languages, got 1",
        ),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        change()


def test_offsets_are_part_of_an_encoder_and_of_what_identifies_it(make_encoder, tmp_path):
    encoder = make_encoder(revision="plain")
    plain, texts = encoder.identity, ["eins", "one"]
    before = encoder.encode(texts, "passage")
    encoder.offsets = shift({"en": before[1], "de": before[0]}, 1, "shift 1 x")
    assert encoder.identity.revision == "plain, shift 1 x" != plain.revision
    german, english = encoder.encode(texts, "passage", languages=["de", "en"])
    np.testing.assert_allclose(german, before[1], atol=1e-6)
    assert np.array_equal(english, before[1])
    with pytest.raises(ValueError, match="needs the languages of the texts"):
        encoder.encode(texts, "query")
    with pytest.raises(ValueError, match="no place for offsets by language"):
        on_disk.save(encoder, tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()
