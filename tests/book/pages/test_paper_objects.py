import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jupytext
import pytest
from papermill.cli import papermill as papermill_command
from snakemake.cli import parse_args as parse_snakemake

from book.chapters import chapters
from book.pages import claims, paper_objects, paper_objects_shown
from book.pages import cost as costs
from book.shared import sentences, stored_runs, tables
from book.shared.tables import DISTANCE, HYBRID
from hybridlib.checks import check
from study.__main__ import main as study_command
from study.runs.profile import checked_config, load_profile
from study.store.runs import Store
from tests.book.pages.test_claims import evidence

ROOT = Path(__file__).parents[3]
STORE = Store(ROOT / "results")


@pytest.fixture(scope="module")
def planted():
    """Planted scores from the raw start, with the counts of the data that the store has."""
    counts = {
        name: STORE.load(STORE.folder("study", "data", name)) for name in ("xquad-r", "mlqa-r")
    }
    return replace(evidence(starts=("raw",)), counts=counts)


@pytest.fixture(scope="module")
def hours():
    texts = STORE.load(STORE.folder("cost", "texts", "xquad-r")).scores
    speeds = next(iter(stored_runs.runs(STORE, "cost", "speed").values())).scores
    return costs.hours(load_profile("paper-xlm-r"), texts, speeds, {False: 8.0, True: 120.0})


@pytest.fixture(scope="module")
def list_of(planted, hours):
    """Entries where these profiles have runs."""

    def made(*names):
        found = [load_profile(name) for name in names]
        of_samplers = planted.scores["raw", "xquad-r"]
        measured = {(name, b): of_samplers for name in names for b in ("xquad-r", "mlqa-r")}
        return paper_objects.entries(found, measured, planted, hours)

    return made


@pytest.fixture(scope="module")
def listed(list_of):
    return list_of("raw")


def of(listed, name, *words):
    return [one for one in listed if one.name == name and all(word in one.what for word in words)]


def test_every_table_figure_and_claim_is_listed_in_order(listed):
    names = list(dict.fromkeys(one.name for one in listed))
    assert names == [
        *(f"table {number}" for number in range(1, 14)),
        *("figure 1", "figure 2"),
        *(f"claim {number}" for number in range(1, 12)),
    ]


@pytest.mark.parametrize(
    ("name", "words", "paper", "cell"),
    [
        ("table 1", ("MLQA-R", "XLM-R"), "Mul. mAP 0.512", ("multilingual", "mAP")),
        ("table 2", ("XQuAD-R", "XLM-R"), "rank distance 287", ("multilingual", DISTANCE)),
        ("table 4", ("MLQA-R", "XLM-R"), "R@10 0.628", ("multilingual", "R@10")),
        ("table 8", ("MLQA-R", "XLM-R"), "rank distance 227", ("multilingual", DISTANCE)),
    ],
)
def test_a_table_of_scores_has_the_papers_value_ours_and_hybrids_verdicts(
    listed, planted, name, words, paper, cell
):
    (one,) = of(listed, name, *words)
    of_samplers = planted.scores["raw", "mlqa-r"]
    hybrid = of_samplers[HYBRID]
    assert one.paper == paper
    assert one.ours == sentences.written(hybrid.estimate(tables.cells(hybrid, *cell)))
    words = one.verdict.split("; ")
    for other, said in zip(("X-X", "X-Y"), words, strict=True):
        verdict = tables.compare(hybrid, of_samplers[other], *cell).verdict
        assert said.endswith(f" {other}")
        assert said.split()[0] == {"equivalent": "as"}.get(verdict, verdict)
    assert one.page.startswith("raw/")


def test_what_has_not_run_says_so_and_what_it_costs(listed, hours):
    labse = hours[hours["backbone"] == "labse"].set_index("part")[costs.ALL]
    training = labse["training"] + labse["validation while training"]
    (five,) = of(listed, "table 5")
    assert (five.ours, five.verdict, five.status) == ("no run", "not run", "not run")
    assert five.paper == "R@10 0.597"
    assert five.takes == f"{training + labse['XQuAD-R and MLQA-R']:,.0f} GPU hours"
    (thirteen,) = of(listed, "table 13")
    assert thirteen.takes == f"{training + labse['MIRACL dev, 15 languages']:,.0f} GPU hours"
    assert "profile=paper-labse benchmark=miracl" in thirteen.again


