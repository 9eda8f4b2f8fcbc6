"""Turns of phrase that say in several words what the grammar has others for.

`south of the equator` is `latitude below 0`, `made a loss` is `profit below 0`, where a column is called so.
"""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.sold import Sold, Turned
from sapwood_agents.analyst.language.tokens import Token, name_words

_SIDES = {"south": "below", "north": "above"}
_BUT = frozenset("except besides apart excluding other".split())
_WITHIN = frozenset("in on at during".split())
_LOSSES = re.compile(
    r"(?:ma[dk]es?|making|show(?:s|ed|ing)?|ha(?:s|ve|d|ving)|with|post(?:s|ed|ing)?|report(?:s|ed|ing)?"
    r"|r[ua]n(?:s|ning)?|book(?:s|ed|ing)?)(?: an?)?(?: net)? loss(?:es)?|(?:los[et]s?|losing) money"
)
_RELATIVE = frozenset("that which who".split())
_DECADES = {
    f"{name}ies": ten
    for name, ten in zip(
        "twent thirt fort fift sixt sevent eight ninet".split(), range(20, 100, 10), strict=True
    )
}
_ENDS = frozenset("most least best worst max min maximum minimum top record".split())
_MEASURING = frozenset(
    "average avg mean median total sum many number count highest lowest maximum minimum share "
    "percentage".split()
)
_COPULAS = frozenset("is was are were = equals".split())
_SURELY = 0.97
_A_CLAUSE = 2


class Turns:
    """Finds them in the questions about one table."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._sold = Sold(linker)
        self._latitude = any("latitude" in name_words(c.name) for c in linker.card.columns)
        self._profit = _only_profit(linker)
        self._ages = any("age" in name_words(c.name) and c.is_number for c in linker.card.columns)

    def at(self, tokens: tuple[Token, ...], index: int) -> Turned | None:
        """What begins at `index`."""
        if (sold := self._sold.at(tokens, index)) is not None:
            return sold
        said = [token.word for token in tokens[index : index + 4]]
        before = tokens[index - 1] if index else None
        if said[1:] == ["of", "the", "equator"] and said[0] in _SIDES and self._latitude:
            return ("with", "latitude", _SIDES[said[0]], "0"), 4
        if said[:2] == ["in", "their"] and said[2:3] and said[2] in _DECADES and self._ages:
            ten = _DECADES[said[2]]
            return ("aged", "between", str(ten), "and", str(ten + 9)), 3
        for size in (4, 3, 2):
            row = before is not None and before.lemma in self._linker.rows.nouns | _RELATIVE
            if row and self._profit is not None and _LOSSES.fullmatch(" ".join(said[:size])):
                return ("with", *name_words(self._profit.name), "below", "0"), size
        if (
            said[0] in ("beat", "beats")
            and said[1:2] == ["the"]
            and set(said[2:]) & {"average", "median", "mean"}
        ):
            return ("are", "above"), 1
        if said[:2] == ["of", "the"] and before is not None and before.word == "which":
            return self._of_all(tokens, index)
        if said[0] == "when" and index >= _A_CLAUSE:
            return self._on_condition(tokens, index)
        return self._of_rows(tokens, index, said)

    def _of_all(self, tokens: tuple[Token, ...], index: int) -> Turned | None:
        """`which of the three depots`, where there are three."""
        if index + 3 >= len(tokens) or (count := tokens[index + 2].whole) is None:
            return None
        named = self._linker.columns((tokens[index + 3],))
        kinds = [self._linker.card.by_name[name] for name, score in named if score >= _SURELY]
        alike = len(kinds) == 1 and kinds[0].distinct == count and not kinds[0].nulls
        return ((), 3) if alike else None

    def _on_condition(self, tokens: tuple[Token, ...], index: int) -> Turned | None:
        """`the mean fee when the member is new`: a column and a value of it."""
        if not any(token.word in _MEASURING for token in tokens[:index]):
            return None
        rest = [token for token in tokens[index + 1 :] if token.word not in ("the", "a", "an")]
        for size in (3, 2, 1):
            named = self._linker.columns(tuple(rest[:size])) if len(rest) > size else ()
            if named and named[0][1] >= _SURELY and rest[size].word in _COPULAS:
                column = self._linker.card.by_name[named[0][0]]
                return None if column.is_time else (("where",), 1)
        return None

    def _of_rows(self, tokens: tuple[Token, ...], index: int, said: list[str]) -> Turned | None:
        """`everything but`, `4 times or more`, `at one table`."""
        if said[:2] == ["everything", "but"]:
            return ("rows", "except"), 2
        if said[0] == "everything" and (said[1:2] == [] or said[1] in _BUT):
            return ("rows",), 1
        if said[0] in ("time", "times") and index and tokens[index - 1].number is not None:
            if said[1:3] == ["or", "more"]:
                return ("or", "more", "rows"), 3
            if len(said) == 1 or tokens[index + 1].kind == "symbol":
                return ("rows",), 1
        if said[0] in _WITHIN and said[1:2] == ["one"] and len(said) > _A_CLAUSE and index:
            row = tokens[index + 2]
            ends = len(said) == _A_CLAUSE + 1 or tokens[index + 3].kind == "symbol"
            if ends and row.lemma in self._linker.rows.nouns and sought(tokens[:index]):
                return (), 3  # "the highest number of guests at one table"
        return None


def sought(before: tuple[Token, ...]) -> bool:
    """Whether an end was asked for: `the highest`, `the most`."""
    return any(
        token.word in _ENDS or (len(token.word) > 5 and token.word.endswith("est")) for token in before
    )


def _only_profit(linker: Linker) -> ColumnCard | None:
    """The one column of profits, some of them losses."""
    named = [(c, name_words(c.name)) for c in linker.card.columns if c.is_number]
    found = [c for c, words in named if words == ("net", "income")] or [
        c for c, words in named if "profit" in words and "margin" not in words
    ]
    low = found[0].low if len(found) == 1 else None
    return found[0] if isinstance(low, int | float) and low < 0 else None
