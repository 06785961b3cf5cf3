from tests.processes import ROOT, run_python

COMPUTES = {"remedies"}  # it names what is computed by its code


def test_a_page_of_stored_results_waits_for_neither_torch_nor_transformers():
    names = {file.stem for file in ROOT.glob("book/pages/[!_]*.py")} - COMPUTES
    assert "claims" in names
    imports = [f"import book.pages.{name}" for name in sorted(names)]
    heavy = "print(sorted({'torch', 'transformers', 'sklearn'} & set(sys.modules)))"
    assert run_python("-c", "\n".join(["import sys", *imports, heavy])).strip() == "[]"
