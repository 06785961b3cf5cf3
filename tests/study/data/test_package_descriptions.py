import bz2
import gzip
import hashlib

import numpy as np
import pyarrow as pa
import pytest

from hybridlib.data.parallel import ParallelPairs
from study.data import balanced_help, package_descriptions, registry
from tests.data import published

ENGLISH = (
    "A game of chance for one to four players, with sounds, tables and a computer opponent "
    "that learns from them."
)
GERMAN = (
    "Ein Glücksspiel für einen bis vier Spieler, mit Geräuschen und einem Gegner, der dazulernt."
)
OTHER = ("other", "other things", "andere Dinge", [ENGLISH], [GERMAN])


def stanza(package, language, short, *paragraphs):
    """One package's entry; packages of one name are translations of each other."""
    md5 = hashlib.md5(package.encode(), usedforsecurity=False).hexdigest()
    lines = "\n .\n".join("\n".join(f" {line}" for line in p.split("\n")) for p in paragraphs)
    head = f"Package: {package}\nDescription-md5: {md5}\nDescription-{language}: {short}"
    return f"{head}\n{lines}\n\n"


def write(folder, name, text):
    published.write(folder / f"deb.example.org_dists_stable_main_i18n_Translation-{name}", [text])


def fill_lists(folder):
    """One pair in English and German."""
    write(folder, "en", stanza("dice", "en", "throw dice", ENGLISH))
    write(folder, "de", stanza("dice", "de", "Würfel werfen", GERMAN))
    return folder


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HYBRIDLIB_PACKAGE_DESCRIPTIONS", str(tmp_path / "lists"))
    return fill_lists(tmp_path / "lists")


def translate(folder, *packages):
    """Write packages of (name, English short, German short, English and German paragraphs)."""
    english = (stanza(name, "en", short, *texts) for name, short, _, texts, _ in packages)
    german = (stanza(name, "de", short, *texts) for name, _, short, _, texts in packages)
    write(folder, "en", "".join(english))
    write(folder, "de", "".join(german))


def texts(languages=("en", "de")):
    pairs = {}
    for row in package_descriptions.load(languages).table.to_pylist():
        pairs.setdefault(row["pair"], {})[row["language"]] = (row["query"], row["passage"])
    return list(pairs.values())


def passages(folder, *paragraphs):
    """English passages of a package with these paragraphs, whose German ones say something else."""
    german = [paragraph.replace("a", "ä").replace("e", "ë") for paragraph in paragraphs]
    translate(folder, ("dice", "throw dice", "Würfel werfen", paragraphs, german), OTHER)
    return [pair["en"][1] for pair in texts() if pair["en"][0] == "throw dice"]


def test_translations_are_joined_by_the_md5_of_the_english_whatever_their_order(folder):
    english = stanza("go", "en", "go", f"Go. {ENGLISH}")
    write(folder, "en", stanza("dice", "en", "throw dice", ENGLISH) + english)
    german = stanza("go", "de", "das Spiel Go", f"Go. {GERMAN}")
    german = german.replace("Package: go", "Package: go-classic")  # one text, another package
    german += stanza("lost", "de", "verwaist", GERMAN)
    write(folder, "de", german + stanza("dice", "de", "Würfel werfen", GERMAN))
    assert [pair["de"][0] for pair in texts()] == ["Würfel werfen", "das Spiel Go"]


def test_lines_of_a_paragraph_are_joined_and_chinese_ones_without_a_space(folder):
    chinese = "一到四人的碰运气游戏，有声音和会\n学习的 GTK 电脑\n对手。"
    write(folder, "en", stanza("dice", "en", "throw dice", ENGLISH.replace(" for ", "\nfor ")))
    write(folder, "zh%5fCN", stanza("dice", "zh", "掷骰子", chinese))
    (pair,) = texts(("en", "zh"))
    assert pair["en"][1] == ENGLISH
    assert pair["zh"][1] == "一到四人的碰运气游戏，有声音和会学习的 GTK 电脑对手。"


@pytest.mark.parametrize(
    "paragraph",
    [
        "This package contains the header files, the static library and the documentation of it.",
        "This package also provides a shared library for programs that throw dice on a table.",
        " * throws a die of six sides\n * throws a die of twenty sides\n * counts what was thrown",
        "- throws a die of six sides\n- throws a die of twenty sides\n- counts what was thrown",
        "The features that make this game worth the while of anyone who likes games of chance:",
    ],
    ids=["files", "also", "indented list", "list", "start of a list"],
)
def test_the_passage_is_prose_of_the_package_itself(folder, paragraph):
    assert passages(folder, paragraph, f"Second. {ENGLISH}") == [f"Second. {ENGLISH}"]
    assert passages(folder, paragraph) == []


@pytest.mark.parametrize(
    ("short", "german"),
    [
        ("transitional package", [GERMAN]),
        ("games - metapackage", [GERMAN]),
        ("throw dice", [GERMAN] * 2),  # another number of paragraphs
    ],
)
def test_an_empty_package_and_an_uneven_translation_are_left_out(folder, short, german):
    translate(folder, ("dice", short, "Würfel werfen", [ENGLISH], german), OTHER)
    assert [pair["en"][0] for pair in texts()] == ["other things"]


