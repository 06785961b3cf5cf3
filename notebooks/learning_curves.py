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
# # Learning curves
#
# Does the order of the samplers depend on the length of training? With a constant learning rate a
# training of fewer steps is the beginning of a longer one: each line is one training, measured on
# its way.

# %% tags=["parameters", "remove-input"]
profile: str = "raw-curve"
benchmark: str = "xquad-r-every-3"
hold_out: str = "balanced-help-held-out"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display

from study.runs.profile import load_profile
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.shared import comparisons, stored_runs
from book.pages import learning_curves, learning_rates
from study.store.runs import Store

store, parameters = Store(), load_profile(profile).runs()
curve = learning_curves.curve(stored_runs.runs(store, profile, benchmark), parameters)
last = learning_curves.means_by_steps(curve, "Mul. mAP").iloc[-1]
rates = learning_curves.rates(parameters)
headline, by_measure = learning_curves.answer(curve)
show.say_on(benchmark, headline + learning_curves.rates_in_words(rates), by_measure)

# %% tags=["hide-input"]
show_figure(
    learning_curves.draw(curve),
    f"{profile}-curve",
    caption=(
        f"Mul. mAP after {last.name:.0f} steps: {comparisons.ranked(last)}. A line a sampler and"
        " seed, one training measured on its way."
    ),
    alt=(
        "Four panels over the number of steps: monolingual, cross-lingual and "
        "multilingual mAP and rank distance, a line a sampler and seed"
    ),
    data=curve,
)

# %% [markdown]
# ## The numbers
#
# Means over the seeds, by number of steps; step zero is the untrained start. The benchmark is a
# fixed third of the paragraphs of XQuAD-R, with all their sentences and questions.

# %% tags=["hide-input"]
for measure in learning_curves.MEASURES:
    table = learning_curves.means_by_steps(curve, measure)
    display(show.heading(measure))
    display(show.show_plain(table, f"{profile}-{measure}".replace(" ", "-").lower(), index=True))

# %% [markdown]
# ## On the hold-out
#
# Pairs of the training corpus that no training has seen, held out by group. The rule for the study's
# length, which stands in the profile, looks at these alone. What is best on the one need not be best on
# the other.

# %% tags=["hide-input"]
held_out = learning_curves.curve(stored_runs.runs(store, profile, hold_out), parameters)
headline, by_measure = learning_curves.answer(held_out)
display(show.say(f"On the hold-out: {headline}", by_measure))
display(show.say(learning_curves.best_lengths(curve, held_out, "a third of XQuAD-R")))
for measure in learning_curves.MEASURES:
    table = learning_curves.means_by_steps(held_out, measure)
    name = f"{profile}-hold-out-{measure}".replace(" ", "-").lower()
    display(show.heading(measure))
    display(show.show_plain(table, name, index=True))

# %% [markdown]
# Each sampler has the learning rate that the table below names. What another rate does, and what
# the hold-out chooses: {doc}`/build/executed/raw-learning-rate/learning_rates`,
# {doc}`/build/executed/e5-learning-rate/learning_rates`.
#
# Few seeds a sampler show a tendency, not a test. Another learning rate, a decaying one, or another
# corpus could move the curves.

# %% tags=["hide-input"]
display(show.show_plain(learning_rates.written(rates), f"{profile}-rates", numbers=rates))
how_made("learning_curves", given, stored_runs.runs(store, profile, benchmark))
