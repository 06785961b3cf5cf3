"""SQuADShifts (Miller et al., 2020): on it the paper decides when to stop training."""

import json
from collections.abc import Iterator

from hybridlib.data.fetch.download import fetch
from hybridlib.data.pair_checks import pair_reader
from hybridlib.data.parallel import ParallelPairs

CORPUS = "squad-shifts"
_REPOSITORY = "https://raw.githubusercontent.com/modestyachts/squadshifts-website/master/datasets"
# As the library datasets recorded them when it carried these files
CHECKSUMS = {
    "new_wiki": "1d50a0ca4cdab88d038b52ea8a2d0510af6038d7f41a0a256b9659237769d0ee",
    "nyt": "fd55ae252cc735a695fab4473d4cd605b154183ac3b3eb63068f53cfc86f36d6",
    "reddit": "b4ac346dbf1816fdec80fdcf91d06a4b754fa51e47960fa8614a94f37ea42a4b",
    "amazon_reviews": "9db7bdee84a91f0fb80b9e74f365042fbbb217cb8e0a7e73bb071245472589b6",
}


def load() -> ParallelPairs:
    """Load the four domains as one corpus, in English only.

    The query is the question and the passage the whole paragraph: the files have no sentence
    breaks. Questions on one paragraph share it, so the samplers put no two of them into a batch.

    Source: https://github.com/modestyachts/squadshifts-website; the paper's training set-up.
    """
    return ParallelPairs(pair_reader(_rows(), has_negatives=False).read_all())


def _rows() -> Iterator[tuple[str, ...]]:
    for domain, sha256 in CHECKSUMS.items():
        name = f"{domain}_v1.0.json"
        file = fetch(f"{CORPUS}/{name}", f"{_REPOSITORY}/{name}", sha256)
        for article in json.loads(file.read_bytes())["data"]:
            for paragraph in article["paragraphs"]:
                for question in paragraph["qas"]:
                    text = question["question"].strip()
                    pair = f"{domain}/{question['id']}"
                    yield CORPUS, pair, "en", text, paragraph["context"].strip()
