"""Embedded default data: questions on places, languages and money, from Unicode CLDR."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from study import strict_yaml
from study.data.cldr.facts import RELATIONS, read_answers, read_names

LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")
EVALUATION_PERCENT = 10
TEMPLATES = Path(__file__).with_name("templates.yaml")

Names = Mapping[str, Mapping[str, Mapping[Any, str]]]  # language, kind of code, code


class Fact(NamedTuple):
    """What a relation says of a subject: texts maps a language to (question, answer sentence)."""

    id: str
    relation: str
    entity: str
    texts: dict[str, tuple[str, str]]

    @property
    def in_evaluation(self) -> bool:
        """Whether the fact is held out, by a hash of its entity alone."""
        return int(sha256(self.entity.encode()).hexdigest(), 16) % 100 < EVALUATION_PERCENT


def load_pairs() -> ParallelPairs:
    """Load the training pairs, a corpus for each kind of subject, such as ``cldr-territories``.

    The subject of an evaluation question, and any city in it, is never the subject of a training
    question; it may be the answer of one. Source: Unicode CLDR, https://cldr.unicode.org, as Babel
    packages it.
    """
    return ParallelPairs.from_rows(
        {
            "corpus": f"cldr-{RELATIONS[fact.relation][0]}",
            "pair": fact.id,
            "language": language,
            "query": question,
            "passage": answer,
        }
        for fact in read_facts()
        if not fact.in_evaluation
        for language, (question, answer) in fact.texts.items()
    )


def load_benchmark(num_questions: int = 150) -> RetrievalBenchmark:
    """Load evaluation questions; the answer sentences of all evaluation facts are candidates.

    A question has one right candidate in each language. The wrong ones share its entity (other
    relations) or its relation (other entities); some answer no question at all.
    """
    facts = [fact for fact in read_facts() if fact.in_evaluation]
    if not 0 < num_questions <= len(facts):
        raise ValueError(f"num_questions must lie between 1 and {len(facts)}, got {num_questions}")
    # in the order of a hash, so that about the same share of every relation is asked
    asked = sorted(facts, key=lambda fact: sha256(fact.id.encode()).digest())[:num_questions]
    rows = pd.DataFrame(
        [
            (fact.id, language, f"{language}/{fact.id}", question, answer)
            for fact in facts
            for language, (question, answer) in fact.texts.items()
        ],
        columns=["question", "language", "candidate", "query", "passage"],
    )
    asked_rows = rows[rows["question"].isin([fact.id for fact in asked])]
    return RetrievalBenchmark(
        "cldr",
        queries=asked_rows.rename(columns={"query": "text"}),
        candidates=rows.rename(columns={"passage": "text"}),
        relevance=asked_rows,
    )


@cache
def read_facts() -> tuple[Fact, ...]:
    """Word the facts whose names CLDR has in all languages, by relation and subject."""
    templates = strict_yaml.load(TEMPLATES)
    names = {language: read_names(language) for language in LANGUAGES}
    facts = []
    for relation, answers in read_answers().items():
        kind = RELATIONS[relation][0]
        for subject, answer in sorted(answers.items()):
            # a city goes with its territory: all that is known of an entity lies on one side
            entity = f"territories/{answer}" if kind == "cities" else f"{kind}/{subject}"
            texts = _texts(relation, subject, answer, names, templates[relation])
            if texts:
                facts.append(Fact(f"{relation}/{subject}", relation, entity, texts))
    # two subjects of the same name would give a question two right answers
    counts = Counter(text for fact in facts for text in _all_texts(fact))
    return tuple(fact for fact in facts if all(counts[text] == 1 for text in _all_texts(fact)))


def _all_texts(fact: Fact) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in fact.texts.items() for text in texts]


def _texts(
    relation: str, subject: str, answer: Any, names: Names, templates: Mapping[str, Any]
) -> dict[str, tuple[str, str]]:
    subject_kind, answer_kind = RELATIONS[relation]
    texts = {}
    for language in LANGUAGES:
        subject_name = names[language][subject_kind].get(subject)
        answer_name = names[language][answer_kind].get(answer)
        # no English instead of a missing name; no question such as "Where is Singapore? Singapore"
        if subject_name is None or answer_name is None or subject_name == answer_name:
            return {}
        question, sentence = (
            templates[language][part].format(entity=subject_name, answer=answer_name)
            for part in ("question", "answer")
        )
        texts[language] = (question, sentence)
    return texts
