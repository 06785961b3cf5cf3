import json

import pytest

from study.data import balanced_help, libreoffice_help
from tests.data.published import write
from tests.processes import ROOT

PAGE = "usr/share/libreoffice/help/{}/text/scalc/fill.html"
LONG = {
    "en": "Fills the cells of a selected range with the contents of its first cell, row by row, "
    "until the range is full.",
    "de": "Füllt die Zellen eines markierten Bereichs mit dem Inhalt der ersten Zelle, Zeile für "
    "Zeile, bis der Bereich voll ist.",
    "zh": "用第一个单元格的内容逐行填充所选区域。",
}
HEADING = {"en": "Fill cells", "de": "Zellen füllen", "zh": "填充单元格"}
FOLDERS = {"en": "en-US", "de": "de", "zh": "zh-CN"}
SECTION = '<h2 id="hd_{0}">{1}</h2><p id="par_{0}">{2}</p>'


def page(root, name, body):
    frame = f'<html><h1 id="hd_0">Menu {name}</h1><p id="par_0">Menu of the frame: {name}.</p>'
    text = f'{frame}<div id="DisplayArea">{body}<div id="SearchFrame"></html>'
    write(root / PAGE.format(name), [text])


def pages(root, body, languages=("en", "de")):
    """Write a page a language; ``body`` has places for the language's heading and long text."""
    for language in languages:
        page(root, FOLDERS[language], body.format(HEADING[language], LONG[language]))


def fill_tree(root):
    """One pair in English, German and Chinese."""
    pages(root, SECTION.format(1, "{0}", "{1}"), FOLDERS)
    return root


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """With a second page, so that there is a pair whatever becomes of the first."""
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    root = fill_tree(tmp_path / "tree")
    monkeypatch.setenv("HYBRIDLIB_PRODUCT_HELP", str(root))
    for language in ("en", "de"):
        other = SECTION.format(1, f"{HEADING[language]} 2", f"2 {LONG[language]}")
        write(root / PAGE.format(FOLDERS[language]).replace("fill", "other"), [other])
    return root


def texts(languages=("en", "de")):
    """Query and passage by language of each pair of the first page, in order."""
    found = {}
    for row in libreoffice_help.load(languages).table.to_pylist():
        if "fill" in row["pair"]:
            found.setdefault(row["pair"], {})[row["language"]] = (row["query"], row["passage"])
    return list(found.values())


def test_translations_are_joined_by_id_whatever_their_order(tree):
    english = SECTION.format(1, "Fill cells", LONG["en"])
    page(tree, "en-US", english + SECTION.format(2, "Zero rows", f"Zero. {LONG['en']}"))
    german = SECTION.format(2, "Keine Zeilen", f"Null. {LONG['de']}")
    page(tree, "de", german + SECTION.format(1, "Zellen füllen", LONG["de"]))
    queries = [(pair["en"][0], pair["de"][0]) for pair in texts()]
    assert queries == [("Fill cells", "Zellen füllen"), ("Zero rows", "Keine Zeilen")]


@pytest.mark.parametrize("ids", [("hd_1", "par_9"), ("hd_9", "par_1")])
def test_a_translation_without_the_ids_is_left_out(tree, ids):
    page(tree, "de", f'<h1 id="{ids[0]}">Zellen</h1><p id="{ids[1]}">{LONG["de"]}</p>')
    assert texts() == []


def test_short_paragraph_takes_the_next_one_with_it_and_the_section_gives_no_other(tree):
    more = '<p id="par_2">{1}</p><p id="par_3">{1} {1}</p>'
    pages(tree, SECTION.format(1, "{0}", "{1:.20}") + more)
    expected = {name: (HEADING[name], f"{LONG[name][:20].strip()} {LONG[name]}") for name in LONG}
    assert texts() == [{name: expected[name] for name in ("en", "de")}]


def test_passage_ends_at_the_next_heading(tree):
    pages(tree, SECTION.format(1, "{0}", "{1:.40}") + SECTION.format(2, "{0} 2", "{1}"))
    assert [pair["de"][1] for pair in texts()] == [LONG["de"][:40].strip(), LONG["de"]]


def test_of_variants_of_a_word_one_is_read(tree):
    variants = (
        '<span class="switchinline"><span hidden="true" class="MAC"><span>Command</span></span>'
        '<span hidden="true"><span>Ctrl</span></span></span>'
        '<span class="switchinline"><span hidden="true" class="WRITER">+W</span>'
        '<span hidden="true" class="CALC">+C</span></span>'
    )
    pages(tree, SECTION.format(1, "{0}", f"{variants}<br/>{{1}}"))
    assert texts()[0]["en"][1] == f"Ctrl+W {LONG['en']}"


