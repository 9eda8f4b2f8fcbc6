"""Column names in words, and how well other words fit them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.concepts import GENERIC_WORDS
from sapwood_agents.analyst.language.segments import segments
from sapwood_agents.analyst.language.spelling import (
    abbreviates,
    bases,
    is_form,
    is_typo,
    stem,
)
from sapwood_agents.analyst.language.synonyms import SYNONYMS
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.units import UNITS
from sapwood_storage.tabular.model import ColumnType

JOINERS = frozenset({"of", "the", "a", "an", "in", "per", "or"})
_FEW_VALUES = 30
_COUNTS = frozenset({"n", "num", "number", "nb", "count", "no", "nr", "total"})
_TITLES = frozenset({"id", "name", "title", "key", "label", "symbol", "slug"})
_SILENT = frozenset("description desc text".split())
"""At the end of a name they only say how it is written: `Fault Description`."""
_KINDS = frozenset("type kind category class method mode style code status group name".split())
"""Heads that say little: `payment` may stand for `payment_kind`."""
_MARKS = frozenset({"score", "grade", "mark", "rating", "rate", "pct", "percent", "volume"})
"""The same for numbers: `math` may stand for `math_score`."""
_STATISTICS = frozenset(
    {
        "max",
        "maximum",
        "min",
        "minimum",
        "avg",
        "average",
        "mean",
        "median",
        "std",
        "high",
        "low",
        "highest",
        "lowest",
        "least",
        "most",
    }
)
_VERSIONS = frozenset("legacy original old new final preliminary estimate".split())
"""`burglary_original` and `burglary_revised` are two of the same."""
_NOUNS_IN_ED = frozenset("speed breed creed weed steed airspeed".split())
_ORDINALS = frozenset("last first next previous prior".split())
_PREPOSITIONS = frozenset("of at on by for in per from to with as".split())
_SUFFIXES = frozenset(
    "duration date time weight name size price rate count type year number distance speed temperature code "
    "score width height length income level office".split()
)
"""What the second half of a name written as one word may be: `tripduration`."""
_KEPT_UNITS = frozenset({"year", "month", "day", "hour", "week", "point", "person"})


@dataclass(frozen=True, slots=True)
class Name:
    """A column's name in words: `head` is what it is about, the rest tells which."""

    column: ColumnCard
    words: tuple[str, ...]  # with a declared unit left out
    units: tuple[str, ...]
    joined: str
    head: str
    counts: bool = False  # `n_doors`: a number of something
    initials: str = ""  # `bpm` of `Beats_per_Minute`, where there are three or more
    held: tuple[str, ...] = ()  # what its values are, when the name does not say


def _word_of_all(column: ColumnCard) -> tuple[str, ...]:
    """The word with which each of several values ends: `class` of `First class` and `Second class`."""
    if not column.enumerated or not 1 < len(column.values) <= _FEW_VALUES:
        return ()
    ends = {(str(value).casefold().split() or [""])[-1] for value in column.values}
    longer = all(len(str(value).split()) > 1 for value in column.values)
    return tuple(ends) if longer and len(ends) == 1 and next(iter(ends)).isalpha() else ()


