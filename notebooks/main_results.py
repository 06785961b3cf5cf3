# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Main results
#
# Does hybrid batching rank best in one language, across two and over all at once? The table and
# the figure give the answer for this benchmark, the paper's numbers (tables 1 and 2) beside it
# where it has them: they come from other backbones and other training data, so compare the order
# of the samplers, not the values.

# %% tags=["parameters", "remove-input"]
profile: str = "quick"
benchmark: str = "cldr"
figures_folder: str = "build/figures"

# %% tags=["remove-input"]
from hybridlib.parameters import check_parameters

_ = check_parameters(globals())

# %% tags=["hide-input", "nbval-check-output"]
from IPython.display import HTML
from myst_nb import glue

from hybridlib.report import figures, stored, tables
from hybridlib.results import RESULTS

runs = stored.runs(RESULTS / profile / benchmark)
table = tables.headline(runs, benchmark)
for key, value in tables.values_to_glue(table).items():
    glue(key, value, display=False)
answer = HTML(f"<p><strong>{benchmark}.</strong> {tables.answer(table)}</p>")
glue("answer", answer, display=False)
answer

# %% tags=["hide-input"] mystnb={"image": {"alt": "Four panels, monolingual, cross-lingual and multilingual mAP and rank distance, a row a sampler: this book's runs as filled circles, the paper's as hollow squares and diamonds"}}
figure = figures.headline(table)
figure.savefig(f"{figures_folder}/{profile}-{benchmark}.png", dpi=150)

# %% tags=["hide-input"]
headline = tables.show(table, f"{profile}-{benchmark}-headline")
glue("headline-table", headline, display=False)
headline

# %% [markdown]
# Best in bold, second underlined, within each source. Means over languages (Mo., Mul.) and ordered
# language pairs (Cr.), then over seeds. Ties go against the relevant candidate. With one seed, a
# small difference says nothing: significance and seed spread are what would change this reading.
# Seed, commit, machine and date of every run: {doc}`../provenance`.
#
# ## Multilingual mAP by query language

# %% tags=["hide-input"]
tables.show(
    tables.by_language(runs, "multilingual", "mAP"), f"{profile}-{benchmark}-multilingual-map"
)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Heat maps of mAP for each query language and candidate language, a panel a sampler; the diagonal is monolingual retrieval"}}
heat_map = figures.pair_heat_map(stored.pair_scores(runs))
