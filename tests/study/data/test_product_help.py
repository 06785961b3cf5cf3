import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from hybridlib.data.fetch.download import cache_folder
from study.data.product_help import load as product_help
from study.data.product_help.corpora import packages

REPOSITORY = Path(__file__).parents[3]
LIBREOFFICE = "usr/share/libreoffice/help/{}/text/scalc/fill.html"
GNOME = "usr/share/help/{}/gnome-help/power.page"
GUIDE = "usr/share/doc/installation-guide-amd64/{}/ch01.html"
LONG = {
    "en": "Fills the cells of a selected range with the contents of its first cell, row by row, "
    "until the range is full.",
    "de": "Füllt die Zellen eines markierten Bereichs mit dem Inhalt der ersten Zelle, Zeile für "
    "Zeile, bis der Bereich voll ist.",
    "zh": "用第一个单元格的内容逐行填充所选区域。",
}
HEADING = {"en": "Fill cells", "de": "Zellen füllen", "zh": "填充单元格"}


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def libreoffice(root, name, body):
    frame = f'<html><h1 id="hd_0">Menu {name}</h1><p id="par_0">Menu of the frame: {name}.</p>'
    return write(
        root,
        LIBREOFFICE.format(name),
        f'{frame}<div id="DisplayArea">{body}<div id="SearchFrame"></html>',
    )


def gnome(root, name, body):
    page = f'<page xmlns="http://projectmallard.org/1.0/" id="power">{body}</page>'
    return write(root, GNOME.format(name), page)


def guide(root, name, body):
    header = '<div class="navheader"><p>The header of the page, above all of it.</p></div>'
    footer = f'<div class="footnotes"><div></div><p>A note at the foot of {name}.</p></div>'
    return write(root, GUIDE.format(name), f"<html>{header}{body}{footer}</html>")


def fill_tree(root):
    """One pair a corpus in English and German; LibreOffice's also in Chinese."""
    for name, language in [("en-US", "en"), ("de", "de"), ("zh-CN", "zh")]:
        libreoffice(
            root,
            name,
            f'<h1 id="hd_1">{HEADING[language]}</h1><p id="par_1">{LONG[language]}</p>',
        )
    for name, language in [("C", "en"), ("de", "de")]:
        gnome(root, name, f"<title>{HEADING[language]}</title><p>{LONG[language]}</p>")
    for name, language in [("en", "en"), ("de", "de")]:
        guide(
            root,
            name,
            f'<h2 class="title"><a name="fill"></a>1.2. {HEADING[language]}</h2>'
            f"<p>{LONG[language]}</p>",
        )
    return root


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def tree(tmp_path, cache):
    return fill_tree(tmp_path / "tree")


def texts(tree, corpus, languages=("en", "de")):
    """Query and passage by language of each pair of a corpus, in order."""
    rows = product_help.load(tree, languages).table.to_pylist()
    pairs = {}
    for row in rows:
        if row["corpus"] == corpus:
            pairs.setdefault(row["pair"], {})[row["language"]] = (row["query"], row["passage"])
    return list(pairs.values())


def queries(tree, corpus, languages=("en", "de")):
    return [
        {language: query for language, (query, _) in pair.items()}
        for pair in texts(tree, corpus, languages)
    ]


# Three layouts


@pytest.mark.parametrize("corpus", ["libreoffice-help", "gnome-help", "installation-guide"])
def test_heading_and_following_paragraph_become_a_parallel_pair(tree, corpus):
    assert texts(tree, corpus) == [
        {"en": (HEADING["en"], LONG["en"]), "de": (HEADING["de"], LONG["de"])}
    ]


def test_libreoffice_translations_are_joined_by_id_whatever_their_order(tree):
    section = '<h2 id="hd_{0}">{1}</h2><p id="par_{0}">{2}</p>'
    zero = ("Zero rows", LONG["en"].replace("cells", "rows"))
    english = section.format(1, "Fill cells", LONG["en"]) + section.format(2, *zero)
    libreoffice(tree, "en-US", english)
    null = ("Keine Zeilen", LONG["de"].replace("Zellen", "Zeilen"))
    german = section.format(2, *null) + section.format(1, "Zellen füllen", LONG["de"])
    libreoffice(tree, "de", german)
    assert queries(tree, "libreoffice-help") == [
        {"en": "Fill cells", "de": "Zellen füllen"},
        {"en": "Zero rows", "de": "Keine Zeilen"},
    ]


