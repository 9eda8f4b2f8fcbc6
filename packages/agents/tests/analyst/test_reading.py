"""An intent in words: every part of it, and never the words of another."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.conditions_in_words import in_words
from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    BetweenColumns,
    CalendarPart,
    Comparison,
    Condition,
    Either,
    Every,
    Group,
    Having,
    Measure,
    Membership,
    Missing,
    Operator,
    Period,
    QueryIntent,
    Shape,
    Side,
    TextMatch,
)
from sapwood_agents.analyst.reading import describe
from sapwood_storage.tabular.model import ColumnType

CARD = TableCard(
    "things",
    9,
    (
        ColumnCard("a", ColumnType.TEXT),
        ColumnCard("mean of b", ColumnType.NUMBER),
        ColumnCard("d", ColumnType.DATE),
        ColumnCard("highest_bid", ColumnType.NUMBER),
    ),
)
NAMES = st.sampled_from(["a", "b", "mean of b", "d", "b and d", "highest_bid"])
VALUES = st.sampled_from(["x", "x or y", "5", "true"]) | st.integers(2, 5) | st.just(2.5)
MIDDLES = st.sampled_from([Aggregate.MEAN, Aggregate.MEDIAN])
SIGNED: dict[str, st.SearchStrategy[object]] = {"column": NAMES, "negated": st.booleans()}
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.builds(Comparison, column=NAMES, operator=st.sampled_from(Operator), value=VALUES)
    | st.builds(Membership, values=st.lists(VALUES, min_size=1, max_size=2).map(tuple), **SIGNED)
    | st.builds(Period, start=st.none() | st.just("2020-01-01"), end=st.none() | st.just("2021-01-01"), **SIGNED)
    | st.builds(CalendarPart, part=st.sampled_from(["month", "hour"]), values=st.sampled_from([(1, 2), (3,)]), **SIGNED)
    | st.builds(Missing, **SIGNED)
    | st.builds(TextMatch, how=st.sampled_from(["starts", "ends"]), text=st.sampled_from(["x", '"', "is"]), **SIGNED)
    | st.builds(AgainstAverage, column=NAMES, operator=st.sampled_from(Operator), aggregate=MIDDLES)
    | st.builds(BetweenColumns, column=NAMES, operator=st.sampled_from(Operator), other=NAMES),
    lambda parts: st.builds(Every, conditions=st.lists(parts, min_size=2, max_size=3).map(tuple))
    | st.builds(Either, conditions=st.lists(parts, min_size=2, max_size=3).map(tuple)),
    max_leaves=3,
)  # fmt: skip
MEASURES = (
    st.builds(Measure, aggregate=st.just(Aggregate.COUNT), where=st.none() | CONDITIONS)
    | st.builds(Measure, aggregate=st.just(Aggregate.CORRELATION), column=NAMES, other=NAMES)
    | st.builds(
        Measure, column=NAMES, where=st.none() | CONDITIONS,
        aggregate=st.sampled_from([each for each in Aggregate if each not in (Aggregate.COUNT, Aggregate.CORRELATION, Aggregate.VALUE)]),
    )
)  # fmt: skip
GROUPS = st.builds(
    Group, column=NAMES, bucket=st.none() | st.sampled_from(["year", "month"]), cycle=st.none() | st.just("month")
)  # fmt: skip
HAVING = st.builds(Having, operator=st.sampled_from(Operator), value=st.sampled_from([1.0, 2.5])) | st.builds(
    Having, operator=st.sampled_from(Operator), aggregate=MIDDLES
)
SIDES = st.lists(st.builds(Side, label=VALUES, where=CONDITIONS), min_size=2, max_size=2).map(tuple)
WHERE = st.none() | CONDITIONS


def intents() -> st.SearchStrategy[QueryIntent]:
    """Intents of every shape."""
    values = st.lists(
        st.builds(Measure, aggregate=st.just(Aggregate.VALUE), column=NAMES), min_size=1, max_size=2
    )
    some = st.lists(MEASURES, min_size=1, max_size=2).map(tuple)
    one = MEASURES.map(lambda measure: (measure,))
    keys = st.lists(GROUPS, min_size=1, max_size=2).map(tuple)
    ranked = {
        "shape": st.just(Shape.RANKING), "where": WHERE, "descending": st.booleans(),
        "limit": st.none() | st.integers(1, 3), "having": st.none() | HAVING, "count_only": st.booleans(),
    }  # fmt: skip
    return st.one_of(
        st.builds(QueryIntent, shape=st.just(Shape.NUMBER), measures=some, where=WHERE),
        st.builds(QueryIntent, shape=st.just(Shape.GROUPS), measures=some, groups=keys, where=WHERE),
        st.builds(QueryIntent, shape=st.just(Shape.VALUES), groups=keys, where=WHERE),
        st.builds(QueryIntent, measures=one, groups=GROUPS.map(lambda group: (group,)), **ranked),
        st.builds(QueryIntent, measures=values.map(lambda found: tuple(found[:1])), key=NAMES, **ranked),
        st.builds(QueryIntent, shape=st.just(Shape.ROWS), key=NAMES, measures=values.map(tuple), where=WHERE),
        st.builds(QueryIntent, shape=st.just(Shape.LOOKUP), measures=values.map(tuple), where=WHERE),
        st.builds(
            QueryIntent, measures=one, sides=SIDES, where=WHERE,
            shape=st.sampled_from([Shape.COMPARISON, Shape.DIFFERENCE, Shape.RATIO]),
        ),
    )  # fmt: skip


def test_two_different_conditions_never_have_the_same_words() -> None:
    seen: dict[str, Condition] = {}

    @settings(max_examples=600, deadline=None, derandomize=True)
    @given(CONDITIONS)
    def check(condition: Condition) -> None:
        assert seen.setdefault(in_words(condition), condition) == condition

    check()


def test_two_different_intents_never_have_the_same_words() -> None:
    seen: dict[str, QueryIntent] = {}

    @settings(max_examples=600, deadline=None, derandomize=True)
    @given(intents())
    def check(intent: QueryIntent) -> None:
        assert seen.setdefault(describe(intent, CARD), intent) == intent

    check()


def test_small_intents_all_differ() -> None:
    found: dict[str, QueryIntent] = {}
    parts = product(Shape, Aggregate, (None, "a", "mean of b"), (None, "month"), (True, False), (None, 1, 2))
    for shape, aggregate, column, bucket, descending, limit in parts:
        groups = (
            [{"column": "d", "bucket": bucket}]
            if shape in (Shape.GROUPS, Shape.RANKING, Shape.VALUES)
            else []
        )
        measures = [] if shape is Shape.VALUES else [{"aggregate": aggregate, "column": column}]
        try:
            intent = QueryIntent.model_validate(
                {
                    "shape": shape,
                    "measures": measures,
                    "groups": groups,
                    "descending": descending,
                    "limit": limit,
                }
            )
        except ValidationError:
            continue
        assert found.setdefault(describe(intent, CARD), intent) == intent
    assert len(found) > 100


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (
            QueryIntent(
                shape=Shape.NUMBER, measures=(Measure(aggregate=Aggregate.MEAN, column="delay"),),
                where=Membership(column="carrier", values=("UA",)),
            ),
            "mean of delay where carrier is UA",
        ),
        (
            QueryIntent(
                shape=Shape.RANKING, measures=(Measure(aggregate=Aggregate.COUNT),), groups=(Group(column="city"),), limit=3,
            ),
            "3 city with the highest number of rows",
        ),
        (
            QueryIntent(
                shape=Shape.GROUPS, measures=(Measure(aggregate=Aggregate.SUM, column="price"),),
                groups=(Group(column="sold", bucket="month"),),
            ),
            "sum of price by month of sold",
        ),
        (
            QueryIntent(shape=Shape.NUMBER, measures=(Measure(aggregate=Aggregate.MAX, column="highest_bid"),)),
            "highest value of highest_bid",
        ),
        (
            QueryIntent(shape=Shape.NUMBER, measures=(Measure(aggregate=Aggregate.MIN, column="Max load"),)),
            "lowest value of Max load",
        ),
        (
            QueryIntent(shape=Shape.NUMBER, measures=(Measure(aggregate=Aggregate.MAX, column="maxim"),)),
            "highest maxim",
        ),
        (
            QueryIntent(
                shape=Shape.RANKING, measures=(Measure(aggregate=Aggregate.MAX, column="highest_bid"),),
                groups=(Group(column="city"),), limit=1,
            ),
            "city with the highest maximum of highest_bid",
        ),
        (
            QueryIntent(
                shape=Shape.RANKING, measures=(Measure(aggregate=Aggregate.VALUE, column="highest_bid"),),
                key="lot", limit=2,
            ),
            "2 lot with the highest value of highest_bid",
        ),
    ],
)  # fmt: skip
def test_a_reading_is_short(intent: QueryIntent, words: str) -> None:
    assert describe(intent, CARD) == words
