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
# # Why it works
#
# Is it the batches of one kind, the languages of an example, or any training across languages? Two
# controls narrow it down: the same mix drawn example by example, and the languages of query and
# passage drawn each for itself.

# %% tags=["parameters", "remove-input"]
profile: str = "raw"
benchmarks: str = "xquad-r,mlqa-r"

# %% tags=["remove-input"]
from hybridlib.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML, display

from hybridlib.experiments.profile import load_profile
from hybridlib.report import comparisons, sentences, stored_runs
from hybridlib.report import html as show
from hybridlib.report.chapters import why_it_works
from hybridlib.report.figure import show_figure
from hybridlib.report.how_made import how_made
from hybridlib.store.runs import Store

runs = {name: stored_runs.runs(Store(), profile, name) for name in benchmarks.split(",")}
groups = {name: stored_runs.scores(found) for name, found in runs.items()}
differences = why_it_works.differences(groups)
planned = load_profile(profile)
rates = sentences.rates(planned.title, planned.runs())
said = [show.say(one) for one in why_it_works.answers(differences)]
said += [show.say("", rates)] if rates else []
HTML("".join(one.data for one in said))

# %% tags=["hide-input"]
show_figure(
    why_it_works.draw(differences),
    f"{profile}-why",
    caption=why_it_works.counted(differences),
    alt=(
        "Three panels, what is looked for: differences in units of the margin with their "
        "intervals, a row a benchmark and measure, better to the right, the verdict by colour "
        "and shape"
    ),
    data=differences,
)

# %% [markdown]
# - *Batches of one kind*: hybrid against the same share of X-X and X-Y examples, each by its own
#   coin. This is the paper's idea. The examples are drawn alike; but mixed in one batch the query's
#   language hints at the answer, so this comparison also takes that hint away.
# - *The anti-cue*: in an X-Y batch the passage is never in the query's language, so an encoder that
#   puts its own language last is paid for it. With independent languages the two agree by chance, one
#   in the number of languages: that takes the anti-cue away and adds monolingual answers, and these
#   runs cannot tell the two apart.
# - *Any training across languages*: independent languages against X-X. Answers, negatives and the
#   mix of a batch all change; nothing here separates them.
#
# A gain counts in margins (fixed before the runs); the grey band is one margin to each side. The
# verdicts are not corrected for their number; the planned tests of the controls are on another page
# ({doc}`/build/executed/claims`).

# %% tags=["hide-input"]
wide = comparisons.wide_against(differences)
show.show_plain(wide, f"{profile}-why-differences", numbers=differences)

# %% [markdown]
# ## Does X-Y put the own language last?
#
# Then the answer in the query's own language would come first less often than by chance, which is one
# in the number of parallel answers: eleven languages have one on XQuAD-R, two to four on MLQA-R.

# %% tags=["hide-input"]
ranks = {name: next(iter(found.values())).ranks for name, found in runs.items()}
table = why_it_works.own_language_first(groups, ranks)
display(show.say(why_it_works.anti_cue_in_words(table)))
display(show.show_plain(table, f"{profile}-why-own-language"))

# %% [markdown]
# What would change the answer: a start in which language weighs less; another length of training
# ({doc}`/build/executed/raw-curve/learning_curves`); more seeds where a verdict is undecided.

# %% tags=["hide-input"]
every = {f"{place}/{name}": run for place, found in runs.items() for name, run in found.items()}
how_made("why_it_works", given, every)
