"""How many pieces were sold, and what sells best, where the rows say how many of a thing were dealt in."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.rows.counted import quantities_in_a_row
from sapwood_agents.analyst.language.takings import only_money
from sapwood_agents.analyst.language.tokens import Token, name_words
from sapwood_agents.analyst.language.trade import DEALS
from sapwood_storage.tabular.model import ColumnType

Turned = tuple[tuple[str, ...], int]
"""The grammar's words, and for how many tokens they stand."""

_COUNTED = (("how", "many"), ("number", "of"))
_DEALT = frozenset("sold bought ordered purchased".split())
_SELLS = frozenset("sells sell sold".split())
_MOST = frozenset("best most".split())
_LEAST = frozenset("worst least fewest".split())
_AHEAD = frozenset("best top worst least most".split())
_ENDS = ("", ",", "in", "by", "during", "since", "for", "on", "from", "at", "?", "overall")
_SURELY = 0.97
_LONGEST = 3


class Sold:
    """Says such questions with the name of the one column that they can mean."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        found = quantities_in_a_row(linker.card)
        self._quantity = found[0] if len(found) == 1 else None
        self._amount = found[0] if len(found) == 1 and _is_all(found[0], linker) else None

    def at(self, tokens: tuple[Token, ...], index: int) -> Turned | None:
        """What begins at `index`."""
        return self._pieces(tokens, index) or self._sells(tokens, index) or self._selling(tokens, index)

    def _pieces(self, tokens: tuple[Token, ...], index: int) -> Turned | None:
        """`how many lamps were sold`: their quantities, and not the rows that speak of them."""
        said = tuple(token.word for token in tokens[index : index + 2])
        if self._quantity is None or said not in _COUNTED:
            return None
        rest = tokens[index + 2 :]
        dealt = any(token.word in _DEALT for token in rest)
        if not dealt or {token.lemma for token in rest} & (DEALS | self._linker.rows.nouns):
            return None
        if not any(self._is_kind(rest[:size]) for size in range(1, _LONGEST + 1)):
            return None
        return (*said, *name_words(self._quantity.name), "of"), 2

    def _is_kind(self, span: tuple[Token, ...]) -> bool:
        """Whether the words are what is dealt in, one of the kinds in a column of texts."""
        card = self._linker.card
        return (
            bool(span)
            and not self._linker.columns(span)
            and any(
                link.score >= _SURELY and card.by_name[link.column].type is ColumnType.TEXT
                for link in self._linker.values(span)
            )
        )

    def _sells(self, tokens: tuple[Token, ...], index: int) -> Turned | None:
        """`which lamp sells best`, `which was sold the most`."""
        if self._amount is None or tokens[index].word not in _SELLS or not index:
            return None
        words = [token.word for token in tokens[index + 1 : index + 4]]
        size = 2 if words[:1] == ["the"] else 1
        end = words[size - 1] if len(words) >= size else ""
        after = words[size] if len(words) > size else ""
        if end not in _MOST | _LEAST or after not in _ENDS:
            return None
        return self._has("has", "lowest" if end in _LEAST else "highest"), size + 1

    def _selling(self, tokens: tuple[Token, ...], index: int) -> Turned | None:
        """`the 3 best selling lamps`."""
        said = [token.word for token in tokens[index : index + 2]]
        if self._amount is None or len(said) < len(_COUNTED) or said[0] not in _AHEAD or said[1] != "selling":
            return None
        for size in range(_LONGEST, 0, -1):
            span = tokens[index + 2 : index + 2 + size]
            if len(span) < size:
                continue
            named = [name for name, score in self._linker.columns(span) if score >= _SURELY]
            if span[-1].word != span[-1].lemma and (not index or tokens[index - 1].number is None):
                return None  # how many of them?
            if len(named) == 1:
                order = "lowest" if said[0] in _LEAST else "highest"
                return (*(token.word for token in span), *self._has("with", order)), size + 2
        return None

    def _has(self, verb: str, order: str) -> tuple[str, ...]:
        name = self._amount.name if self._amount is not None else ""
        return (verb, "the", order, "total", *name_words(name))


def _is_all(quantity: ColumnCard, linker: Linker) -> bool:
    """Whether nothing else says how much was sold: a sum of money may rank otherwise."""
    money = only_money(linker)
    others = [*linker.rows.deals, *([] if money is None or "price" in name_words(money.name) else [money])]
    return all(column is quantity for column in others)
