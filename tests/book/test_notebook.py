import re
import shlex
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

from book.notebook import ALLOWED, check_parameters

DECLARED = {"__annotations__": {"alpha": float, "seed": int, "name": str, "frozen": bool}}
VALUES = {"alpha": 0.5, "seed": 1, "name": "x", "frozen": True}


def test_declared_parameters_are_returned():
    assert check_parameters(DECLARED | VALUES | {"In": [], "_i": "", "pytest": pytest}) == VALUES


def test_a_whole_number_is_a_float_too():
    checked = check_parameters(DECLARED | VALUES | {"alpha": 1})
    assert checked["alpha"] == 1.0
    assert isinstance(checked["alpha"], float)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"alpah": 0.3},
            "parameter 'alpah' is unknown, did you mean 'alpha'. There is alpha, seed",
        ),
        ({"zzz": 1}, "parameter 'zzz' is unknown; there is alpha, seed, name, frozen"),
        ({"alpha": "0.3x"}, r"alpha must be float, got '0.3x' \(str\)"),
        ({"alpha": 1.4}, r"alpha must be in \[0, 1\], got 1.4"),
    ],
)
def test_a_wrong_parameter_names_the_right_ones(changes, message):
    with pytest.raises(ValueError, match=message):
        check_parameters(DECLARED | VALUES | changes)


@pytest.mark.parametrize("file", sorted(Path("notebooks").glob("*.py")), ids=lambda file: file.stem)
def test_every_number_of_a_notebook_has_a_range(file):
    declared = re.findall(r"^(\w+): (?:int|float) = ", file.read_text(), re.M)
    assert set(declared) <= set(ALLOWED)


NOTEBOOK = """# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
alpha: float = 0.5

# %%
from book.notebook import check_parameters
_ = check_parameters(globals())

# %%
{cell}
"""


def papermill(folder, cell, *parameters):
    """What papermill prints of a failed notebook."""
    notebook = jupytext.reads(NOTEBOOK.format(cell=cell), fmt="py:percent")
    jupytext.write(notebook, folder / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", *parameters]
    outcome = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert outcome.returncode
    return outcome.stderr


def behind_papermills_frames(printed):
    return printed.partition("PapermillExecutionError:")[2].strip().splitlines()


def test_a_failed_notebook_ends_in_its_one_sentence(tmp_path):
    cell = "from hybridlib.models.names import check_name; check_name('e6')"
    for printed, sentence in (
        (papermill(tmp_path, cell), "FileNotFoundError: encoder 'e6' is unknown; there is"),
        (papermill(tmp_path, "", "-p", "alpah", "1"), "ValueError: parameter 'alpah' is unknown"),
    ):
        lines = behind_papermills_frames(printed)
        assert lines[-2].startswith("Exception encountered at")
        assert lines[-1].startswith(sentence)
        assert len(lines) == 3


def test_an_error_that_is_not_ours_keeps_its_traceback(tmp_path):
    printed = papermill(tmp_path, "int('x')")
    lines = behind_papermills_frames(printed)
    assert len(lines) > 5
    assert lines[-1].startswith("ValueError: invalid literal")
    shown = in_the_workflow(printed)
    assert "papermill/execute.py" in printed
    assert "papermill/execute.py" not in shown
    assert shown.strip().endswith("\n".join(lines))


def in_the_workflow(printed):
    """What the book's workflow shows of it: a page's rule cuts out papermill's own frames."""
    rule = re.search(r"\|\| \((sed '.*?') \{log\}", Path("Snakefile").read_text())[1]
    command = shlex.split(rule.replace("{{", "{").replace("}}", "}"))
    return subprocess.run(command, input=printed, capture_output=True, text=True, check=True).stdout