@pytest.mark.parametrize(
    ("folder", "query", "passage"),
    [
        ("de", HEADING["de"], LONG["en"]),
        ("de", HEADING["en"], LONG["de"]),
        ("de", HEADING["de"], LONG["en"].replace(",", " –")),
        ("de", HEADING["de"], ""),
        ("de", "", LONG["de"]),
        ("en-US", "×", LONG["en"]),
        ("en-US", "A", LONG["en"]),
        ("en-US", "Fill", "Fills all conceivable"),
        ("en-US", "Fill", "a b c d e f g"),
    ],
)
def test_what_is_not_translated_or_says_nothing_is_left_out(tree, folder, query, passage):
    page(tree, folder, SECTION.format(1, query, passage))
    assert texts() == []


def test_translation_with_one_untranslated_paragraph_is_left_out(tree):
    pages(tree, SECTION.format(1, "{0}", "Fills the cells.") + '<p id="par_2">{1}</p>')
    assert texts() == []


def test_heading_of_very_many_sections_is_left_out(tree):
    for number, expected in [(50, 50), (51, 0)]:
        pages(tree, "".join(SECTION.format(i, "{0}", f"{{1}} {i}") for i in range(number)))
        assert len(texts()) == expected


def test_repeated_query_and_passage_is_left_out(tree):
    pages(tree, SECTION.format(1, "{0}", "{1}") + SECTION.format(2, "{0}", "{1}"))
    assert len(texts()) == 1
    # in English alone: the others have lost their original
    page(tree, "de", SECTION.format(1, "Eins", LONG["de"]) + SECTION.format(2, "Zwei", LONG["de"]))
    page(tree, "zh-CN", SECTION.format(1, "一", LONG["zh"]) + SECTION.format(2, "二", LONG["zh"]))
    assert len(texts(("en", "de", "zh"))) == 1


def test_a_pair_needs_five_languages_when_more_are_asked_for(tree):
    for language in ("es", "fr", "ru"):
        page(tree, language, SECTION.format(1, f"{language} query", f"{language} {LONG['en']}"))
    six = ("en", "de", "zh", "es", "fr", "ru")
    assert len(texts(six)) == 1
    page(tree, "de", "")
    page(tree, "zh-CN", "")
    with pytest.raises(ValueError, match="no pair in language de, en, es, fr, ru, zh"):
        libreoffice_help.load(six)


def test_greek_and_vietnamese_are_held_out_by_default():
    packages = libreoffice_help.packages(libreoffice_help.LANGUAGES)
    assert not any(name.endswith(("-el", "-vi")) for name in packages)
    assert {"libreoffice-help-zh-cn", "libreoffice-help-en-us"} < set(packages)


def test_a_languages_folder_is_that_of_its_iso_code(tree):
    page(tree, "zh-TW", SECTION.format(1, "填滿", "繁體"))
    assert texts(("en", "zh"))[0]["zh"] == (HEADING["zh"], LONG["zh"])
    with pytest.raises(ValueError, match=r"language en, pt in .*tree\. Way out: leave it out of"):
        libreoffice_help.load(("en", "pt"))


def test_a_damaged_page_is_named_and_missing_help_with_its_packages(tree, monkeypatch):
    file = tree / PAGE.format("de")
    file.write_bytes(b"<page><title>Cut \xff")
    with pytest.raises(ValueError, match=f"{file} is damaged"):
        libreoffice_help.load(("en", "de"))
    monkeypatch.setenv("HYBRIDLIB_PRODUCT_HELP", str(tree / "nowhere"))
    message = r"there is no \*\.html under .*en-US/text in .*nowhere.*libreoffice-help-de"
    with pytest.raises(FileNotFoundError, match=message):
        libreoffice_help.load(("en", "de"))


def test_the_packages_of_the_stored_runs_give_the_corpus_that_they_name():
    file = sorted(ROOT.glob("results/e5-grid/training/*/run.json"))[0]
    stored = json.loads(file.read_text(encoding="utf-8"))["provenance"]
    if not libreoffice_help.versions().items() <= stored["sources"].items():
        pytest.skip("Debian's packages are of other versions than those of the stored runs")
    if len(libreoffice_help.versions()) < len(libreoffice_help.LANGUAGES):
        pytest.skip("Debian's packages are not in the cache: libreoffice_help.load() fetches them")
    assert balanced_help.load().revision == stored["revisions"]["corpus"]
