"""The notebooks: their form, their parameters, and nbval over the pages of the book."""

import ast
import os
import shutil
from dataclasses import asdict

import jupytext
import pytest

from study.runs.profile import load_profile
from tests.processes import ROOT, run_python

SOURCES = sorted((ROOT / "notebooks").glob("*.py"))
EXECUTED = ROOT / "build" / "executed"
CHECKED = [source.stem for source in SOURCES if "nbval-check-output" in source.read_text()]
needs_book = pytest.mark.skipif(
    not (ROOT / "_build/html/index.html").is_file() and not os.environ.get("CI"),
    reason="needs the built book: `make book`",
)


def parameters_cell(notebook):
    """Number of the one cell that papermill changes."""
    (number,) = [
        i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])
    ]
    return number


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_asks_first_declares_its_parameters_and_defines_no_function(source):
    notebook = jupytext.read(source)
    assert len(notebook.cells) <= 15
    assert notebook.cells[0].source.startswith("# ")
    check = notebook.cells[parameters_cell(notebook) + 1].source
    assert "check_parameters(globals())" in check
    tree = ast.parse("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def test_train_answers_for_new_parameters(tmp_path):
    words = "--set-kernel", "python3", "--to", "ipynb", "-o", tmp_path / "train.ipynb"
    run_python("-m", "jupytext", *words, ROOT / "notebooks" / "train.py")
    changes = {"alpha": "0.3", "num_steps": "2", "evaluation_steps": "1", "batch_size": "8"}
    flags = [word for name, value in changes.items() for word in ("-p", name, value)]
    run_python("-m", "papermill", "train.ipynb", "out.ipynb", *flags, cwd=tmp_path)
    assert (tmp_path / "results/scratch/cldr/hybrid-0.3-seed0/run.json").is_file()
    output = (tmp_path / "out.ipynb").read_text()
    assert "\\u03b1 = 0.3</span>" in output or "α = 0.3</span>" in output


@needs_book
@pytest.mark.parametrize("name", CHECKED)
def test_nbval_reproduces_a_page_to_the_byte_where_it_is_tagged(name, tmp_path):
    for folder in ("results", "profiles"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    page = shutil.copy(EXECUTED / f"{name}.ipynb", tmp_path)
    options = ["--nbval-lax", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    run_python("-m", "pytest", *options, page, cwd=tmp_path)


def test_the_defaults_of_train_are_those_of_the_quick_profile():
    notebook = jupytext.read(ROOT / "notebooks" / "train.py")
    defaults = {}
    exec(notebook.cells[parameters_cell(notebook)].source, defaults)  # noqa: S102  (our own file)
    quick = load_profile("quick").runs()["hybrid-0.5-seed0"]
    for name, value in asdict(quick).items():
        assert defaults[name] == value, name