def test_a_start_stands_beside_the_model_of_its_profile(list_of):
    both = list_of("raw", "paper-labse")
    (five,) = of(both, "table 5")
    assert five.page == "paper-labse/xquad-r/main_results"
    assert five.status == "re-measured"
    assert {one.page for one in of(both, "table 1", "XQuAD-R")} == {
        "raw/xquad-r/main_results", "paper-labse/xquad-r/main_results",
    }  # fmt: skip


def test_the_preferred_start_comes_first(tmp_path, list_of):
    store = Store(tmp_path)
    for name in ("raw", "paper-xlm-r", "quick"):
        (tmp_path / name / "xquad-r").mkdir(parents=True)
    names = {
        preferred: [one.name for one in paper_objects.starts(store, preferred)]
        for preferred in ("raw", "paper-xlm-r")
    }
    assert names == {"raw": ["raw", "paper-xlm-r"], "paper-xlm-r": ["paper-xlm-r", "raw"]}
    (three,) = of(list_of(*names["paper-xlm-r"]), "table 3")
    assert three.page.startswith("paper-xlm-r/")
    with pytest.raises(ValueError, match="profile 'rww' is unknown, did you mean 'raw'"):
        paper_objects.starts(store, "rww")


def test_scores_that_the_claims_have_are_not_read_again(planted, tmp_path):
    store = Store(tmp_path)
    for benchmark in ("xquad-r", "mlqa-r"):
        (tmp_path / "raw" / benchmark).mkdir(parents=True)
    found = paper_objects.starts(store, "raw")
    measured = paper_objects.scores(store, found, planted)
    assert measured["raw", "mlqa-r"] is planted.scores["raw", "mlqa-r"]


def test_sizes_are_put_beside_the_papers(listed):
    xquad, mlqa = of(listed, "table 10")
    assert xquad.verdict == mlqa.verdict == "every count equals table 10"
    assert (mlqa.paper, mlqa.ours) == ("20,534 candidates", "20,534")
    assert of(listed, "table 11")[0].verdict == "differs in ar, en, es"
    assert of(listed, "table 9")[0].verdict == "cannot be rebuilt"


def test_a_claim_has_the_verdict_of_the_page_of_claims(listed, planted):
    for row in claims.adjudicated(planted)[0].itertuples():
        (one,) = of(listed, f"claim {row.number}")
        assert (one.what, one.verdict, one.ours) == (row.claim, row.verdict, row.reason)
        assert one.address == f"claims.html#claim-{row.number}"
    (two,) = of(listed, "claim 2")
    facts = claims.protocol(planted).query("number == 2")["verdict"]
    assert set(two.verdict.split("; ")) == set(facts)


def test_the_first_sentence_counts(listed, list_of):
    assert paper_objects_shown.answer(listed, [load_profile("raw")]) == (
        "Of 15 tables and figures: 3 re-measured here (tables 3, 4, 10); "
        "4 in part (tables 1, 2, 7, 8); 2 redrawn (figures 1, 2); "
        "2 compared with what others publish (tables 9, 11); 4 not run (tables 5, 6, 12, 13). "
        "Scores are from the raw start: compare their order."
    )
    nothing = paper_objects_shown.answer(list_of(), [])
    assert "1 re-measured here (table 10); 2 redrawn" in nothing
    assert nothing.endswith("10 not run (tables 1, 2, 3, 4, 5, 6, 7, 8, 12, 13).")


def test_every_link_leads_to_a_chapter(listed, list_of):
    pages = {chapter.page for chapter in chapters()}
    for one in (*listed, *list_of("paper-xlm-r", "paper-labse")):
        assert one.page in pages, one


def test_the_table_has_a_link_and_a_command_for_every_entry(listed):
    shown = paper_objects_shown.show(listed).data
    assert shown.count("<a href=") == len(listed)
    assert shown.count("<code>") == len(listed)


def declared(notebook):
    """Type and default of each parameter of a notebook."""
    cells = jupytext.read(ROOT / "notebooks" / f"{notebook}.py").cells
    cell = next(c for c in cells if "parameters" in c.metadata.get("tags", []))
    names = {}
    exec(cell.source, names)  # noqa: S102  (our own file)
    return {name: (kind, names[name]) for name, kind in names["__annotations__"].items()}


