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
# # Does hybrid batching work?
#
# The paper's claim in one figure: hybrid batches against each other sampler, in one language, across
# two, over all at once, and in language bias. The margins were fixed before the runs.

# %% tags=["parameters", "remove-input"]
profiles: str = "raw"
benchmarks: str = "xquad-r,mlqa-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML
from myst_nb import glue

from study.runs.profile import load_profile
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.shared import sentences, stored_runs
from book.pages import answer
from study.store.runs import Store

found = stored_runs.runs_of_each(Store(), profiles, benchmarks)
scores = {
    (load_profile(profile).title, benchmark): stored_runs.scores(runs)
    for (profile, benchmark), runs in found.items()
}
compared = answer.comparisons(scores)
planned = [load_profile(profile) for profile in profiles.split(",")]
rates = " ".join(filter(None, (sentences.rates(one.title, one.runs()) for one in planned)))
said = [show.say(one) for one in answer.sentences(compared)]
said += [show.say("", rates)] if rates else []
shown = HTML("".join(one.data for one in said))
glue("answer", shown, display=False)
shown

# %% tags=["hide-input"]
figure = show_figure(
    answer.forest(compared),
    "hybrid-against",
    caption=(
        f"{answer.counted(compared)} Right of the grey band hybrid is larger, left of it smaller;"
        " for rank distance left is better."
    ),
    alt=(
        "Forest of differences, hybrid minus each other sampler: a panel a measure, a row"
        " a benchmark and sampler, the margin as a grey band, the verdict by colour and "
        "shape"
    ),
    data=answer.by_measure(compared),
)
glue("forest", figure, display=False)
figure

# %% [markdown]
# A mark is the mean over seeds, its line the 95 % interval over articles and seeds; the grey band is
# the margin: differences within it do not matter (.01 mAP, 5 % of the rank distance). *Better* and
# *worse*: a t-test of no difference. *As good*: two one-sided tests against the margin. Else *not
# decided*. Rank distance is better when smaller. None of these verdicts is corrected for their
# number; those of the claims are ({doc}`/build/executed/claims`).

# %% tags=["hide-input"]
show.show_plain(answer.by_measure(compared), "hybrid-against-each-sampler")

# %% tags=["hide-input"]
how_made("answer", given, stored_runs.by_place(found))
