import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from study.data import balanced_help, libreoffice_help

REPOSITORY = Path(__file__).parents[3]
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


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def page(root, name, body):
    frame = f'<html><h1 id="hd_0">Menu {name}</h1><p id="par_0">Menu of the frame: {name}.</p>'
    text = f'{frame}<div id="DisplayArea">{body}<div id="SearchFrame"></html>'
    return write(root, PAGE.format(name), text)


def pages(root, body, languages=("en", "de")):
    """Write a page a language; ``body`` makes it of the language's heading and long text."""
    for language in languages:
        page(root, FOLDERS[language], body(HEADING[language], LONG[language]))


def fill_tree(root):
    """One pair in English, German and Chinese."""
    pages(root, lambda heading, text: SECTION.format(1, heading, text), FOLDERS)
    return root


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def tree(tmp_path, cache):
    """With a second page, so that there is a pair whatever becomes of the first."""
    root = fill_tree(tmp_path / "tree")
    for language in ("en", "de"):
        other = SECTION.format(1, f"{HEADING[language]} 2", f"2 {LONG[language]}")
        write(root, PAGE.format(FOLDERS[language]).replace("fill", "other"), other)
    return root


def texts(tree, languages=("en", "de")):
    """Query and passage by language of each pair of the first page, in order."""
    found = {}
    for row in libreoffice_help.load(tree, languages).table.to_pylist():
        if "fill" in row["pair"]:
            found.setdefault(row["pair"], {})[row["language"]] = (row["query"], row["passage"])
    return list(found.values())


# What becomes a pair


def test_heading_and_following_paragraph_become_a_parallel_pair(tree):
    assert texts(tree) == [{"en": (HEADING["en"], LONG["en"]), "de": (HEADING["de"], LONG["de"])}]


def test_translations_are_joined_by_id_whatever_their_order(tree):
    english = SECTION.format(1, "Fill cells", LONG["en"])
    page(tree, "en-US", english + SECTION.format(2, "Zero rows", f"Zero. {LONG['en']}"))
    german = SECTION.format(2, "Keine Zeilen", f"Null. {LONG['de']}")
    page(tree, "de", german + SECTION.format(1, "Zellen füllen", LONG["de"]))
    queries = [{language: query for language, (query, _) in pair.items()} for pair in texts(tree)]
    assert queries == [
        {"en": "Fill cells", "de": "Zellen füllen"},
        {"en": "Zero rows", "de": "Keine Zeilen"},
    ]


@pytest.mark.parametrize("ids", [("hd_1", "par_9"), ("hd_9", "par_1")])
def test_a_translation_without_the_ids_is_left_out(tree, ids):
    page(tree, "de", f'<h1 id="{ids[0]}">Zellen</h1><p id="{ids[1]}">{LONG["de"]}</p>')
    assert texts(tree) == []


def test_short_paragraph_takes_the_next_one_with_it_and_the_section_gives_no_other(tree):
    def body(heading, text):
        first, second = text[:20], f"{text} {text}"
        return (
            f'<h1 id="hd_1">{heading}</h1><p id="par_1">{first}</p><p id="par_2">{text}</p>'
            f'<p id="par_3">{second}</p>'
        )

    pages(tree, body)
    expected = {name: (HEADING[name], f"{LONG[name][:20].strip()} {LONG[name]}") for name in LONG}
    assert texts(tree) == [{name: expected[name] for name in ("en", "de")}]


def test_passage_ends_at_the_next_heading(tree):
    pages(
        tree,
        lambda heading, text: (
            SECTION.format(1, heading, text[:40]) + SECTION.format(2, f"{heading} 2", text)
        ),
    )
    assert [pair["de"][1] for pair in texts(tree)] == [LONG["de"][:40].strip(), LONG["de"]]


def test_of_variants_of_a_word_one_is_read(tree):
    variants = (
        '<span class="switchinline"><span hidden="true" class="MAC"><span>Command</span></span>'
        '<span hidden="true"><span>Ctrl</span></span></span>'
        '<span class="switchinline"><span hidden="true" class="WRITER">+W</span>'
        '<span hidden="true" class="CALC">+C</span></span>'
    )
    pages(tree, lambda heading, text: SECTION.format(1, heading, f"{variants}<br/>{text}"))
    assert texts(tree)[0]["en"][1] == f"Ctrl+W {LONG['en']}"


# What is left out


@pytest.mark.parametrize(
    ("query", "passage"),
    [
        (HEADING["de"], LONG["en"]),
        (HEADING["en"], LONG["de"]),
        (HEADING["de"], LONG["en"].replace(",", " –")),
        (HEADING["de"], ""),
        ("", LONG["de"]),
    ],
    ids=["passage", "heading", "other punctuation", "no passage", "no heading"],
)
def test_untranslated_text_is_left_out(tree, query, passage):
    page(tree, "de", SECTION.format(1, query, passage))
    assert texts(tree) == []


