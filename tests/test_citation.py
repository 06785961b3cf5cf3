"""One version, and one way to cite: what pyproject, CITATION.cff and the page of references say."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
CFF = yaml.safe_load((ROOT / "CITATION.cff").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PAGE = (ROOT / "book" / "references.md").read_text().partition("## How to cite")[2]


def bibtex(text):
    """Fields of each entry of the BibTeX blocks of a page."""
    (block,) = re.findall(r"```bibtex\n(.*?)```", text, re.S)
    entries = re.findall(r"@(\w+)\{([\w]+),\n(.*?)\n\}", block, re.S)
    return {
        kind: dict(re.findall(r"^  (\w+) = \{(.*)\},?$", fields, re.M))
        for kind, _, fields in entries
    }


def names(authors):
    return " and ".join(
        f"{one['family-names']}, {one['given-names']}" if "family-names" in one
        else f"{{{one['name']}}}"
        for one in authors
    )  # fmt: skip


def test_the_version_and_the_licence_are_the_packages():
    assert CFF["version"] == PROJECT["version"]
    assert CFF["license"] == PROJECT["license"]


def test_the_landing_page_says_version_date_and_licence():
    line = f"Version {CFF['version']} of {CFF['date-released']}, {CFF['license']}."
    assert line in PAGE


def test_the_bibtex_to_copy_is_the_citation_file():
    found = bibtex(PAGE)
    keys = {"version": "version", "date-released": "date", "license": "license", "title": "title"}
    software = {bib: CFF[key] for key, bib in keys.items()} | {"author": names(CFF["authors"])}
    assert found["software"] == software
    (paper,) = CFF["references"]
    expected = {"title": paper["title"], "author": names(paper["authors"])}
    expected |= {"year": str(paper["year"]), "url": paper["url"]}
    assert found == {"software": software, paper["type"]: expected}


def test_the_citation_file_is_valid():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    schema = "vendor.citation-file-format"
    done = subprocess.run([*command, schema, str(ROOT / "CITATION.cff")], capture_output=True)
    assert done.returncode == 0, done.stdout
