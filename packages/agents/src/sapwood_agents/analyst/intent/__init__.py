"""What was asked, typed: the value between a question's words and its SQL.

The instant tier makes it from a grammar, a person may write it by hand, a model may produce it as JSON;
whoever made it, the same code turns it into SQL, a sentence, checks and a chart.
"""

from sapwood_agents.analyst.intent.conditions import (
    AgainstAverage,
    BetweenColumns,
    CalendarPart,
    Comparison,
    Condition,
    Either,
    Every,
    Membership,
    Missing,
    Period,
    TextMatch,
    columns_of,
    every,
)
from sapwood_agents.analyst.intent.derived import Derived, Made
from sapwood_agents.analyst.intent.measures import (
    Bucket,
    Cycle,
    Group,
    Having,
    Measure,
    Side,
)
from sapwood_agents.analyst.intent.query import (
    QueryIntent,
    parts_of,
)
from sapwood_agents.analyst.intent.shapes import (
    Shape,
)
from sapwood_agents.analyst.intent.terms import (
    Aggregate,
    Frozen,
    Operator,
    Scalar,
)

__all__ = [
    "AgainstAverage",
    "Aggregate",
    "BetweenColumns",
    "Bucket",
    "CalendarPart",
    "Comparison",
    "Condition",
    "Cycle",
    "Derived",
    "Either",
    "Every",
    "Frozen",
    "Group",
    "Having",
    "Made",
    "Measure",
    "Membership",
    "Missing",
    "Operator",
    "Period",
    "QueryIntent",
    "Scalar",
    "Shape",
    "Side",
    "TextMatch",
    "columns_of",
    "every",
    "parts_of",
]
