"""Embedded default data: questions on places, languages and money, from Unicode CLDR."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.pair_checks import COLUMNS
from hybridlib.data.parallel import ParallelPairs
from study import strict_yaml

RELATIONS = {  # what they ask about, what they ask for
    "currency": ("territories", "currencies"),  # legal tender, of those that have one
    "official-language": ("territories", "languages"),  # the one of the whole territory
    "first-weekday": ("territories", "weekdays"),  # the day that begins a week
    "territory-code": ("territories", "codes"),  # ISO 3166
    "city": ("cities", "territories"),  # a place that names a time zone
    "script": ("languages", "scripts"),  # the likeliest by CLDR
    "homeland": ("languages", "territories"),  # likewise
    "currency-code": ("currencies", "codes"),  # ISO 4217
}
_LEGAL_TENDER_DATE = date(2025, 3, 13)  # CLDR 47's release; Babel's default, today, would drift
_INVISIBLE = {0xAD: None, 0x200F: None}  # soft hyphens and direction marks in some names
LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")
EVALUATION_PERCENT, NUM_QUESTIONS = 10, 150
TEMPLATES = Path(__file__).with_name("templates.yaml")


def load_pairs() -> ParallelPairs:
    """Load the training pairs, a corpus for each kind of subject, such as ``cldr-territories``.

    The subject of an evaluation question, and any city in it, is never the subject of a training
    question; it may be the answer of one. Source: Unicode CLDR, https://cldr.unicode.org, as Babel
    packages it.
    """
    facts = read_facts()
    return ParallelPairs.from_rows(facts[~facts["is_held_out"]][[*COLUMNS]].to_dict("records"))


def load_benchmark() -> RetrievalBenchmark:
    """Load 150 evaluation questions; the answer sentences of all evaluation facts are candidates.

    A question has one right candidate in each language. The wrong ones share its entity (other
    relations) or its relation (other entities); some answer no question at all.
    """
    facts = read_facts()
    rows = facts[facts["is_held_out"]].rename(columns={"pair": "question"})
    rows["candidate"] = rows["language"] + "/" + rows["question"]
    # in the order of a hash, so that about the same share of every relation is asked
    in_order = sorted(rows["question"].unique(), key=lambda id: sha256(id.encode()).digest())
    asked = rows[rows["question"].isin(in_order[:NUM_QUESTIONS])]
    return RetrievalBenchmark(
        "cldr",
        queries=asked.rename(columns={"query": "text"}),
        candidates=rows.rename(columns={"passage": "text"}),
        relevance=asked,
    )


@cache
def read_facts() -> pd.DataFrame:
    """Word the facts whose names CLDR has in all languages, by relation, subject and language.

    Columns of :class:`hybridlib.data.parallel.ParallelPairs`, a fact being a pair, and
    ``is_held_out``: whether it is of the evaluation, by a hash of its entity alone.
    """
    templates = strict_yaml.load(TEMPLATES)
    names = {language: read_names(language) for language in LANGUAGES}
    rows = []
    for relation, answers in read_answers().items():
        kind, answer_kind = RELATIONS[relation]
        for subject, answer in sorted(answers.items()):
            # a city goes with its territory: all that is known of an entity lies on one side
            entity = f"territories/{answer}" if kind == "cities" else f"{kind}/{subject}"
            number = int(sha256(entity.encode()).hexdigest(), 16)
            fact: dict[str, Any] = {"corpus": f"cldr-{kind}", "pair": f"{relation}/{subject}"}
            fact["is_held_out"] = number % 100 < EVALUATION_PERCENT
            for language, known in names.items():
                both = known[kind].get(subject), known[answer_kind].get(answer)
                texts = _texts(templates[relation][language], *both)
                rows.append(fact | {"language": language} | texts)
    facts = pd.DataFrame(rows).dropna()
    facts = facts[facts.groupby("pair")["pair"].transform("size") == len(LANGUAGES)]
    # two subjects of the same name would give a question two right answers
    is_repeated = facts.duplicated(["language", "query"], keep=False)
    is_repeated |= facts.duplicated(["language", "passage"], keep=False)
    return facts[~facts["pair"].isin(facts.loc[is_repeated, "pair"])]


def _texts(template: Mapping[str, str], entity: str | None, answer: str | None) -> dict[str, str]:
    """Query and passage; none in English for want of a name, no "Where is Singapore? Singapore"."""
    if entity is None or answer is None or entity == answer:
        return {}
    words = {"entity": entity, "answer": answer}
    return {
        "query": template["question"].format(**words),
        "passage": template["answer"].format(**words),
    }


def read_answers() -> dict[str, dict[str, Any]]:
    """Map each relation to {code of the subject: code of its one answer}."""
    territories = sorted(set(get_global("territory_zones")) - {"001", "ZZ"})  # world, unknown
    currency = _only({t: get_territory_currencies(t, _LEGAL_TENDER_DATE) for t in territories})
    official = _only({t: get_official_languages(t, de_facto=True) for t in territories})
    zones = get_global("zone_territories")
    likely = {
        language: subtags.split("_")[1:]  # script and territory
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
        "script": {one: name for one, (name, _) in likely.items() if name not in ("Hans", "Hant")},
        # not of official languages: the sentence on their official use would be right as well
        "homeland": {
            language: territory
            for language, (_, territory) in likely.items()
            if territory in territories and language not in official.values()
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
