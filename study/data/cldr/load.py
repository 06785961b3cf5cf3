"""Embedded default data: questions on places, languages and money, from Unicode CLDR.

The relations, as (what they ask about, what they ask for):

- currency: a territory's legal tender, of those that have one
- official-language: the one language that is official in the whole territory
- first-weekday: the day that begins a territory's week
- territory-code, currency-code: the code in ISO 3166 and ISO 4217
- city: the territory of a place that names a time zone
- script, homeland: the script and territory that CLDR thinks likeliest for a language
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from study import strict_yaml

RELATIONS = {
    "currency": ("territories", "currencies"),
    "official-language": ("territories", "languages"),
    "first-weekday": ("territories", "weekdays"),
    "territory-code": ("territories", "codes"),
    "city": ("cities", "territories"),
    "script": ("languages", "scripts"),
    "homeland": ("languages", "territories"),
    "currency-code": ("currencies", "codes"),
}
_LEGAL_TENDER_DATE = date(2025, 3, 13)  # CLDR 47's release; Babel's default, today, would drift
_INVISIBLE = {0xAD: None, 0x200F: None}  # soft hyphens and direction marks in some names
LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")
EVALUATION_PERCENT, NUM_QUESTIONS = 10, 150
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


def load_benchmark() -> RetrievalBenchmark:
    """Load 150 evaluation questions; the answer sentences of all evaluation facts are candidates.

    A question has one right candidate in each language. The wrong ones share its entity (other
    relations) or its relation (other entities); some answer no question at all.
    """
    facts = [fact for fact in read_facts() if fact.in_evaluation]
    # in the order of a hash, so that about the same share of every relation is asked
    asked = sorted(facts, key=lambda fact: sha256(fact.id.encode()).digest())[:NUM_QUESTIONS]
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
            if texts := _texts(relation, subject, answer, names, templates[relation]):
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
        template, names_of = templates[language], {"entity": subject_name, "answer": answer_name}
        question, sentence = template["question"], template["answer"]
        texts[language] = question.format(**names_of), sentence.format(**names_of)
    return texts


def read_answers() -> dict[str, dict[str, Any]]:
    """Map each relation to {code of the subject: code of its one answer}."""
    territories = sorted(set(get_global("territory_zones")) - {"001", "ZZ"})  # world, unknown
    currency = _only({t: get_territory_currencies(t, _LEGAL_TENDER_DATE) for t in territories})
    official = _only({t: get_official_languages(t, de_facto=True) for t in territories})
    zones = get_global("zone_territories")
    likely = {
        language: subtags.split("_")
        for language, subtags in get_global("likely_subtags").items()
        if language.isalpha() and language != "und"
    }
    return {
        "currency": currency,
        "official-language": official,
        "first-weekday": dict(_first_weekdays(territories)),
        "territory-code": {territory: territory for territory in territories},
        "city": {zone: zones[zone] for zone in zones if zones[zone] in territories},
        # not of Chinese: the names are for use beside "Chinese", just "Simplified", "Traditional"
        "script": {
            language: subtags[1]
            for language, subtags in likely.items()
            if subtags[1] not in ("Hans", "Hant")
        },
        # not of official languages: the sentence on their official use would be right as well
        "homeland": {
            language: subtags[2]
            for language, subtags in likely.items()
            if subtags[2] in territories and language not in official.values()
        },
        "currency-code": {code: code for code in currency.values()},
    }


def read_names(language: str) -> dict[str, dict[Any, str]]:
    """Map each kind of code to {code: name}, without codes that have no name in the language."""
    locale = Locale(language)
    kinds: Mapping[str, Mapping[Any, str]] = {
        "territories": locale.territories,
        "languages": locale.languages,
        "scripts": locale.scripts,
        "currencies": locale.currencies,
        "weekdays": locale.days["stand-alone"]["wide"],
        "cities": _city_names(locale),
        "codes": {code: code for code in (*locale.territories, *locale.currencies)},
    }
    # a name in lowercase Latin letters was left in English if the language has another script
    is_latin = "_Latn_" in get_global("likely_subtags")[language]
    return {
        kind: {
            code: name.translate(_INVISIBLE)
            for code, name in names.items()
            if is_latin or not re.search("[a-z]", name)
        }
        for kind, names in kinds.items()
    }


def _city_names(locale: Locale) -> Mapping[str, str]:
    # CLDR leaves out a city spelled like the id of its zone, as Europe/Berlin (UTS 35, part 4);
    # where English spells it otherwise, the id is no name
    english = Locale("en").time_zones
    names = {
        zone: zone.split("/")[-1].replace("_", " ")
        for zone in get_global("zone_territories")
        if "city" not in english.get(zone, {})
    }
    return names | {
        zone: known["city"] for zone, known in locale.time_zones.items() if "city" in known
    }


def _only(values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {key: found[0] for key, found in values.items() if len(found) == 1}


def _first_weekdays(territories: Sequence[str]) -> Iterator[tuple[str, int]]:
    for territory in territories:
        with suppress(UnknownLocaleError):  # Antarctica and the like have no locale, hence no week
            yield territory, Locale.parse(f"und_{territory}").first_week_day
