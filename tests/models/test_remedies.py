import numpy as np
import pytest

from hybridlib.models import on_disk
from hybridlib.models.remedies import REMEDIES, LanguageMaps, lir, shift

LANGUAGES = ("de", "en", "zh")


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def planted(size, seed=0):
    """The same passages in three languages, of which German and Chinese lie elsewhere."""
    rng = np.random.default_rng(seed)
    meaning = 3 * rng.normal(size=(40, 16))
    offsets = {"de": size * rng.normal(size=16), "en": 0, "zh": size * rng.normal(size=16)}
    return {name: unit(meaning + offset) for name, offset in offsets.items()}


def of_both_sides(size=3):
    return {"query": planted(size, seed=1), "passage": planted(size, seed=2)}


def mapped(maps, vectors, side, languages):
    return LanguageMaps("test", maps).apply(vectors, side, languages)


def centred(vectors, side, language, texts):
    part = texts[side][language].astype(np.float64)
    return vectors - np.full(len(part), 1 / len(part)) @ part


def shifted(vectors, side, language, texts, share):
    if side == "query":
        return vectors
    both = zip(texts[side][language], texts[side]["en"], strict=True)
    return vectors - share * np.mean([one.astype(np.float64) - other for one, other in both], 0)


def kept(vectors, side, language, texts, components):
    """Keep the directions of the smaller eigenvalues of the Gram matrix, not remove the others."""
    part = texts[side][language].astype(np.float64)
    _, directions = np.linalg.eigh(part.T @ part)  # ascending
    others = directions[:, : len(directions) - components]
    return vectors @ others @ others.T


ORACLES = {"centring": (centred, [None]), "shift": (shifted, [0.5, 1.0]), "lir": (kept, [1, 4])}


@pytest.mark.parametrize("name", [name for name, one in REMEDIES.items() if one.maps])
def test_each_remedy_does_what_another_computation_of_it_does(name):
    oracle, values = ORACLES[name]
    texts, languages = of_both_sides(), ["zh", "de", "en", "de", "zh"]
    vectors = unit(np.random.default_rng(3).normal(size=(5, 16)) + 0.3)
    for value in values:
        chosen = REMEDIES[name].chosen(value)
        maps = REMEDIES[name].maps(texts, **chosen)
        for side in ("query", "passage"):
            expected = unit(np.array([
                oracle(vector[None], side, language, texts, **chosen)[0]
                for vector, language in zip(vectors, languages, strict=True)
            ]))  # fmt: skip
            found = mapped(maps, vectors, side, languages)
            assert found.dtype == np.float32
            np.testing.assert_allclose(found, expected, atol=1e-5)


def test_what_a_remedy_leaves_alone_stays_as_it_is_to_the_bit():
    texts = of_both_sides()
    german = texts["query"]["de"]
    kept = [(lir(texts, 0), side, "de") for side in ("query", "passage")]
    kept += [(shift(texts, 0), "passage", "de"), (shift(texts, 1), "query", "de")]
    kept += [(shift(texts, 1), "passage", "en")]
    for maps, side, language in kept:
        assert np.array_equal(mapped(maps, german, side, [language] * len(german)), german)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda texts: shift(texts, 1.5), r"share must be in \[0, 1\], got 1.5"),
        (
            lambda texts: shift({"passage": {"fr": texts["passage"]["de"]}}, 1),
            "language of the originals 'en' is unknown; there is fr",
        ),
        (lambda texts: lir(texts, 16), r"components of 40 vectors must be in \[0, 15\], got 16"),
        (lambda texts: REMEDIES["centring"].chosen(0.5), "Centring must be one of None, got 0.5"),
        (
            lambda texts: mapped(lir(texts, 1), np.ones((2, 16)), "query", ["de"]),
            "test: 2 texts need as many languages, got 1",
        ),
        (
            lambda texts: mapped(lir(texts, 1), np.ones((3, 16)), "query", ["th", "de", "ar"]),
            "test: nothing is estimated for a query in ar, th, only for de, en, zh",
        ),
        (
            lambda _: mapped(
                lir({"query": {"de": np.eye(3)[:1]}}, 1), np.eye(3)[[1, 0]], "query", ["de"] * 2
            ),
            "nothing is left of vector 1 of a language",
        ),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        change(of_both_sides())


def test_maps_are_part_of_an_encoder_and_of_what_identifies_it(make_encoder, tmp_path):
    encoder = make_encoder(revision="plain")
    plain, texts = encoder.identity, ["eins", "one"]
    before = encoder.encode(texts, "passage")
    parts = {"de": before[:1], "en": before[1:]}
    encoder.language_maps = LanguageMaps("shift 1 x", shift({"query": parts, "passage": parts}, 1))
    assert encoder.identity.revision == "plain, shift 1 x" != plain.revision
    german, english = encoder.encode(texts, "passage", languages=["de", "en"])
    np.testing.assert_allclose(german, before[1], atol=1e-6)
    assert np.array_equal(english, before[1])
    with pytest.raises(ValueError, match="no place for maps by language"):
        on_disk.save(encoder, tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


def test_a_text_without_a_map_is_refused_before_anything_is_encoded(make_encoder, monkeypatch):
    encoder = make_encoder()
    parts = {"de": np.eye(32, dtype=np.float32)[:2]}
    encoder.language_maps = LanguageMaps("lir 1 x", lir({"query": parts, "passage": parts}, 1))
    monkeypatch.setattr(encoder, "tokenize", lambda *_: pytest.fail("encoded"))
    with pytest.raises(ValueError, match="lir 1 x: 2 texts need as many languages, got none"):
        encoder.encode(["eins", "one"], "query")
    with pytest.raises(ValueError, match="nothing is estimated for a passage in en, only for de"):
        encoder.encode(["eins", "one"], "passage", languages=["de", "en"])