def accepts(command):
    """Parse a command as its program does, and check every name in it."""
    program, *words = shlex.split(command)
    if program == "papermill":
        given = papermill_command.make_context("papermill", list(words)).params
        folder, _, notebook = given["notebook_path"].rpartition("/")
        assert folder == "build/notebooks"
        known = declared(notebook.removesuffix(".ipynb"))
        for name, value in given["parameters"]:
            check(name, value, known[name][0])
    elif program == "snakemake":
        _, arguments = parse_snakemake(words)
        assert set(arguments.targets) == {"runs"}
        config = dict(pair.split("=") for pair in arguments.config)
        asked = checked_config(config)
        assert asked.benchmark in asked.profile.benchmarks
    else:
        assert (program, *words[:2]) == ("python", "-m", "study")
        name, profile, run, *benchmarks = words[2:]
        given = study_command.commands[name].make_context(name, words[3:]).params
        assert (given["profile"], given["run_name"]) == (profile, run)
        assert run in load_profile(profile).runs()
        assert set(given["benchmarks"]) == set(benchmarks) <= set(load_profile(profile).benchmarks)


def test_every_command_is_accepted_by_its_program(listed, list_of):
    behind = paper_objects_shown.runs_behind(STORE, [load_profile("raw")])
    commands = {one.again for one in (*listed, *list_of("paper-xlm-r", "paper-labse"))}
    commands |= {*behind["every run"], *behind["one run"]}
    assert {command.split()[0] for command in commands} == {"papermill", "snakemake", "python"}
    for command in commands:
        accepts(command)


@pytest.mark.parametrize(
    "command",
    [
        "papermill build/notebooks/method.ipynb out.ipynb -p sead 1",
        "papermill build/notebooks/methd.ipynb out.ipynb",
        "papermill build/notebooks/method.ipynb out.ipynb --parametres seed 1",
        "snakemake -c8 --config profile=raw benchmark=miracl -- runs",
        "python -m study evaluate raw hybrid-0.5-seed77 xquad-r",
        "python -m study measure raw hybrid-0.5-seed0 xquad-r",
    ],
)
def test_a_wrong_command_would_be_found(command):
    with pytest.raises(Exception, match=r"."):
        accepts(command)


def run(command, folder):
    program, *words = shlex.split(command)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:"
                                + os.environ["PATH"]}  # fmt: skip
    done = subprocess.run(
        [program, *words], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def workplace(tmp_path):
    """What the commands need of the project, and a notebook as `make book` leaves it."""
    for name in (
        "Snakefile",
        "profiles",
        "book",
        "hybridlib",
        "study",
        "notebooks",
        "results",
        "_config.yml",
    ):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "build" / "notebooks").mkdir(parents=True)
    return tmp_path


OF_RAW = [
    {"profile": "raw", "benchmark": benchmark, "model": "XLM-R"}
    for benchmark in ("xquad-r", "mlqa-r")
]
QUICK = [
    *(paper_objects.papermill(notebook) for notebook in ("method", "data", "claims")),
    *(paper_objects.papermill("main_results", **parameters) for parameters in OF_RAW),
    *(paper_objects.papermill("language_bias", **parameters) for parameters in OF_RAW),
]


def test_every_command_of_a_minute_is_tried(listed):
    assert {one.again for one in listed if one.is_quick} == set(QUICK)


@pytest.mark.parametrize("command", QUICK)
def test_a_command_of_a_minute_runs(workplace, command):
    notebook = re.search(r"notebooks/(\w+)\.ipynb", command).group(1)
    source = jupytext.read(ROOT / "notebooks" / f"{notebook}.py")
    jupytext.write(source, workplace / "build" / "notebooks" / f"{notebook}.ipynb")
    run(command, workplace)
    assert (workplace / "out.ipynb").is_file()


def test_the_workflow_has_the_runs_that_a_missing_table_needs(listed, workplace):
    (one,) = of(listed, "table 6")
    assert not one.is_quick
    planned = run(one.again.replace(" --config", " --dry-run --nolock --config"), workplace)
    outputs = set(re.findall(r"results/paper-labse/mlqa-r/[\w.-]+/run\.json", planned))
    assert len(outputs) == len(load_profile("paper-labse").runs())


def test_the_page_counts_and_reckons_as_the_pages_that_it_leads_to():
    mine = declared("paper_objects")
    for other in ("claims", "cost"):
        theirs = {name: value for name, value in declared(other).items() if name != "profile"}
        assert theirs.items() <= mine.items()
