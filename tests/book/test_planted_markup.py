import pandas as pd

from book.pages import data, provenance
from book.shared import html as show
from book.shared import stored_runs, tables
from book.shared.figure import grid, show_figure
from book.shared.stored_runs import Place
from hybridlib.data.parallel import ParallelPairs
from hybridlib.evaluation import three_settings
from study.store.provenance import describe
from study.store.run import Run
from study.store.runs import Store

PLANTED = '<img src=x onerror="document.title += 1">'


def planted_run():
    ranks = pd.DataFrame(
        [
            (f"{PLANTED}{question}", query, candidate, 1, rank)
            for question in range(3)
            for query in ("de", PLANTED)
            for rank, candidate in enumerate(("de", PLANTED), start=1)
        ],
        columns=[
            "question", "query_language", "candidate_language", "rank_in_language", "rank_in_pool",
        ],
    )  # fmt: skip
    parameters = {"corpus": PLANTED, "backbone": PLANTED, PLANTED: PLANTED}
    parameters |= {"seed": 0, "num_steps": 1, "batch_size": 2, "temperature": 1, "learning_rate": 1}
    provenance = describe({PLANTED: PLANTED}, 1) | {"note": PLANTED, "hardware": PLANTED}
    return Run("key", parameters, provenance, three_settings.score(ranks), ranks)


def parts(tmp_path):
    """What the book makes of data and parameters, all with planted markup."""
    store = Store(tmp_path)
    for name in (PLANTED, f"x-y-seed0-{PLANTED}", "untrained"):
        store.save(tmp_path / "test" / "tiny" / name, planted_run())
    there = Place("test", "tiny", store)
    yield show.show(tables.headline(there.scores, "tiny"), PLANTED)
    by_language = tables.by_language(there.scores, "tiny", "XLM-R", "multilingual", "mAP")
    yield show.show_by_language(by_language, PLANTED, "mAP")
    yield show.show_rows(tables.means(by_language), PLANTED)
    runs = stored_runs.provenance([there])
    yield show.show_plain(runs, PLANTED)
    settings = {name: run.parameters for name, run in there.runs.items()} | {"other": {}}
    common, varied = provenance.training_parameters(settings)
    yield show.show_plain(common, PLANTED)
    varied = varied.set_index("run").rename_axis(f"run {PLANTED}")
    yield show.show_plain(varied, PLANTED, index=True)
    row = {"corpus": PLANTED, "pair": "1", "language": "en", "query": PLANTED, "passage": PLANTED}
    yield show.show_plain(data.examples(ParallelPairs.from_rows([row]), ["en"]), PLANTED)
    yield show.HTML(
        show.fold(PLANTED, show.heading(PLANTED)).data.replace("<details", "<details open")
    )
    yield show.tab_set(
        {(PLANTED, PLANTED): show.paragraph(PLANTED), ("b", PLANTED): show.heading("b")}
    )
    made = show.how_made(PLANTED, {PLANTED: PLANTED}, runs).data
    yield show.HTML(made.replace("<details", "<details open"))
    yield show_figure(titled, PLANTED, PLANTED, PLANTED, varied)


def titled(columns=2):
    figure, (axis,) = grid(1, columns, 3)
    axis.set_title(PLANTED)
    return figure


def test_markup_in_data_parameters_and_names_is_shown_and_not_run(open_file, tmp_path):
    for number, part in enumerate(parts(tmp_path)):
        file = tmp_path / f"{number}.html"
        file.write_text(f"<!doctype html><meta charset=utf-8><title></title>{part.data}")
        page = open_file(file)
        page.wait_for_timeout(100)
        assert page.locator("img").count() == 0, part.data
        assert page.title() == "", part.data
        assert "<img src=x onerror=" in page.locator("body").inner_text(), part.data