def test_libreoffice_translation_without_the_paragraphs_id_is_left_out(tree):
    libreoffice(tree, "de", f'<h1 id="hd_1">Zellen</h1><p id="par_9">{LONG["de"]}</p>')
    assert texts(tree, "libreoffice-help") == []
    libreoffice(tree, "de", f'<h1 id="hd_9">Zellen</h1><p id="par_1">{LONG["de"]}</p>')
    assert texts(tree, "libreoffice-help") == []


def test_short_paragraph_takes_the_next_one_with_it_and_a_long_one_does_not(tree):
    for name, short in [("en-US", "Fills the cells."), ("de", "Füllt die Zellen.")]:
        language = name[:2]
        libreoffice(
            tree,
            name,
            f'<h1 id="hd_1">{HEADING[language]}</h1><p id="par_1">{short}</p>'
            f'<p id="par_2">{LONG[language]}</p><p id="par_3">{short} {short}</p>',
        )
    assert texts(tree, "libreoffice-help")[0] == {
        "en": (HEADING["en"], f"Fills the cells. {LONG['en']}"),
        "de": (HEADING["de"], f"Füllt die Zellen. {LONG['de']}"),
    }


def test_passage_ends_at_the_next_heading(tree):
    for name, short in [("en-US", "Fills all the cells."), ("de", "Füllt alle die Zellen.")]:
        libreoffice(
            tree,
            name,
            f'<h1 id="hd_1">{HEADING[name[:2]]}</h1><p id="par_1">{short}</p>'
            f'<h2 id="hd_2">{HEADING[name[:2]]} 2</h2><p id="par_2">{LONG[name[:2]]}</p>',
        )
    passages = [pair["en"][1] for pair in texts(tree, "libreoffice-help")]
    assert passages == ["Fills all the cells.", LONG["en"]]


def test_of_libreoffices_variants_of_a_word_one_is_read(tree):
    variants = (
        '<span class="switchinline"><span hidden="true" class="MAC"><span>Command</span></span>'
        '<span hidden="true"><span>Ctrl</span></span></span>'
        '<span class="switchinline"><span hidden="true" class="WRITER">+W</span>'
        '<span hidden="true" class="CALC">+C</span></span>'
    )
    for name in ("en-US", "de"):
        body = (
            f'<h1 id="hd_1">{HEADING[name[:2]]}</h1><p id="par_1">{variants} {LONG[name[:2]]}</p>'
        )
        libreoffice(tree, name, body)
    assert texts(tree, "libreoffice-help")[0]["en"][1] == f"Ctrl+W {LONG['en']}"


def test_mallard_translation_with_another_skeleton_is_left_out(tree):
    section = "<title>{0}</title><p>{1}</p><section><title>{0} 2</title><p>{1} 2</p></section>"
    gnome(tree, "C", section.format(HEADING["en"], LONG["en"]))
    gnome(tree, "de", section.format(HEADING["de"], LONG["de"]))
    assert queries(tree, "gnome-help")[1] == {"en": "Fill cells 2", "de": "Zellen füllen 2"}
    gnome(tree, "de", section.format(HEADING["de"], LONG["de"]) + "<note><p>Neu.</p></note>")
    assert queries(tree, "gnome-help") == []


