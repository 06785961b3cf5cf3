"""Small corpora as their publishers lay them out, in a mirror."""

import gzip
import hashlib
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hybridlib.data import mmarco, squad_shifts
from hybridlib.data.public_qa import SOURCES


def write(file, lines):
    """Write a file and its folder; return its SHA-256."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return hashlib.sha256(file.read_bytes()).hexdigest()


def queries(language):
    return f"data/google/queries/train/{mmarco.NAMES[language]}_queries.train.tsv"


def passages(language):
    return f"data/google/collections/{mmarco.NAMES[language]}_collection.tsv"


def write_mmarco(mirror, triples):
    """60 texts a side in every language, passages in descending order; return the folder."""
    root = mirror / "mmarco"
    write(root / mmarco.TRIPLES, ["\t".join(map(str, triple)) for triple in triples])
    for language in mmarco.LANGUAGES:
        write(root / queries(language), [f"{i}\tπ query {i} in {language}" for i in range(60)])
        texts = [f"{i}\tπ text {i} in {language}" for i in reversed(range(60))]
        write(root / passages(language), texts)
    return root


def write_miracl(mirror, language, num_files=3, num_passages=120):
    """Six queries with an answer each, and a corpus; return the files by topics, qrels, docs-0."""
    version = f"miracl-v1.0-{language}"
    files = {
        kind: mirror / "miracl" / version / kind / f"{kind}.{version}-dev.tsv"
        for kind in ("topics", "qrels")
    }
    write(files["topics"], [f"{i}\tsmall question {i} in en" for i in range(6)])
    judged = [(i, (17 * i + 3 * j) % num_passages, 1 - j) for i in range(6) for j in (0, 1)]
    write(files["qrels"], [f"{i}\tQ0\t{passage}#0\t{grade}" for i, passage, grade in judged])
    for number, part in enumerate(np.array_split(range(num_passages), num_files)):
        folder = mirror / "miracl" / f"miracl-corpus-v1.0-{language}"
        file = files[f"docs-{number}"] = folder / f"docs-{number}.jsonl.gz"
        passages = [
            {"docid": f"{i}#0", "title": f"Title {i}", "text": f"small answer {i} in en"}
            for i in part
        ]
        write(file, map(json.dumps, passages))
        file.write_bytes(gzip.compress(file.read_bytes()))
    return files


def write_public_set(mirror, name, rows):
    """Rows in each file of a set of ``SOURCES``; return the first file."""
    files = [mirror / name / path for path in SOURCES[name].files]
    for file in files:
        write(file, map(json.dumps, rows))
        if file.suffix == ".parquet":
            pq.write_table(pa.Table.from_pylist(rows), file)
        elif file.suffix == ".gz":
            file.write_bytes(gzip.compress(file.read_bytes()))
    return files[0]


def write_squad_shifts(mirror):
    """Six paragraphs of two questions a domain; return the checksums."""
    checksums = {}
    for domain in squad_shifts.CHECKSUMS:
        paragraphs = [
            {
                "context": f" {domain} {i} is a domain. It has two sentences.",
                "qas": [
                    {"id": f"{i}a", "question": f"What is {domain} {i}? ", "answers": []},
                    {"id": f"{i}b", "question": f"How many are {domain} {i}?", "answers": []},
                ],
            }
            for i in range(6)
        ]
        file = mirror / "squad-shifts" / f"{domain}_v1.0.json"
        content = {"data": [{"title": "t", "paragraphs": paragraphs}]}
        checksums[domain] = write(file, [json.dumps(content)])
    return checksums
