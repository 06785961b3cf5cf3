"""Facts of Unicode CLDR, as codes, and the names that CLDR has for the codes, through Babel.

The relations, as (what they ask about, what they ask for):

- currency: a territory's legal tender, of those that have one
- official-language: the one language that is official in the whole territory
- first-weekday: the day that begins a territory's week
- territory-code, currency-code: the code in ISO 3166 and ISO 4217
- city: the territory of a place that names a time zone
- script, homeland: the script and territory that CLDR thinks likeliest for a language
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

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
    kinds = {
        "territories": locale.territories,
        "languages": locale.languages,
        "scripts": locale.scripts,
        "currencies": locale.currencies,
        "weekdays": locale.days["stand-alone"]["wide"],
        "cities": _city_names(locale),
    }
    # a name in lowercase Latin letters was left in English if the language has another script
    is_latin = "_Latn_" in get_global("likely_subtags")[language]
    names: dict[str, dict[Any, str]] = {
        kind: {
            code: name.translate(_INVISIBLE)
            for code, name in kinds[kind].items()
            if is_latin or not re.search("[a-z]", name)
        }
        for kind in kinds
    }
    return names | {"codes": {code: code for code in (*locale.territories, *locale.currencies)}}


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
        try:
            yield territory, Locale.parse(f"und_{territory}").first_week_day
        except UnknownLocaleError:  # Antarctica and the like have no locale, hence no week
            continue
