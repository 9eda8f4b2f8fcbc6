"""Answers that say nothing: every group alike, nothing to tell apart. The words were meant otherwise.

A grammar cannot see that each region of a panel has twelve rows whatever happened there; the result shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.instrument import Tally
from sapwood_agents.analyst.intent import Aggregate, QueryIntent, Shape, columns_of
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.shapes.draft import pinned
from sapwood_storage.tabular.model import Cell, ColumnType

_FEW = 3
_MANY_TIED = 8
_OF_SEVERAL = frozenset({Aggregate.MEAN, Aggregate.MEDIAN, Aggregate.DEVIATION, Aggregate.VARIANCE})


def vacuous(intent: QueryIntent, rows: Sequence[Sequence[Cell]], card: TableCard) -> str | None:
    """Why `rows` tell nothing of what was asked, in words; `None` when they do."""
    counts = [measure.aggregate for measure in intent.measures] == [Aggregate.COUNT]
    last = [row[-1] for row in rows]
    measured = [cell for row in rows for cell in row[-max(1, len(intent.measures)) :]]
    match intent.shape:
        case Shape.GROUPS | Shape.RANKING | Shape.VALUES if not rows:
            return "nothing in the table is so"
        case Shape.GROUPS | Shape.COMPARISON if measured and all(cell is None for cell in measured):
            return "none of them has a value"
        case Shape.GROUPS if counts and len(rows) >= _FEW and len(set(last)) == 1:
            return f"each of them has the same number of rows, {last[0]}"
        case Shape.RANKING if counts and not intent.having and _all_tie(intent, last, card):
            return f"they have the same number of rows, {last[0]}"
        case Shape.ROWS if len(rows) > _FEW and len({tuple(row) for row in rows}) * 2 < len(rows):
            return "the same ones again and again: what is listed is no single row"
        case Shape.DIFFERENCE if counts and last == [0]:
            return "both have the same number of rows"
        case Shape.RATIO if counts and last == [1]:
            return "both have the same number of rows"
        case _:
            return None


def _all_tie(intent: QueryIntent, values: Sequence[Cell], card: TableCard) -> bool:
    if len(values) < _FEW or len(set(values)) > 1 or intent.count_only:
        return False
    group = intent.groups[0]
    everything = not group.bucket and not group.cycle and len(values) == card.by_name[group.column].distinct
    return everything or len(values) >= max(_MANY_TIED, 2 * (intent.limit or 1))


def _one_row_each(intent: QueryIntent, card: TableCard) -> bool:
    """Whether the groups, with what the conditions hold fixed, are a key of the table."""
    if any(group.bucket or group.cycle for group in intent.groups):
        return True
    return told_apart(card, {*(group.column for group in intent.groups), *pinned(intent.where)})


def pooled(intent: QueryIntent, tallies: Sequence[Sequence[Tally]], card: TableCard) -> QueryIntent | None:
    """The intent over all rows, where each group is one row: `the mean per team` of a table of teams.

    Of two groups the one that is no time goes. `None` where groups have several rows.
    """
    averaged = all(measure.aggregate in _OF_SEVERAL for measure in intent.measures)
    single = len(tallies) > 1 and all(tally.used <= 1 for row in tallies for tally in row)
    if intent.shape is not Shape.GROUPS or not averaged or not single:
        return None
    kinds = [name for name in columns_of(intent.where) if card.by_name[name].type is ColumnType.TEXT]
    if kinds and not _one_row_each(intent, card):
        return None  # the condition made them single
    # A series of years stays one, though each year has a row.
    kept = [
        group
        for group in intent.groups
        if group.bucket or group.cycle or card.by_name[group.column].is_number
    ]
    if len(kept) == len(intent.groups):
        return None
    groups = tuple(kept)
    return intent.changed(groups=groups, shape=Shape.GROUPS if groups else Shape.NUMBER)
