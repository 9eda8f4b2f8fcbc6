"""Whether the best of a quantity is its highest or its lowest."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.unplaced import Unplaced

_LESS_IS_BETTER = frozenset(
    "delay defect error death fatality crime accident injury loss complaint fault pollution unemployment "
    "debt emission casualty failure churn".split()
)
_MORE_IS_BETTER = frozenset(
    "score rating grade mark point quality performance revenue profit sale turnover income salary pay "
    "wage earning gain return growth win victory medal goal assist yield efficiency economy mpg "
    "accuracy expectancy gdp happiness satisfaction attendance engagement review star appraisal "
    "evaluation speed mean average result output production literacy margin tip bonus vote share "
    "callback conversion gpa sat gre gmat exam test".split()
)
_LEAST_LETTERS = 3


def best_is_highest(column: ColumnCard, head: Node, said: str = "") -> bool:
    """More is better, less is better, or `Unplaced` where it depends on who asks.

    `said` is what the question calls the column.
    """
    words = {*name_words(column.name), *name_words(said)}
    if _speak_of(words, _LESS_IS_BETTER):
        return False
    if not _speak_of(words, _MORE_IS_BETTER):
        raise Unplaced((head.text,), "the best may be the highest or the lowest")
    return True


def _speak_of(words: set[str], known: frozenset[str]) -> bool:
    """Whether one of the words is known, or the beginning of one that is: `satisf`."""
    starts = {word for word in words if len(word) > _LEAST_LETTERS}
    return bool(words & known) or any(other.startswith(word) for word in starts for other in known)
