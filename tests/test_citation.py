"""One version, and one way to cite: what pyproject, CITATION.cff and the page of references say."""

import tomllib

import yaml

from tests.processes import ROOT, run_python

CFF = yaml.safe_load((ROOT / "CITATION.cff").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PAGE = (ROOT / "book" / "references.md").read_text().partition("## How to cite")[2]


def names(authors):
    return " and ".join(
        f"{one['family-names']}, {one['given-names']}" if "family-names" in one
        else f"{{{one['name']}}}"
        for one in authors
    )  # fmt: skip


def test_the_version_and_the_licence_are_the_packages():
    assert CFF["version"] == PROJECT["version"]
    assert CFF["license"] == PROJECT["license"]


def bibtex(kind, key, **fields):
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@{kind}{{{key},\n{lines}\n}}\n"


def test_the_page_of_references_cites_as_the_citation_file_does():
    version, date, license = CFF["version"], CFF["date-released"], CFF["license"]
    assert f"Version {version} of {date}, {license}." in PAGE
    software = bibtex(
        "software", "hybridlib", title=CFF["title"], author=names(CFF["authors"]),
        version=version, date=date, license=license,
    )  # fmt: skip
    (paper,) = CFF["references"]
    article = bibtex(
        paper["type"], "elmahdy2024synergistic", title=paper["title"],
        author=names(paper["authors"]), year=paper["year"], url=paper["url"],
    )  # fmt: skip
    assert f"```bibtex\n{software}{article}```\n" in PAGE


def test_the_citation_file_is_valid():
    schema = "vendor.citation-file-format"
    run_python("-m", "check_jsonschema", "--builtin-schema", schema, "CITATION.cff")