def test_translation_with_one_untranslated_paragraph_is_left_out(tree):
    pages(
        tree,
        lambda heading, text: (
            f'<h1 id="hd_1">{heading}</h1><p id="par_1">Fills the cells.</p>'
            f'<p id="par_2">{text}</p>'
        ),
    )
    assert texts(tree) == []


@pytest.mark.parametrize(
    ("query", "passage"),
    [
        ("×", LONG["en"]),
        ("A", LONG["en"]),
        ("Fill", "Fills all conceivable"),
        ("Fill", "a b c d e f g"),
    ],
    ids=["symbol", "one letter", "few words", "few characters"],
)
def test_headings_and_passages_that_say_nothing_are_left_out(tree, query, passage):
    page(tree, "en-US", SECTION.format(1, query, passage))
    assert texts(tree) == []


def test_heading_of_very_many_sections_is_left_out(tree):
    for number, expected in [(50, 50), (51, 0)]:
        pages(
            tree,
            lambda heading, text, number=number: "".join(
                SECTION.format(i, heading, f"{text} {i}") for i in range(1, number + 1)
            ),
        )
        assert len(texts(tree)) == expected


def test_repeated_query_and_passage_is_left_out(tree):
    pages(
        tree,
        lambda heading, text: SECTION.format(1, heading, text) + SECTION.format(2, heading, text),
    )
    assert len(texts(tree)) == 1
    # in English alone: the others have lost their original
    page(tree, "de", SECTION.format(1, "Eins", LONG["de"]) + SECTION.format(2, "Zwei", LONG["de"]))
    page(tree, "zh-CN", SECTION.format(1, "一", LONG["zh"]) + SECTION.format(2, "二", LONG["zh"]))
    assert len(texts(tree, ("en", "de", "zh"))) == 1


def test_a_pair_needs_five_languages_when_more_are_asked_for(tree):
    for language in ("es", "fr", "ru"):
        page(tree, language, SECTION.format(1, f"{language} query", f"{language} {LONG['en']}"))
    six = ("en", "de", "zh", "es", "fr", "ru")
    assert len(texts(tree, six)) == 1
    page(tree, "de", "")
    page(tree, "zh-CN", "")
    with pytest.raises(ValueError, match="no pair in language de, en, es, fr, ru, zh"):
        libreoffice_help.load(tree, six)


# Languages


def test_greek_and_vietnamese_are_held_out_by_default():
    packages = libreoffice_help.packages(libreoffice_help.LANGUAGES)
    assert not any(name.endswith(("-el", "-vi")) for name in packages)
    assert {"libreoffice-help-zh-cn", "libreoffice-help-en-us"} < set(packages)


def test_a_languages_folder_is_that_of_its_iso_code(tree):
    page(tree, "zh-TW", SECTION.format(1, "填滿", "繁體"))
    assert texts(tree, ("en", "zh"))[0]["zh"] == (HEADING["zh"], LONG["zh"])
    with pytest.raises(ValueError, match=r"no pair in language en, pt; .* Way out: leave it out"):
        libreoffice_help.load(tree, ("en", "pt"))


def test_english_is_read_but_not_returned_if_not_asked_for(tree):
    assert libreoffice_help.load(tree, ("de",)).languages == ("de",)


# Files


def test_missing_help_is_named_with_the_packages_that_carry_it(tree):
    message = r"there is no \*\.html under .*en-US/text in .*nowhere.*libreoffice-help-de"
    with pytest.raises(FileNotFoundError, match=message):
        libreoffice_help.load(tree / "nowhere", ("en", "de"))


def test_damaged_page_is_named(tree):
    file = tree / PAGE.format("de")
    file.write_bytes(b"<page><title>Cut \xff")
    with pytest.raises(ValueError, match=f"{file} is damaged"):
        libreoffice_help.load(tree, ("en", "de"))


def test_second_load_reads_the_cache_until_a_page_changes(tree, monkeypatch):
    first = libreoffice_help.load(tree, ("en", "de"))
    extract = libreoffice_help._extract
    monkeypatch.setattr(libreoffice_help, "_extract", None)
    assert libreoffice_help.load(tree, ("de", "en")).revision == first.revision
    monkeypatch.setattr(libreoffice_help, "_extract", extract)
    page(tree, "de", SECTION.format(1, "Neu", LONG["de"]))
    assert libreoffice_help.load(tree, ("en", "de")).revision != first.revision


