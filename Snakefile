# The graph of runs: train and evaluate -> report -> book. Inputs are profiles/*.yaml.
#
#   snakemake -c2 book                    the book: quick runs computed, committed ones shown
#   snakemake -c2 runs --config profile=companion    every run of a profile, or on one benchmark:
#   snakemake -c2 runs --config profile=companion benchmark=mlqa-r
#   snakemake runs --config profile=paper-xlm-r processes=4 --workflow-profile profiles/slurm

import hashlib
import os
from dataclasses import asdict
from pathlib import Path

import yaml

from hybridlib.experiments.profile import load_profile

os.environ["TQDM_MININTERVAL"] = "5"  # a line of progress every five seconds

PROFILE = load_profile(config.get("profile", "quick"))
PROCESSES = int(config.get("processes", 1))  # of a run, on one machine: one a GPU
SOURCES = [str(path) for path in Path("hybridlib").rglob("*") if path.suffix in (".py", ".yaml", ".csv")]
REPORT = [path for path in SOURCES if path.startswith("hybridlib/report")]
LIBRARY = [path for path in SOURCES if path not in REPORT]
BENCHMARKS = ("xquad-r", "mlqa-r")
PUBLISHED = {  # profile: the paper's model beside it
    "companion": "XLM-R",
    "companion-aligned": "LaBSE",
    "paper-xlm-r": "XLM-R",
    "paper-labse": "LaBSE",
}
MAPPED = ("companion", "companion-aligned")  # the profiles whose embeddings are mapped
PAGES = {  # page: (notebook, parameters)
    "method": ("method", {}),
    "data": ("data", {}),
    "claims": ("claims", {}),
    "tuning": ("tuning", {}),
    "miracl": ("miracl", {}),
    "cost": ("cost", {}),
    "provenance": ("provenance", {}),
    "quick/training": ("training", {"profile": "quick"}),
    "quick/main_results": ("main_results", {"profile": "quick", "benchmark": "cldr"}),
    "quick/language_bias": ("language_bias", {"profile": "quick", "benchmark": "cldr"}),
}
for profile, model in PUBLISHED.items():  # what has run is shown
    for page, folder in (("training", "training"), ("embeddings", "embedding-map")):
        if Path("results", profile, folder).is_dir():
            PAGES[f"{profile}/{page}"] = (page, {"profile": profile})
    for benchmark in BENCHMARKS:
        parameters = {"profile": profile, "benchmark": benchmark, "model": model}
        for name in ("main_results", "language_bias"):
            if Path("results", profile, benchmark).is_dir():
                PAGES[f"{profile}/{benchmark}/{name}"] = (name, parameters)
PAPERMILL = "papermill --cwd . --log-output --no-progress-bar --no-request-save-on-cell-execute"


def as_yaml(parameters):
    return yaml.safe_dump(parameters, default_flow_style=True, width=10**6).strip()


def run_files(profile, only=None):
    benchmarks = [name for name in profile.benchmarks if only in (None, name)]
    runs = [f"{benchmark}/{name}" for name in profile.runs() for benchmark in benchmarks]
    return [f"results/{profile.name}/{run}/run.json" for run in runs]


def before(wildcards):
    """The run that trains what this one goes on from: two jobs of a cluster must not train the same.

    That is the run on the profile's first benchmark, and there that of the aligned start.
    """
    profile = load_profile(wildcards.profile)
    parameters, first = profile.runs()[wildcards.run], profile.benchmarks[0]
    run = wildcards.run
    if wildcards.benchmark == first:
        if not (parameters.translation_steps and parameters.num_steps):
            return []
        run = "untrained"
    return [ancient(f"results/{wildcards.profile}/{first}/{run}/run.json")]


def torchrun(wildcards):
    """Several processes do the run, if there are; the notebook then shows what they stored."""
    if PROCESSES == 1:
        return ""
    run = f"{wildcards.profile} {wildcards.run} {wildcards.benchmark}"
    return f"torchrun --standalone --nproc-per-node {PROCESSES} -m hybridlib {run} && "


def quick_runs(page):
    """Runs that a page shows and `book` computes."""
    return run_files(load_profile("quick")) if page.startswith(("quick/", "provenance")) else []


