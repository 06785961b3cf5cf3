# %% [markdown]
# # Train and evaluate one encoder
#
# What does a retriever gain when its batches change? Choose a `sampler` (`x-x`, `x-y`,
# `hybrid`, `hybrid-by-example`) and, where it mixes, `alpha`, the share of X-X; train, and compare with the runs of a profile.

# %% tags=["parameters"]
profile: str = "scratch"
name: str = ""
compare_with: str = "quick"
benchmarks: str = "cldr"
backbone: str = "raw-e5-small-4bit"
corpus: str = "cldr"
sampler: str = "hybrid"
alpha: float = 0.5
seed: int = 0
num_steps: int = 40
batch_size: int = 32
learning_rate: float = 1e-4
schedule: str = "linear"
warmup_steps: int = 10
weight_decay: float = 0.01
temperature: float = 0.02
max_query_tokens: int = 24
max_passage_tokens: int = 64
freeze_embeddings: bool = True
mixed_precision: bool = False
validation_corpus: str = ""
num_validation_pairs: int = 128
evaluation_steps: int = 20
patience: int = 0

# %%
from book.notebook import check_parameters

parameters = check_parameters(globals())

# %%
from study.runs.run import evaluate, train
from book.pages.provenance import loss_curves
from book.shared import html, stored_runs, tables
from study.store.runs import Store
from hybridlib.training.parameters import TrainingParameters

store = Store()
profile, compare_with = parameters.pop("profile"), parameters.pop("compare_with")
if compare_with != "quick" and not (store.results / compare_with).is_dir():
    raise ValueError(f"compare_with: {store.results}/{compare_with} holds no runs")
benchmarks, name = parameters.pop("benchmarks").split(","), parameters.pop("name")
training_parameters = TrainingParameters(**parameters)
name = name or training_parameters.name
trained = train(training_parameters, store, profile, name)
evaluated = {
    benchmark: evaluate(training_parameters, benchmark, store, profile, name)
    for benchmark in benchmarks
}

# %% [markdown]
# Training and validation loss. With `num_steps` 0 there is none: the start is evaluated.

# %% mystnb={"image": {"alt": "Training and validation loss of this run over its steps"}}
curve = loss_curves({name: trained.scores}) if trained else None

# %% [markdown]
# The answer, beside the runs of the profile `compare_with`; this run replaces one of the same name.
# Scores are means over languages and pairs. Ties go against the relevant candidate.

# %%
from IPython.display import display

for benchmark, run in evaluated.items():
    is_there = store.folder(compare_with, benchmark).is_dir()
    known = stored_runs.runs(store, compare_with, benchmark) if is_there else {}
    table = tables.headline(stored_runs.scores(known | {name: run}), benchmark)
    display(html.show(table, f"{name}-{benchmark}"))

# %%
{name: run.provenance for name, run in evaluated.items()}
