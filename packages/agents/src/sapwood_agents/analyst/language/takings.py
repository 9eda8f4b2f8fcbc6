"""Words of a question that speak of what deals come to: `revenue`, `sales`, `spent` in a table of orders."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.almanac import PERIODS
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import Token, tokenize
from sapwood_agents.analyst.language.trade import DEALS, PROOFS, SPENDING
from sapwood_agents.analyst.language.units import QUANTITIES_OF_UNITS

_VALUED = frozenset("value amount worth total".split())
_SPENT = SPENDING | {"spent"}
_COUNTED_BEFORE = frozenset("many most fewest fewer more less least number count often".split())
_NEARLY = 0.98
_MEANS = frozenset("average avg mean median typical".split())
_AGGREGATES = frozenset(
    "total sum highest lowest largest smallest biggest maximum minimum max min average avg mean median "
    "overall".split()
)


def only_money(linker: Linker) -> ColumnCard | None:
    """The one column of amounts, where nothing in the table is called money."""
    if linker.columns(tokenize("money")):
        return None
    names = {
        column for word in QUANTITIES_OF_UNITS["$"] for column, _ in linker.columns(tokenize(word))
        if linker.card.by_name[column].is_number
    }  # fmt: skip
    return linker.card.by_name[names.pop()] if len(names) == 1 else None


def spoken_of(tokens: tuple[Token, ...], index: int, linker: Linker) -> int:
    """How many tokens from `index` on speak of it: 2 in `order value`, 0 in `how many sales`."""
    token = tokens[index]
    before = [other.word for other in tokens[max(0, index - 2) : index]]
    if token.lemma in DEALS | PROOFS and index + 1 < len(tokens) and tokens[index + 1].lemma in _VALUED:
        spelled = any(score > _NEARLY for _, score in linker.columns(tokens[index : index + 2]))
        return 0 if spelled else 2
    if linker.columns((token,)) or linker.values((token,)):
        return 0
    means = set(before[-1:]) & _MEANS and {other.lemma for other in tokens[index + 1 :]} & set(PERIODS)
    if means and token.word != "sale":
        return 0  # "average sales per month": of the months or of the deals
    if token.lemma == "sale":
        counted = bool(_COUNTED_BEFORE & set(before[-1:])) or before in (["number", "of"], ["count", "of"])
        one = token.word == "sale" and not _AGGREGATES & set(before[-1:])
        return 0 if counted or one or before[-1:] in (["the"], ["all"]) else 1
    return int(token.word in _SPENT)