def committed_runs(page):
    """Published runs that a page may show: `book` takes them as they are, `runs` computes them."""
    if page.startswith(("quick/", "method")):
        return []
    folders = [Path("results") / profile for profile in (*PUBLISHED, "tuning", "cost")]
    files = sorted(file for folder in folders for file in folder.rglob("run.json"))
    return [f"{file} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]


localrules:
    book,
    toc,
    runs,


rule book:
    input:
        expand("build/executed/{page}.ipynb", page=PAGES),
        "_config.yml",
        "build/toc.yml",
        [str(path) for path in Path("book").rglob("*") if path.is_file()],
    output:
        "_build/html/index.html",
    log:
        "build/logs/book.log",
    shell:
        "jupyter-book build . --toc build/toc.yml --all -W -n --keep-going > {log} 2>&1 || (tail -n 40 {log}; exit 1)"


rule toc:
    input:
        "_toc.yml",
    output:
        "build/toc.yml",
    params:
        pages=list(PAGES),
    run:
        toc = yaml.safe_load(Path(input[0]).read_text())
        for part in toc["parts"]:
            part["chapters"] = [
                chapter
                for chapter in part["chapters"]
                if chapter["file"].removeprefix("build/executed/") in params.pages
                or chapter["file"].startswith("book/")
            ]
        toc["parts"] = [part for part in toc["parts"] if part["chapters"]]
        Path(output[0]).write_text(yaml.safe_dump(toc, sort_keys=False))


rule runs:
    input:
        run_files(PROFILE, config.get("benchmark")),
        f"results/{PROFILE.name}/embedding-map/xquad-r/run.json" if PROFILE.name in MAPPED else [],


rule notebook:
    input:
        "notebooks/{name}.py",
    output:
        "build/notebooks/{name}.ipynb",
    shell:
        "jupytext --quiet --to ipynb -o {output} {input}"


rule train:
    input:
        "build/notebooks/train.ipynb",
        LIBRARY,
        before,
    output:
        update("results/{profile}/{benchmark}/{run}/run.json"),
        update("results/{profile}/{benchmark}/{run}/ranks.parquet"),
    params:
        parameters=lambda wildcards: as_yaml(
            {
                **asdict(load_profile(wildcards.profile).runs()[wildcards.run]),
                "profile": wildcards.profile,
                "name": wildcards.run,
                "compare_with": wildcards.profile,
                "benchmarks": wildcards.benchmark,
            }
        ),
        executed="build/executed/runs/{profile}-{benchmark}-{run}.ipynb",
        torchrun=torchrun,
    threads: workflow.cores or 8  # one training at a time on a machine: it uses every core
    shell:
        "mkdir -p $(dirname {params.executed}) && {params.torchrun}"
        "{PAPERMILL} {input[0]} {params.executed} -y {params.parameters:q}"


rule measures:
    input:
        "build/notebooks/measure.ipynb",
        lambda wildcards: run_files(load_profile(wildcards.profile)),
        LIBRARY,
    output:
        update("results/{profile}/embedding-map/{benchmark}/run.json"),
    params:
        parameters=lambda wildcards: as_yaml(
            {
                "profile": wildcards.profile,
                "corpus": load_profile(wildcards.profile).training["corpus"][0],
                "benchmarks": ",".join(load_profile(wildcards.profile).benchmarks),
                "map_benchmark": wildcards.benchmark,
            }
        ),
        executed="build/executed/runs/{profile}-{benchmark}-measures.ipynb",
    threads: workflow.cores or 8
    shell:
        "mkdir -p $(dirname {params.executed}) && "
        "{PAPERMILL} {input[0]} {params.executed} -y {params.parameters:q}"


rule page:
    input:
        lambda wildcards: f"build/notebooks/{PAGES[wildcards.page][0]}.ipynb",
        lambda wildcards: quick_runs(wildcards.page),
        LIBRARY,
        REPORT,
    output:
        "build/executed/{page}.ipynb",
    params:
        parameters=lambda wildcards: as_yaml(PAGES[wildcards.page][1]),
        committed=lambda wildcards: committed_runs(wildcards.page),
    wildcard_constraints:
        page="|".join(PAGES),
    log:
        "build/logs/{page}.log",
    shell:
        "mkdir -p build/figures && papermill --cwd . {input[0]} {output} -y {params.parameters:q} "
        "> {log} 2>&1 || (tail -n 40 {log}; exit 1)"
