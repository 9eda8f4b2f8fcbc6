"""What a deal comes to: the column that `revenue`, `sales` and `spent` speak of in a table of orders."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.names import name_of
from sapwood_agents.analyst.language.tokens import Token, name_words, tokenize
from sapwood_agents.analyst.language.units import QUANTITIES_OF_UNITS

_OF_DEALS = frozenset(
    "order invoice receipt transaction purchase sale customer client product item sku quantity qty "
    "unit store shop basket cart rep salesperson price booking".split()
)
"""Words of column names of which a table of deals has two."""
_DEALS = frozenset("order sale purchase transaction invoice receipt deal booking payment".split())
_WHOLE = frozenset("total amount revenue turnover takings subtotal".split())
_WORTH = frozenset("value price cost amount total payment".split())
_WHOSE = _DEALS | {"line", "grand", "total", "net", "gross", "basket", "cart", "bill"}
_ADDED = frozenset("discount tax vat tip shipping fee delivery freight refund".split())
_SPENT = frozenset("revenue turnover takings spend spending expenditure spent".split())
_VALUED = frozenset("value amount worth total".split())
_COUNTED_BEFORE = frozenset("many most fewest fewer more less least number count often".split())
_NEARLY = 0.98
_MEANS = frozenset("average avg mean median typical".split())
_SPANS = frozenset("day week month quarter year".split())
_AGGREGATES = frozenset(
    "total sum highest lowest largest smallest biggest maximum minimum max min average avg mean median "
    "overall".split()
)


def takings(card: TableCard) -> ColumnCard | None:
    """The one column that holds what each deal comes to; none where two of them could be meant."""
    found = deals_come_to(card)
    return found[0] if len(found) == 1 and _is_whole(found[0]) else None


def deals_come_to(card: TableCard) -> list[ColumnCard]:
    """All columns that may hold what a deal comes to; none in a table of something else."""
    described = {word for column in card.columns for word in name_words(column.name)}
    described |= set(name_words(card.title)[-1:])
    if len(described & _OF_DEALS) < 2:
        return []
    return [column for column in card.columns if column.is_number and (_is_whole(column) or _may_be(column))]


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
    if token.lemma in _DEALS and index + 1 < len(tokens) and tokens[index + 1].lemma in _VALUED:
        spelled = any(score > _NEARLY for _, score in linker.columns(tokens[index : index + 2]))
        return 0 if spelled else 2
    if linker.columns((token,)) or linker.values((token,)):
        return 0
    means = set(before[-1:]) & _MEANS and {other.lemma for other in tokens[index + 1 :]} & _SPANS
    if means and token.word != "sale":
        return 0  # "average sales per month": of the months or of the deals
    if token.lemma == "sale":
        counted = bool(_COUNTED_BEFORE & set(before[-1:])) or before in (["number", "of"], ["count", "of"])
        one = token.word == "sale" and not _AGGREGATES & set(before[-1:])
        return 0 if counted or one or before[-1:] in (["the"], ["all"]) else 1
    return int(token.word in _SPENT)


def _may_be(column: ColumnCard) -> bool:
    """Whether the column may be meant too: `total_ex_tax`, `amount_paid`; not `tax_amount`."""
    words = name_words(column.name)
    return bool(_WHOLE & set(words)) and words[0] not in _ADDED


def _is_whole(column: ColumnCard) -> bool:
    words = name_of(column, ()).words
    if words[-1] in _WHOLE and (len(words) == 1 or words[0] in _WHOSE):
        return True
    return len(words) == 2 and words[-1] in _WORTH and words[0] in _WHOSE
