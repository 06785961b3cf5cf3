# The graph of runs: train -> evaluate -> page -> book. Its inputs are profiles/*.yaml and
# book/chapters.py.
#
#   snakemake -c2 book                    the book: quick runs computed, committed ones shown
#   snakemake -c2 runs --config profile=raw-curve    every run of a profile, or on one benchmark:
#   snakemake -c2 runs --config profile=raw-curve benchmark=xquad-r-every-3
#   snakemake runs --config profile=paper-xlm-r processes=4 --workflow-profile profiles/slurm

import hashlib
import os
from pathlib import Path

import yaml

from book.chapters import QUICK, chapters, table_of_contents
from study.data.registry import EVERY_BENCHMARK
from study.runs.profile import checked_config, load_profile
from study.store.key import VERSIONS
from hybridlib.training.parameters import UNTRAINED

os.environ["TQDM_MININTERVAL"] = "5"  # a line of progress every five seconds

ASKED = checked_config(config)  # its processes are those of a run, on one machine: one a GPU
TORCHRUN = f"torchrun --standalone --nproc-per-node {ASKED.processes}"
LAUNCH = "python" if ASKED.processes == 1 else TORCHRUN
SOURCES = ".py", ".csv", ".html", ".js"
REPORT = [
    str(file)
    for folder in ("book/pages", "book/shared")
    for file in Path(folder).rglob("*")
    if file.suffix in SOURCES
]
CHAPTERS = [chapter for chapter in chapters() if chapter.is_present(Path("results"))]
PAGES = [f"build/executed/{chapter.page}.ipynb" for chapter in CHAPTERS if chapter.notebook]
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


def shown_runs(chapter):
    """Runs that a page shows: those of quick, which are made for it, and committed ones."""
    quick = load_profile(QUICK)
    files = run_files(quick) if any(folder.startswith(f"{QUICK}/") for folder in chapter.shows) else []
    if f"{QUICK}/training" in chapter.shows:
        files += [f"results/{QUICK}/training/{name}/run.json" for name in quick.runs() if name != UNTRAINED]
    folders = [Path("results", folder) for folder in chapter.shows if not folder.startswith(f"{QUICK}/")]
    return files, sorted(str(file) for folder in folders for file in folder.glob("*/run.json"))


localrules:
    book,
    html,
    toc,
    runs,


# It asks for everything by name: what lies between others that are there would not be missed.
rule book:
    input:
        sorted({file for chapter in CHAPTERS for file in shown_runs(chapter)[0]}),
        NOTEBOOKS,  # those of no page too: papermill takes them
        PAGES,
        "_build/html/index.html",
        HTML,


rule html:
    input:
        PAGES,
        "_config.yml",
        "build/toc.yml",
        [str(path) for path in Path("book").rglob("*") if path.is_file() and "__pycache__" not in path.parts],
    output:
        "_build/html/index.html",
        HTML,
    log:
        "build/logs/book.log",
    shell:  # from nothing: a page that is no longer a chapter would stay
        "rm -rf _build/html && jupyter-book build . --toc build/toc.yml --all -W -n --keep-going > {log} 2>&1 || (tail -n 40 {log}; exit 1)"


rule toc:
    input:
        "book/chapters.py",
    output:
        "build/toc.yml",
    params:
        contents=table_of_contents(CHAPTERS),
    shell:  # a `run` starts a process by this folder's path, in which it takes no blank
        "printf %s {params.contents:q} > {output}"


rule runs:
    input:
        run_files(ASKED.profile, ASKED.benchmark),


rule notebook:
    input:
        "notebooks/{name}.py",
    output:
        "build/notebooks/{name}.ipynb",
    shell:
        "jupytext --quiet --to ipynb -o {output} {input}"


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


for chapter in filter(lambda chapter: chapter.notebook, CHAPTERS):
    computed, committed = shown_runs(chapter)

    rule:
        name:
            f"page_{chapter.page}".translate(str.maketrans("/-.", "___"))
        input:
            f"build/notebooks/{chapter.notebook}.ipynb",
            computed,
            REPORT,
        output:
            f"build/executed/{chapter.page}.ipynb",
        params:
            title=chapter.title,
            parameters=yaml.safe_dump(dict(chapter.parameters), default_flow_style=True, width=10**6).strip(),
            shows=[hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16] for file in committed],
        log:
            f"build/logs/{chapter.page}.log",
        shell:
            "(papermill --cwd . {input[0]} {output[0]} -y {params.parameters:q} "
            "&& python -m book.titles {output[0]} {params.title:q}) > {log} 2>&1 || (sed '/^Traceback/,/^[^ T]/{{/^[ T]/d}}' {log} | tail -n 40; exit 1)"
