import pytest

from book.pages import paper_objects
from tests.book.pages import planted


@pytest.mark.parametrize(  # read in the paper's tables
    ("place", "value"),
    [
        ((1, "xquad-r", "XLM-R", "multilingual", "mAP"), 0.593),
        ((2, "xquad-r", "LaBSE", "multilingual", "rank distance"), 221),
        ((8, "mlqa-r", "XLM-R", "multilingual", "rank distance"), 227.1),
        ((13, "miracl", "LaBSE", "monolingual", "nDCG@10"), 0.4411),
    ],
)
def test_the_papers_number_is_its_own(place, value):
    assert paper_objects.paper_value(*place) == pytest.approx(value)


def test_every_object_has_a_row_a_place_and_a_command(tmp_path):
    ranks = {"untrained": (2, 5), "x-x": (3, 5), "x-y": (4, 5), "hybrid-0.5": (5, 5)}
    place = planted.place(tmp_path, planted.seeds(ranks, num_seeds=1))
    table = planted.csv(paper_objects.show([place]), "paper-objects").fillna("")
    numbered = [f"table {n}" for n in range(1, 14)] + ["figure 1", "figure 2"]
    assert {*numbered, *(f"claim {n}" for n in range(1, 12))} == set(table["object"])
    shown, nowhere = (part for _, part in table.groupby(table["here"] == ""))
    assert shown["here"].str.contains(r"^\w+\.html#[\w-]+$").all()
    assert shown["show again"].str.startswith("papermill --cwd . build/notebooks/").all()
    assert set(nowhere["ours"]) == {"not run"} and set(nowhere["show again"]) == {""}
    of_start = table[table["here"].str.contains("#e5-xquad-r")]  # E5 stands where LaBSE stands
    assert set(of_start["what"].str.rpartition(", ")[2]) == {"LaBSE"}
    assert of_start["ours"].str.contains(r"\(one run\); open against X-X").all()
    assert of_start["compute again"].str.contains("profile=e5 benchmark=xquad-r").all()
    rest = table[table["object"].str.startswith("table 12")]
    assert rest["ours"].tolist() == ["not run"]
    assert rest["compute again"].str.contains("profile=paper-xlm-r benchmark=miracl").all()