# Packages; "apt-get" and "dpkg-deb" are small scripts here, a package is a tar file

APT_GET = 'for package; do :; done; cp "{archive}" "${{package}}_1%3a2.0-1_all.deb"'
DPKG_DEB = 'mkdir "$3" && tar -xf "$2" -C "$3"'
DYING_DPKG_DEB = 'mkdir -p "$3/usr/share" && kill -9 $PPID && sleep 1'


@pytest.fixture
def debian_machine(tmp_path, cache, monkeypatch):
    """Return a function that puts a script in the place of a tool."""
    archive, tools = tmp_path / "archive.tar", tmp_path / "bin"
    with tarfile.open(archive, "w") as tar:
        tar.add(fill_tree(tmp_path / "tree"), ".")
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)

    def put(tool, script):
        write(tools, tool, f"#!/bin/sh\n{script.format(archive=archive)}\n").chmod(0o755)
        return archive

    put("apt-get", APT_GET)
    put("dpkg-deb", DPKG_DEB)
    return put


def unpacked(cache):
    folders = (cache / "product-help/packages").glob("libreoffice*")
    return sorted(path.name for path in folders)


def test_packages_are_fetched_once_and_their_versions_told(debian_machine, cache):
    assert libreoffice_help.versions(("en", "de")) == {}
    first = libreoffice_help.load(languages=("en", "de"))
    assert len(first) == 1
    for tool in ("apt-get", "dpkg-deb"):
        debian_machine(tool, "exit 1")
    assert libreoffice_help.load(languages=("en", "de")).revision == first.revision
    names = ["libreoffice-help-de", "libreoffice-help-en-us"]
    assert libreoffice_help.versions(("en", "de")) == dict.fromkeys(names, "1:2.0-1")
    assert unpacked(cache) == [f"{name}_1%3a2.0-1_all" for name in names]


@pytest.mark.parametrize("tool", ["apt-get", "dpkg-deb"])
def test_machine_without_debians_tools_is_told_the_way_out(cache, monkeypatch, tmp_path, tool):
    if tool == "dpkg-deb":
        write(tmp_path, "apt-get", "#!/bin/sh\n").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    message = f"{tool} is not here.*libreoffice-help-tr.*HYBRIDLIB_PRODUCT_HELP"
    with pytest.raises(FileNotFoundError, match=message):
        libreoffice_help.load()


@pytest.mark.parametrize(
    "script", ["echo 'E: no such package' >&2; exit 100", "exit 0", f"{APT_GET}; exit 100"]
)
def test_failing_download_names_package_and_way_out(debian_machine, cache, script):
    debian_machine("apt-get", script)
    message = "apt-get download libreoffice-help-de failed.*sudo apt-get update.*the folder"
    with pytest.raises(ConnectionError, match=message):
        libreoffice_help.load(languages=("en", "de"))
    assert unpacked(cache) == []


def test_truncated_package_is_named_and_leaves_nothing(debian_machine, cache):
    archive = debian_machine("apt-get", APT_GET)
    complete = archive.read_bytes()
    archive.write_bytes(complete[:700])
    with pytest.raises(ValueError, match=r"libreoffice-help-de_\S+\.deb is damaged"):
        libreoffice_help.load(languages=("en", "de"))
    assert unpacked(cache) == []
    archive.write_bytes(complete)
    assert len(libreoffice_help.load(languages=("en", "de"))) == 1


def test_kill_while_unpacking_leaves_no_half_package(debian_machine, cache):
    debian_machine("dpkg-deb", DYING_DPKG_DEB)
    code = "from study.data.libreoffice_help import load; load(languages=('en', 'de'))"
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=False,
    )
    assert outcome.returncode == -9
    assert list((cache / "product-help/packages").glob("partial-*/unpacked/usr/share"))
    assert unpacked(cache) == []
    debian_machine("dpkg-deb", DPKG_DEB)
    assert len(libreoffice_help.load(languages=("en", "de"))) == 1


def test_the_packages_of_the_stored_runs_give_the_corpus_that_they_name():
    file = sorted(REPOSITORY.glob("results/e5-grid/training/*/run.json"))[0]
    stored = json.loads(file.read_text(encoding="utf-8"))["provenance"]
    if not libreoffice_help.versions().items() <= stored["sources"].items():
        pytest.skip("Debian's packages are of other versions than those of the stored runs")
    if len(libreoffice_help.versions()) < len(libreoffice_help.LANGUAGES):
        pytest.skip("Debian's packages are not in the cache: libreoffice_help.load() fetches them")
    assert balanced_help.load().revision == stored["revisions"]["corpus"]