def name_of(column: ColumnCard, holds: tuple[str, ...], spelled: str = "") -> Name:
    """The column's name in words; `holds` is what its values are, `spelled` the name with its words apart."""
    holds = (*holds, *_word_of_all(column))
    called, _, code = (spelled or column.name).partition("; ")
    holds = (*holds, code.casefold()) if code else holds
    plain = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", called) or column.name
    if plain.casefold() == "long" and column.type is ColumnType.NUMBER:
        plain = "longitude"  # no length
    raw = [_TEMPERATURES.get(word, segments(word)) for word in name_words(plain)]
    words = [word for part in raw for word in part if word not in JOINERS] or list(name_words(plain))
    units = [UNITS[word] for word in name_words(called[len(plain) :]) if word in UNITS]
    if len(words) > 2 and words[-1] in "23" and words[-2] in ("km", "m", "mi", "ft", "cm"):
        words[-2:] = [f"{words[-2]}{words[-1]}"]
    plural = re.search(r"(?i)(year|month|day|hour|week|point)s$", plain)
    if len(words) > 1 and words[-1] in _SCALES and _WARM & set(words):
        units.extend((words.pop(), "deg"))
    while (
        len(words) > 1
        and words[-1] in UNITS
        and (plural or words[-1] not in _KEPT_UNITS)
        and not _is_code(plain)
    ):
        units.insert(0, UNITS[words.pop()])
    if len(words) > 1 and words[-1] in _SCALED and column.is_number:
        words.pop()  # `exports_millions`
    counts = len(words) > 1 and words[0] in _COUNTS - {"total"} and column.is_number
    if counts:
        words.pop(0)
    elif len(words) == 2 and words[-1] in ("count", "num") and column.is_number:
        counts = bool(words.pop())  # `apprentice_count`
    if len(words) > 1 and words[0] in ("is", "has", "was") and column.is_flag:
        words.pop(0)
    joined = "".join(c for c in column.name.casefold() if c.isalnum())
    if len(words) == 1 and words[0] in UNITS and column.name.casefold() not in _CLOCK and column.is_number:
        units = [UNITS[words[0]]]
        if units[0] in ("ms", "s", "min", "h"):
            holds = (*holds, "duration", "length", "runtime", "time", "playing time", "running time")
    if column.is_number and (per := _PER_SO_MANY.fullmatch(" ".join(name_words(plain)))):
        holds = (*holds, *_as_rate(*per.groups()))
    if column.is_number and (ratio := _RATIO.fullmatch(" ".join(name_words(plain)))):
        first, second = (part[0] for part in ratio.groups())
        said = (f"{first} {second}", f"{first}{second}")
        holds = (*holds, *said, *(f"{short} ratio" for short in said))
    if "/" in plain:
        holds = (*holds, *(" ".join(name_words(part)) for part in plain.split("/") if part.strip()))
    if "temperature" in words or words[-1] == "temp":
        for extreme, short in (("high", {"max", "maximum", "high"}), ("low", {"min", "minimum", "low"})):
            if short & set(words):
                holds = (*holds, extreme, f"daily {extreme}", f"{extreme} temperature", f"{extreme} temp")
    initials = "".join(word[0] for word in name_words(plain)) if len(name_words(plain)) > 2 else ""
    head = _head(name_words(plain), words)
    if column.is_flag and words[-1].endswith("ed"):
        head = words[-1]  # `first_call_resolved` says whether it was, and is no call
    return Name(column, tuple(words), tuple(units), joined, head, counts, initials, holds)


def _as_rate(thing: str, many: str) -> tuple[str, ...]:
    """`births_per_1000` in other words: `birth rate`, `births per 1000 inhabitants`."""
    rate = f"{thing} rate"
    people = (f"{what} {many} {who}" for what in (thing, rate) for who in ("person", "people", "inhabitant"))
    return rate, f"{rate} {many}", *people


_RATIO = re.compile(r"([a-z]+) (?:to|per) ([a-z]+) ratio")
"""`price to earnings ratio`, in lemmas: the P/E."""
_PER_SO_MANY = re.compile(r"([a-z]+) per (\d+k?|thousand|million|capita)")
"""`births per 1000`, in lemmas."""
_SCALED = frozenset("thousand million billion mln mio mn bn".split())
"""In what the numbers of a column are, as its name says at its end."""
_SCALES = frozenset("cfk")
_WARM = frozenset("temperature temp".split())
_CLOCK = frozenset("minute hour hr day week month".split())
"""What o'clock and which day it is: no spans of time."""


def _is_code(name: str) -> bool:
    """Whether the name ends with a capital that is no unit: `radio_S`."""
    return bool(re.search(r"[_ ][SMGH]$", name))


_TEMPERATURES = {
    "tmax": ("maximum", "temperature"), "tmin": ("minimum", "temperature"),
    "tavg": ("average", "temperature"),
    "tmean": ("average", "temperature"), "maxtemp": ("maximum", "temperature"),
    "mintemp": ("minimum", "temperature"), "avgtemp": ("average", "temperature"),
}  # fmt: skip
"""What weather stations call their columns."""


def _head(original: tuple[str, ...], words: list[str]) -> str:
    """What the name is about: the word before `of`, else the last one that says something."""
    for index, word in enumerate(original[1:], start=1):
        if word in _PREPOSITIONS and original[index - 1] in words:
            return original[index - 1]
    kept = [word for word in words if word not in _STATISTICS and not word.isdigit()] or words
    if len(kept) > 1 and kept[-1] in ("total", "tot"):
        kept = kept[:-1]
    while len(kept) > 1 and (kept[-1] in _TITLES or kept[-1] in ("index", "current") or len(kept[-1]) == 1):
        kept = kept[:-1]
    if len(kept) > 1 and kept[0] in ("date", "year") and kept[-1] not in ("type", "range"):
        return kept[0]
    participle = kept[-1].endswith("ed") and len(kept[-1]) > 4 and kept[-1] not in _NOUNS_IN_ED
    if len(kept) > 1 and (participle or kept[-1] in _VERSIONS):
        return kept[-2]
    return kept[-1]


