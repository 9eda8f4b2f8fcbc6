"""An intent that no question means cannot be made."""

import pytest
from pydantic import ValidationError

from sapwood_agents.analyst.intent import (
    Aggregate,
    Comparison,
    Every,
    Group,
    Measure,
    Membership,
    Operator,
    QueryIntent,
    Shape,
    Side,
    columns_of,
    every,
)

COUNT = Measure(aggregate=Aggregate.COUNT)
LONG = Comparison(column="length", operator=Operator.MORE, value=3)
RED = Membership(column="colour", values=("red",))


@pytest.mark.parametrize(
    "parts",
    [
        {"shape": Shape.NUMBER},
        {"shape": Shape.NUMBER, "measures": (COUNT,), "groups": (Group(column="a"),)},
        {"shape": Shape.GROUPS, "measures": (COUNT,)},
        {"shape": Shape.RANKING, "measures": (COUNT,)},
        {"shape": Shape.RANKING, "measures": (COUNT,), "groups": (Group(column="a"),), "key": "b"},
        {"shape": Shape.VALUES, "measures": (COUNT,), "groups": (Group(column="a"),)},
        {"shape": Shape.DIFFERENCE, "measures": (COUNT,), "sides": (Side(label="a", where=RED),)},
        {"shape": Shape.RATIO, "sides": (Side(label="a", where=RED), Side(label="b", where=LONG))},
        {"shape": Shape.NUMBER, "measures": (COUNT,), "descending": False},
        {"shape": Shape.NUMBER, "measures": (COUNT,), "colour": "red"},
    ],
)
def test_parts_that_do_not_go_together_are_refused(parts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        QueryIntent.model_validate(parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"aggregate": "mean"},
        {"aggregate": "count", "column": "a"},
        {"aggregate": "correlation", "column": "a"},
    ],
)
def test_a_measure_without_its_column_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Measure.model_validate(parts)


def test_an_intent_survives_json() -> None:
    intent = QueryIntent(
        shape=Shape.GROUPS,
        measures=(COUNT,),
        groups=(Group(column="a", bucket="month"),),
        where=every(LONG, RED),
    )

    assert QueryIntent.model_validate_json(intent.model_dump_json()) == intent


def test_a_change_is_checked() -> None:
    intent = QueryIntent(shape=Shape.NUMBER, measures=(COUNT,))

    assert intent.changed(where=RED).where == RED
    with pytest.raises(ValidationError):
        intent.changed(limit=3)


def test_conditions_join_flat_and_once() -> None:
    assert every(None) is None
    assert every(LONG, None) == LONG
    assert every(every(LONG, RED), LONG) == Every(conditions=(LONG, RED))
    assert columns_of(every(LONG, RED)) == ("length", "colour")
