"""Three packages, one direction: notebooks, book, study, hybridlib."""

import ast

import pytest

from tests.processes import ROOT

MAY_IMPORT = {
    "hybridlib": {"hybridlib"},
    "study": {"hybridlib", "study"},
    "book": {"hybridlib", "study", "book"},
}


def imported(file):
    """First parts of the names of all modules that a file imports, wherever it does."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_none_that_stands_above_it(package):
    ours = {*MAY_IMPORT, "notebooks", "speed", "tests"}
    files = list((ROOT / package).rglob("*.py"))
    assert files
    for file in files:
        assert set(imported(file)) & ours <= MAY_IMPORT[package], file