def test_mallard_shows_keys_and_titles_of_links_but_no_metadata(tree):
    for name, key, title in [("C", "Alt", "Sounds"), ("de", "Umschalt", "Klänge")]:
        language = name.replace("C", "en")
        write(
            tree,
            GNOME.format(name).replace("power", "sound"),
            f'<page xmlns="http://projectmallard.org/1.0/"><title>{title}</title></page>',
        )
        gnome(
            tree,
            name,
            f"<info><title>{title}</title><desc>{title}</desc></info>"
            f"<title>{HEADING[language]}</title><comment><p>Editors, look here.</p></comment>"
            f"<p>{LONG[language]} <keyseq><key>{key}</key><key>F1</key></keyseq> "
            '<link xref="sound"/></p>',
        )
    assert texts(tree, "gnome-help") == [
        {
            "en": (HEADING["en"], f"{LONG['en']} Alt+F1 Sounds"),
            "de": (HEADING["de"], f"{LONG['de']} Umschalt+F1 Klänge"),
        }
    ]


def test_guide_joins_made_up_anchors_by_position_and_ignores_notes_titles(tree):
    for name, anchor in [("en", "idm20"), ("de", "idm21")]:
        guide(
            tree,
            name,
            f'<h2 class="title"><a name="{anchor}"></a>B.4. {HEADING[name]}</h2>'
            f'<h3 class="title">Note</h3><p>{LONG[name]}<sup class="footnote">[1]</sup></p>',
        )
    assert texts(tree, "installation-guide") == [
        {"en": (HEADING["en"], LONG["en"]), "de": (HEADING["de"], LONG["de"])}
    ]


def test_guide_section_with_another_number_of_paragraphs_is_left_out(tree):
    heading = '<h2 class="title"><a name="fill"></a>1.1. Zellen füllen</h2>'
    guide(tree, "de", f"{heading}<p>{LONG['de']}</p><p>{LONG['de']}</p>")
    assert texts(tree, "installation-guide") == []


def test_a_section_of_gnomes_help_gives_several_passages_and_of_libreoffices_one(tree):
    numbers = range(7)
    for name in ("en", "de"):
        folder = {"en": ("en-US", "C")}.get(name, (name, name))
        paragraphs = [f"{LONG[name]} {number}" for number in numbers]
        libreoffice(
            tree,
            folder[0],
            f'<h1 id="hd_1">{HEADING[name]}</h1>'
            + "".join(f'<p id="par_{i}">{text}</p>' for i, text in enumerate(paragraphs)),
        )
        gnome(
            tree,
            folder[1],
            f"<title>{HEADING[name]}</title>" + "".join(f"<p>{text}</p>" for text in paragraphs),
        )
    assert len(texts(tree, "libreoffice-help")) == 1
    assert [pair["de"][1][-1] for pair in texts(tree, "gnome-help")] == ["0", "1", "2", "3", "4"]


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
    libreoffice(tree, "de", f'<h1 id="hd_1">{query}</h1><p id="par_1">{passage}</p>')
    assert texts(tree, "libreoffice-help") == []


def test_translation_with_one_untranslated_paragraph_is_left_out(tree):
    for name, short in [("en-US", "Fills the cells."), ("de", "Fills the cells.")]:
        body = f'<h1 id="hd_1">{HEADING[name[:2]]}</h1><p id="par_1">{short}</p>'
        libreoffice(tree, name, f'{body}<p id="par_2">{LONG[name[:2]]}</p>')
    assert texts(tree, "libreoffice-help") == []


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
    libreoffice(tree, "en-US", f'<h1 id="hd_1">{query}</h1><p id="par_1">{passage}</p>')
    assert texts(tree, "libreoffice-help") == []


def test_heading_of_very_many_sections_is_left_out(tree):
    section = '<h2 id="hd_{0}">{1}</h2><p id="par_{0}">{2} {0}</p>'
    for number, expected in [(50, 50), (51, 0)]:
        for name in ("en-US", "de"):
            parts = [
                section.format(i, HEADING[name[:2]], LONG[name[:2]]) for i in range(1, number + 1)
            ]
            libreoffice(tree, name, "".join(parts))
        assert len(texts(tree, "libreoffice-help")) == expected


def test_repeated_query_and_passage_is_left_out(tree):
    for name in ("en-US", "de"):
        body = f'<h1 id="hd_{{0}}">{HEADING[name[:2]]}</h1><p id="par_{{0}}">{LONG[name[:2]]}</p>'
        libreoffice(tree, name, body.format(1) + body.format(2))
    assert len(texts(tree, "libreoffice-help")) == 1


