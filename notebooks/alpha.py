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
# # Alpha
#
# With probability α the next batch is X-X, else X-Y. The paper finds α = 0.5 best and 0.4 to 0.6
# stable. Is there a plateau, and where is the front between monolingual quality and bias?

# %% tags=["parameters", "remove-input"]
profile: str = "raw-alpha"
benchmark: str = "xquad-r-every-3"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display

from study.runs.profile import load_profile
from book.shared import comparisons, stored_runs
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.pages import alpha
from study.store.runs import Store

runs = stored_runs.runs(Store(), profile, benchmark)
by_alpha = alpha.groups(runs, load_profile(profile).runs())
means, differences = comparisons.estimates(by_alpha), alpha.against_best(by_alpha)
show.say_on(benchmark, *alpha.answer(means, differences))

# %% tags=["hide-input"]
show_figure(
    alpha.draw(means),
    f"{profile}-alpha",
    caption=(
        f"{alpha.plateau_in_words(alpha.plateau(differences))} Grey is the paper's range; a band is"
        " the 95 % interval over articles and seeds."
    ),
    alt=(
        "Four panels over alpha: monolingual, cross-lingual and multilingual mAP and rank"
        " distance, each with a band for its interval and the range from 0.4 to 0.6 in "
        "grey"
    ),
    data=means,
)

# %% [markdown]
# ## The numbers
#
# *Mo.*, *Cr.* and *Mul.* mAP are mean average precision within one language, across two and over all
# languages at once; of the rank distance less is better.
# Means over seeds with 95 % intervals over articles and seeds; α = 0 is X-Y, α = 1 is X-X. Below them
# every α against 0.5: equivalent means that the difference lies within the margin that was fixed
# before. The benchmark is a fixed third of the paragraphs of XQuAD-R, with all their sentences
# and questions; the trainings are of a length at
# which the samplers differ there.

# %% tags=["hide-input"]
wide = comparisons.wide(means, "α")
display(show.show_plain(wide, f"{profile}-means", index=True, numbers=means))
against = comparisons.wide_against(differences)
display(show.show_plain(against, f"{profile}-against-best", numbers=differences))

# %% [markdown]
# ## The front
#
# A point on the line is beaten by no other in both: more monolingual mAP and less rank distance. The
# points are means of a few seeds, and neighbours differ by less than seeds do.

# %% tags=["hide-input"]
show_figure(
    alpha.draw_front(means),
    f"{profile}-alpha-front",
    caption=f"{alpha.front_in_words(means)} The best lie right and low.",
    alt=(
        "Rank distance over monolingual mAP, a point for each alpha, with the front drawn as a line"
    ),
    data=means,
)

# %% [markdown]
# What would change the answer: more seeds where a verdict is undecided, longer trainings, or a
# learning rate chosen for each α by itself; here it is one for all.

# %% tags=["hide-input"]
how_made("alpha", given, runs)