def test_a_paragraph_of_more_than_ten_descriptions_is_no_passage(folder):
    for number, is_kept in [(10, True), (11, False)]:
        family = [
            (f"dice{i}", f"dice {i}", f"Würfel {i}",
             [ENGLISH, f"Number {i}: {ENGLISH}"], [GERMAN, f"Nummer {i}: {GERMAN}"])
            for i in range(number)
        ]  # fmt: skip
        translate(folder, *family)
        found = {pair["de"][1] for pair in texts()}
        expected = {GERMAN} if is_kept else {f"Nummer {i}: {GERMAN}" for i in range(number)}
        assert found == expected


def test_packages_that_share_a_paragraph_are_one_group_though_their_passages_differ(folder):
    own, eigen = [f"Manual. {ENGLISH}", ENGLISH], [f"Handbuch. {GERMAN}", GERMAN]
    translate(
        folder,
        ("chess", "chess", "Schach", [f"Chess. {ENGLISH}"], [f"Schach. {GERMAN}"]),
        ("dice", "throw dice", "Würfel werfen", [ENGLISH], [GERMAN]),
        ("dice-doc", "on throwing dice", "über das Würfeln", own, eigen),
    )
    pairs = package_descriptions.load(("en", "de"))
    assert len(set(pairs.table["passage"].to_pylist())) == 6
    assert pairs.groups.tolist() == [0, 1, 1]


def test_a_language_without_an_index_is_named(folder):
    with pytest.raises(ValueError, match=r"no pair in language fr, ru in .*lists"):
        package_descriptions.load(("en", "de", "fr", "ru"))
    (file,) = folder.glob("*-en")
    file.rename(f"{file}.xz")
    with pytest.raises(FileNotFoundError, match=r"no Translation-en .* in .*lists\. Way out: put"):
        package_descriptions.load(("en", "de"))


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [
        (".gz", gzip.compress),
        (".bz2", bz2.compress),
        (".lz4", lambda data: pa.Codec("lz4").compress(data, asbytes=True)),
    ],
)
def test_compressed_indices_are_read_and_truncated_ones_named(folder, suffix, compress):
    plain = texts()
    (file,) = folder.glob("*-de")
    packed = compress(file.read_bytes())
    file.unlink()
    file.with_name(file.name + suffix).write_bytes(packed)
    assert texts() == plain
    file.with_name(file.name + suffix).write_bytes(packed[:-12])
    with pytest.raises(ValueError, match=rf"Translation-de{suffix} is damaged.*fetch it again"):
        texts()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text[:-20], "ends within a description"),
        (lambda text: text.replace("-md5", ""), "'Package: dice.* is no desc"),
        (lambda text: f"<html>404</html>\n\n{text}", "'<html>404</html>' is no description"),
        (lambda text: "", "ends within a description"),
    ],
)
def test_a_damaged_index_is_named(folder, spoil, message):
    (file,) = folder.glob("*-de")
    file.write_text(spoil(file.read_text()))
    with pytest.raises(ValueError, match=f"Translation-de is damaged.*{message}"):
        texts()
    file.write_bytes(b"Package: \xff\n\n")
    with pytest.raises(ValueError, match=r"Translation-de is damaged.*can't decode"):
        texts()


def test_an_index_that_its_release_does_not_know_is_named(folder):
    files = sorted(folder.glob("*Translation*"))
    sums = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    release = folder / "deb.example.org_dists_stable_InRelease"
    release.write_text("SHA256:\n" + "".join(f" {digest} 1 main/i18n\n" for digest in sums))
    assert len(texts()) == 1
    # cut between two packages: nothing but the checksum shows it
    files[0].write_text(files[0].read_text() + stanza("go", "de", "Go", GERMAN))
    with pytest.raises(ValueError, match="Translation-de is damaged: no InRelease beside it"):
        texts()


def test_the_corpus_is_known_by_name_from_a_folder_of_the_environment(folder, monkeypatch):
    for language in set(package_descriptions.LANGUAGES) - {"en"}:
        name = {"pt": "pt_BR", "zh": "zh_CN"}.get(language, language)
        write(folder, name, stanza("dice", language, f"{language} short", f"{language} {GERMAN}"))
    pairs = registry.load_pairs("package-descriptions")
    assert pairs.languages == package_descriptions.LANGUAGES
    assert registry.source_versions("package-descriptions") == {}
    monkeypatch.setitem(registry.CORPORA, "balanced-help", registry.CORPORA["cldr"])
    both = registry.load_pairs("balanced-help-and-descriptions")
    assert len(both) == len(registry.load_pairs("cldr")) + len(pairs)


def test_corpora_of_fewer_groups_are_nested(monkeypatch):
    pairs = ParallelPairs.from_rows(
        {"corpus": "help", "pair": str(i), "language": language,
         "query": f"{language} {i // 2}", "passage": f"{language} answer {i}"}
        for i in range(3000) for language in balanced_help.LANGUAGES
    )  # fmt: skip
    monkeypatch.setitem(registry.CORPORA, "balanced-help", lambda: pairs)
    smaller: set[str] = set()
    for number in ("100", "300", "1000", "all"):
        corpus = registry.load_pairs(f"balanced-help-{number}-groups")
        mine = set(corpus.table["pair"].to_pylist())
        assert len(np.unique(corpus.groups)) == (1500 if number == "all" else int(number))
        assert smaller < mine
        smaller = mine