def test_pair_with_a_repeated_english_text_is_left_out_in_all_languages(tree):
    page = "<title>{0}</title><p>{1}</p><section><title>{0}</title><p>{2}</p></section>"
    gnome(tree, "C", page.format(HEADING["en"], LONG["en"], LONG["en"]))
    for name, language in [("de", "de"), ("zh_CN", "zh")]:
        text = LONG[language]
        gnome(tree, name, page.format(HEADING[language], text, f"{text} {text}"))
    assert len(texts(tree, "gnome-help", ("en", "de", "zh"))) == 1


def test_libreoffice_pair_needs_five_languages_when_more_are_asked_for(tree):
    for language in ("es", "fr", "ru"):
        libreoffice(
            tree,
            language,
            f'<h1 id="hd_1">{language} query</h1><p id="par_1">{language} {LONG["en"]}</p>',
        )
    five = ("en", "de", "zh", "es", "fr")
    assert len(texts(tree, "libreoffice-help", (*five, "ru"))) == 1
    libreoffice(tree, "de", "")
    libreoffice(tree, "zh-CN", "")
    with pytest.raises(ValueError, match="no pair in language es, fr, ru, zh"):
        product_help.load(tree, (*five, "ru"))


# Languages


def test_greek_and_vietnamese_are_held_out_by_default():
    assert product_help.LANGUAGES == ("de", "en", "es", "hi", "ru", "tr", "zh")
    assert not any(name.endswith(("-el", "-vi")) for name in packages(product_help.LANGUAGES))
    assert {"libreoffice-help-el", "libreoffice-help-zh-cn", "libreoffice-help-en-us"} < set(
        packages(("el", "zh"))
    )


def test_language_folders_become_iso_codes(tree):
    gnome(tree, "zh_CN", f"<title>{HEADING['zh']}</title><p>{LONG['zh']}</p>")
    gnome(tree, "pt_BR", f"<title>Preencher</title><p>{LONG['de']}</p>")
    libreoffice(tree, "zh-TW", '<h1 id="hd_1">填滿</h1><p id="par_1">繁體</p>')
    pairs = product_help.load(tree, ("en", "de", "zh"))
    assert pairs.languages == ("de", "en", "zh")
    assert texts(tree, "libreoffice-help", ("en", "zh"))[0]["zh"] == (HEADING["zh"], LONG["zh"])
    assert texts(tree, "gnome-help", ("en", "zh"))[0]["zh"] == (HEADING["zh"], LONG["zh"])
    with pytest.raises(ValueError, match=r"no pair in language .*pt"):
        product_help.load(tree, ("en", "pt"))


def test_english_is_read_but_not_returned_if_not_asked_for(tree):
    assert product_help.load(tree, ("de",)).languages == ("de",)


@pytest.mark.parametrize("languages", [["zh-CN"], ["en", "English"], "de", [""], []])
def test_wrong_language_code_is_named(tree, languages):
    with pytest.raises(ValueError, match=r"ISO 639-1 codes.* got '"):
        product_help.load(tree, languages)


# Files


def test_missing_documentation_is_named_with_the_packages_that_carry_it(tree):
    for file in (tree / "usr/share/help/C").rglob("*.page"):
        file.unlink()
    message = r"gnome-help: there is no \*\.page under .*help/C/gnome-help.*gnome-user-docs"
    with pytest.raises(FileNotFoundError, match=message):
        product_help.load(tree, ("en", "de"))
    with pytest.raises(FileNotFoundError, match="libreoffice-help"):
        product_help.load(tree / "nowhere", ("en", "de"))


@pytest.mark.parametrize("page", [GNOME, GUIDE, LIBREOFFICE])
def test_damaged_page_is_named(tree, page):
    file = tree / page.format("de")
    file.write_bytes(b"<page><title>Cut \xff")
    with pytest.raises(ValueError, match=f"{file} is damaged"):
        product_help.load(tree, ("en", "de"))


