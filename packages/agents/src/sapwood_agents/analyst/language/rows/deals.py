"""What a deal comes to: the column of a table of orders that `revenue` and `sales` speak of."""

from __future__ import annotations

from collections.abc import Sequence

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.names import name_of
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.trade import DEALS, PROOFS, QUANTITY

_OF_DEALS = QUANTITY | frozenset(
    "order invoice receipt transaction purchase sale customer client product item sku unit store shop basket "
    "cart rep salesperson price booking".split()
)
"""Words of column names of which a table of deals has two."""
_WHOLE = frozenset("total amount revenue turnover takings subtotal".split())
_WORTH = frozenset("value price cost amount total payment".split())
_WHOSE = DEALS | PROOFS | frozenset("line grand total net gross basket cart bill".split())
_ADDED = frozenset("discount tax vat tip shipping fee delivery freight refund".split())


def deals_come_to(card: TableCard) -> tuple[ColumnCard, ...]:
    """All columns that may hold what a deal comes to; none in a table of something else."""
    described = {word for column in card.columns for word in name_words(column.name)}
    described |= set(name_words(card.title)[-1:])
    if len(described & _OF_DEALS) < 2:
        return ()
    return tuple(
        column for column in card.columns if column.is_number and (_is_whole(column) or _may_be(column))
    )


def takings(deals: Sequence[ColumnCard]) -> ColumnCard | None:
    """The one column that holds what each deal comes to; none where two of them could be meant."""
    return deals[0] if len(deals) == 1 and _is_whole(deals[0]) else None


def _may_be(column: ColumnCard) -> bool:
    """Whether the column may be meant too: `total_ex_tax`, `amount_paid`; not `tax_amount`."""
    words = name_words(column.name)
    return bool(_WHOLE & set(words)) and words[0] not in _ADDED


def _is_whole(column: ColumnCard) -> bool:
    words = name_of(column, ()).words
    if words[-1] in _WHOLE and (len(words) == 1 or words[0] in _WHOSE):
        return True
    return len(words) == 2 and words[-1] in _WORTH and words[0] in _WHOSE