def match(words: tuple[str, ...], name: Name, worth: float) -> tuple[float, bool]:
    """How well `words` name the column, and whether they say its head: no name word fits two of them."""
    free = list(name.words)
    score = covered = 0.0
    rest = list(words)
    measured = len(rest) > 1 and rest[-1] in UNITS and UNITS[rest[-1]] in name.units
    if measured:
        rest.pop()
    if len(rest) > 1 and rest[-1] == "time" and {"min", "s", "h", "ms"} & set(name.units):
        rest.pop()
    if name.counts and len(rest) > 1 and rest[0] in _COUNTS - {"no"}:
        rest.pop(0)  # "no doors" are none of them
    if name.counts and len(rest) > 1 and rest[-1] in _COUNTS:
        rest.pop()
    whole = len(rest) > 1
    for word in rest:
        best, chosen = 0.0, -1
        for index, candidate in enumerate(free):
            like = likeness(word, candidate)
            if (
                not like
                and whole
                and len(candidate) <= 3 < len(word)
                and word.isalpha()
                and word.startswith(candidate)
            ):
                like = 0.9  # `rate_c` is the city rate, once the other word is certain
            if like > best:
                best, chosen = like, index
        if chosen < 0:
            return 0.0, False
        score += best
        covered += _weight(free.pop(chosen))
    score /= len(rest)
    if whole and max(likeness(word, candidate) for word in rest for candidate in name.words) < 0.86:
        return 0.0, False
    if all(word in GENERIC_WORDS for word in rest) and free:
        said = len(rest) == 1 and (rest[0] == name.head or abbreviates(name.head, rest[0]))
        return (0.76, True) if said else (0.0, False)
    if all(word in UNITS for word in rest) and free and rest[0] != name.words[0]:
        return (worth * 0.7, False)
    if all(word in _STATISTICS for word in rest) and free:
        return (worth * 0.72, False)
    if measured and name.head in free and len(free) == 1:
        free.remove(name.head)  # `waiting hours` are the hours of `wait_time_hrs`
    headed = name.head not in free
    if headed and name.head.endswith("ed") and name.head not in rest:
        headed = False  # the appointees are not `appointed by`
    if headed and set(free) & _ORDINALS:
        headed = False  # eruptions are not the `last eruption`
    if not free:
        return worth * score, True
    if all(_is_year(word) for word in free):
        return worth * score * 0.98, True
    if all(word in _TITLES or (len(word) == 1 and word.isalpha()) for word in free):
        return worth * score * 0.94, True
    if len(free) == 1 and free[0] == name.words[-1] and free[0] in _SILENT:
        return worth * score * 0.92, True
    if not headed and all(word in (_MARKS if name.column.is_number else _KINDS) for word in free):
        return worth * score * 0.8, True
    total = covered + sum(_weight(word) for word in free)
    return worth * score * (0.74 + 0.06 * covered / total + 0.1 * headed), headed


def _is_year(word: str) -> bool:
    """`2020` of `yield_2020`, which may be called by the year and need not."""
    return re.fullmatch(r"(?:19|20)\d\d", word) is not None


def _weight(word: str) -> float:
    if word in _TITLES:
        return 0.2
    return 0.4 if word in GENERIC_WORDS or word == "date" else 1.0


def is_verb(word: str) -> bool:
    """Whether the word looks like a participle."""
    return word.endswith(("ed", "ing")) and len(word) > 4


@lru_cache(maxsize=1_000)
def synonyms(word: str) -> frozenset[str]:
    """Every word that names the same thing as `word` or as the verb it is a form of."""
    forms = bases(word)
    return frozenset(other for group in SYNONYMS if forms & group for other in group)


@lru_cache(maxsize=100_000)
def likeness(word: str, candidate: str) -> float:
    """How surely `word` means `candidate`: 1 for the same word, 0 for another."""
    if word == candidate:
        return 1.0
    if abbreviates(candidate, word) or abbreviates(word, candidate):
        return 0.95
    if candidate in synonyms(word):
        return 0.88
    if is_form(word, candidate):
        return 0.87
    if len(word) > 3 and len(candidate) > 3 and stem(word) == stem(candidate):
        return 0.87
    if any(abbreviates(candidate, full) for full in synonyms(word)):
        return 0.86
    if word in _SUFFIXES - GENERIC_WORDS and candidate.endswith(word) and len(candidate) > len(word) + 2:
        return 0.85
    return 0.85 if is_typo(word, candidate) else 0.0