def test_second_load_reads_the_cache_until_a_page_changes(tree, monkeypatch):
    first = product_help.load(tree, ("en", "de"))
    extract = product_help._extract
    monkeypatch.setattr(product_help, "_extract", None)
    assert product_help.load(tree, ("de", "en")).revision == first.revision
    monkeypatch.setattr(product_help, "_extract", extract)
    libreoffice(tree, "de", f'<h1 id="hd_1">Neu</h1><p id="par_1">{LONG["de"]}</p>')
    assert product_help.load(tree, ("en", "de")).revision != first.revision


def test_damaged_cache_file_is_named(tree, cache):
    product_help.load(tree, ("en", "de"))
    (file,) = (cache / "product-help").glob("pairs-*.arrow")
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(ValueError, match=rf"{file.name} is damaged.*delete it"):
        product_help.load(tree, ("en", "de"))


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
    return sorted(path.name for path in (cache / "product-help/packages").glob("[!p]*"))


def test_packages_are_fetched_once_and_their_versions_told(debian_machine, cache):
    assert product_help.versions(("en", "de")) == {}
    first = product_help.load(languages=("en", "de"))
    assert len(first) == 3
    for tool in ("apt-get", "dpkg-deb"):
        debian_machine(tool, "exit 1")
    assert product_help.load(languages=("en", "de")).revision == first.revision
    names = ["gnome-user-docs", "installation-guide-amd64"]
    names += ["libreoffice-help-de", "libreoffice-help-en-us"]
    assert product_help.versions(("en", "de")) == dict.fromkeys(names, "1:2.0-1")
    assert unpacked(cache) == [f"{name}_1%3a2.0-1_all" for name in names]


@pytest.mark.parametrize("tool", ["apt-get", "dpkg-deb"])
def test_machine_without_debians_tools_is_told_the_way_out(cache, monkeypatch, tmp_path, tool):
    if tool == "dpkg-deb":
        write(tmp_path, "apt-get", "#!/bin/sh\n").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    message = f"{tool} is not here.*gnome-user-docs.*pass load.* the folder"
    with pytest.raises(FileNotFoundError, match=message):
        product_help.load()


@pytest.mark.parametrize(
    "script", ["echo 'E: no such package' >&2; exit 100", "exit 0", f"{APT_GET}; exit 100"]
)
def test_failing_download_names_package_and_way_out(debian_machine, cache, script):
    debian_machine("apt-get", script)
    message = "apt-get download libreoffice-help-de failed.*sudo apt-get update.*the folder"
    with pytest.raises(ConnectionError, match=message):
        product_help.load(languages=("en", "de"))
    assert unpacked(cache) == []


def test_truncated_package_is_named_and_leaves_nothing(debian_machine, cache):
    archive = debian_machine("apt-get", APT_GET)
    complete = archive.read_bytes()
    archive.write_bytes(complete[:700])
    with pytest.raises(ValueError, match=r"libreoffice-help-de_\S+\.deb is damaged"):
        product_help.load(languages=("en", "de"))
    assert unpacked(cache) == []
    archive.write_bytes(complete)
    assert len(product_help.load(languages=("en", "de"))) == 3


def test_kill_while_unpacking_leaves_no_half_package(debian_machine, cache):
    debian_machine("dpkg-deb", DYING_DPKG_DEB)
    code = "from study.data.product_help.load import load; load(languages=('en', 'de'))"
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
    assert len(product_help.load(languages=("en", "de"))) == 3


# The real packages


def test_real_packages_give_thousands_of_parallel_pairs():
    if set(product_help.versions()) != set(packages(product_help.LANGUAGES)):
        pytest.skip(
            f"Debian's packages are not in {cache_folder()}; product_help.load() fetches them"
        )
    rows = product_help.load().table.select(["corpus", "language"]).to_pandas().value_counts()
    assert rows["libreoffice-help"].min() > 200
    assert rows["libreoffice-help"].drop("hi").min() > 4000
    assert rows["gnome-help", "ru"] > 1000
    assert rows["installation-guide", "ru"] > 500
