import subprocess
import sys
from pathlib import Path

import book.pages

COMPUTES = {"remedies"}  # it names what is computed by its code


def test_a_page_of_stored_results_waits_for_neither_torch_nor_transformers():
    folder = Path(book.pages.__file__).parent
    names = {file.stem for file in folder.glob("[!_]*.py")} - COMPUTES
    assert "claims" in names
    imports = [f"import book.pages.{name}" for name in sorted(names)]
    heavy = "print(sorted({'torch', 'transformers', 'sklearn'} & set(sys.modules)))"
    program = "\n".join(["import sys", *imports, heavy])
    command = [sys.executable, "-c", program]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
