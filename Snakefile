# The graph of runs: train -> evaluate -> page -> book. Its inputs are profiles/*.yaml and
# book/chapters.py, which writes _toc.yml.
#
#   snakemake -c2 book                    the book: quick runs computed, committed ones shown
#   snakemake -c2 runs --config profile=e5-grid    every run of a profile, or on one benchmark:
#   snakemake -c2 runs --config profile=e5-grid benchmark=xquad-r-development
#   snakemake runs --config profile=paper-xlm-r processes=4 --workflow-profile profiles/slurm

import hashlib
import os
from pathlib import Path

from book.chapters import CHAPTERS, QUICK
from study.data.registry import EVERY_BENCHMARK
from study.runs.profile import checked_config, load_profile
from study.store.key import VERSIONS
from hybridlib.training.parameters import UNTRAINED

os.environ["TQDM_MININTERVAL"] = "5"  # a line of progress every five seconds
# Threads that wait soon sleep: beside another program their waiting made a step ten times slower.
os.environ.setdefault("GOMP_SPINCOUNT", "3000")

ASKED = checked_config(config)  # its processes are those of a run, on one machine: one a GPU
TORCHRUN = f"torchrun --standalone --nproc-per-node {ASKED.processes}"
LAUNCH = "python" if ASKED.processes == 1 else TORCHRUN
PAGE_CODE = [
    str(file)
    for folder in ("book/pages", "book/shared")
    for file in Path(folder).rglob("*")
    if file.suffix in (".py", ".csv", ".html", ".js")
]
PAGES = {chapter.name: chapter for chapter in CHAPTERS if chapter.is_notebook}
EXECUTED = [f"build/executed/{name}.ipynb" for name in PAGES]
HTML = [f"_build/html/{chapter.file}.html" for chapter in CHAPTERS]
NOTEBOOKS = [f"build/notebooks/{file.stem}.ipynb" for file in Path("notebooks").glob("*.py")]


def run_files(profile, only=None):
    benchmarks = [name for name in profile.benchmarks if only in (None, name)]
    names = [f"{benchmark}/{name}" for name in profile.runs() for benchmark in benchmarks]
    return [f"results/{profile.name}/{name}/run.json" for name in names]


def log_of(profile, run):
    """The training that comes before a run's evaluation, if there is one."""
    parameters = load_profile(profile).runs().get(run)
    if parameters is None or run == UNTRAINED:
        return []
    return [ancient(f"results/{profile}/training/{run}/run.json")]


def quick_runs(page):
    """Runs of the quick profile, which are made for a page that shows them."""
    if not any(folder.startswith(f"{QUICK}/") for folder in PAGES[page].shows):
        return []
    quick = load_profile(QUICK)
    trained = [name for name in quick.runs() if name != UNTRAINED]
    return run_files(quick) + [f"results/{QUICK}/training/{name}/run.json" for name in trained]


def checksum_of_shown(page):
    """Of the committed runs that a page shows."""
    folders = [folder for folder in PAGES[page].shows if not folder.startswith(f"{QUICK}/")]
    files = sorted(file for folder in folders for file in Path("results").glob(f"{folder}/*/run.json"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


localrules:
    book,
    html,
    runs,


# It asks for everything by name: what lies between others that are there would not be missed.
rule book:
    input:
        NOTEBOOKS,  # those of no page too: papermill takes them
        EXECUTED,
        [file for name in PAGES for file in quick_runs(name)],
        "_build/html/index.html",
        HTML,


rule html:
    input:
        EXECUTED,
        "_config.yml",
        "_toc.yml",
        [str(path) for path in Path("book").rglob("*") if path.is_file() and "__pycache__" not in path.parts],
    output:
        "_build/html/index.html",
        HTML,
    log:
        "build/logs/book.log",
    shell:  # from nothing: a page that is no longer a chapter would stay
        "rm -rf _build/html && jupyter-book build . --all -W -n --keep-going > {log} 2>&1 "
        "&& python -m book.csv_files _build/html/build/executed || (tail -n 40 {log}; exit 1)"


rule runs:
    input:
        run_files(ASKED.profile, ASKED.benchmark),


rule notebook:
    input:
        "notebooks/{name}.py",
    output:
        "build/notebooks/{name}.ipynb",
    shell:
        "jupytext --quiet --set-kernel python3 --to ipynb -o {output} {input}"


rule train:
    input:
        "profiles/{profile}.yaml",
    output:
        update("results/{profile}/training/{run}/run.json"),
    params:
        versions=dict(VERSIONS),  # not their file: in a fresh clone it is newer than every result
    log:
        "build/logs/{profile}-training-{run}.log",
    threads: workflow.cores or 8  # one training at a time on a machine: it uses every core
    shell:
        "{LAUNCH} -m study train {wildcards.profile} {wildcards.run} 2>&1 | tee {log}"


rule evaluate:
    input:
        "profiles/{profile}.yaml",
        lambda wildcards: log_of(wildcards.profile, wildcards.run),
    output:
        update("results/{profile}/{benchmark}/{run}/run.json"),
        update("results/{profile}/{benchmark}/{run}/ranks.parquet"),
    params:
        versions=dict(VERSIONS),
    log:
        "build/logs/{profile}-{benchmark}-{run}.log",
    wildcard_constraints:
        benchmark="|".join(EVERY_BENCHMARK),
    threads: workflow.cores or 8
    shell:
        "{LAUNCH} -m study evaluate {wildcards.profile} {wildcards.run} {wildcards.benchmark} 2>&1 | tee {log}"


rule page:
    input:
        "build/notebooks/{name}.ipynb",
        lambda wildcards: quick_runs(wildcards.name),
        PAGE_CODE,
    output:
        "build/executed/{name}.ipynb",
    params:
        shown=lambda wildcards: checksum_of_shown(wildcards.name),
    log:
        "build/logs/{name}.log",
    shell:
        "papermill --cwd . {input[0]} {output} > {log} 2>&1 || (sed '/^Traceback/,/^[^ T]/{{/^[ T]/d}}' {log} | tail -n 40; exit 1)"
