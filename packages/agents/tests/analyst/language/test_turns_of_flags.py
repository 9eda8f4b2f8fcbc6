"""What is said of a yes/no column in another word than its name: `died` where a column is `survived`."""

from collections.abc import Sequence
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


def drovers(flag: str, kinds: Sequence[Value] = (0, 1), **more: Sequence[Value]) -> Asked:
    """One row a drover; a quarter has the second of the `kinds`, the columns of `more` go round."""
    rows: list[list[Value]] = [
        [100 + n, ["Ebb", "Grole", "Mill"][n * 7 % 11 % 3], kinds[n % 4 == 0], 1 + n * 37 % 41,
         *(values[n % len(values)] for values in more.values())]
        for n in range(60)
    ]  # fmt: skip
    return asked("drovers", ["badge", "parish", flag, "knots", *more], rows)


SAID = [
    *((word, "survived", 0) for word in ("died", "perished", "drowned")),
    *((word, "survived", 1) for word in ("lived", "are alive")),
    ("failed", "passed", 0),
    *((f"were {word}", "approved", 0) for word in ("rejected", "refused", "declined")),
    ("stayed", "churned", 0),
    *((word, "churned", 1) for word in ("left", "quit")),
]
"""What is said, of which column, and which of its values it stands for."""


@pytest.mark.parametrize(("word", "flag", "value"), SAID)
def test_another_word_than_its_name_stands_for_a_yes_or_a_no(word: str, flag: str, value: int) -> None:
    counted = f"SELECT count(*) FROM data WHERE {flag}={value}"
    with closing(drovers(flag)) as made:
        assert made.agrees(f"how many drovers {word}", counted)
        assert made.agrees(f"how many drovers in Ebb {word}", f"{counted} AND parish='Ebb'")
        mean = f"SELECT avg(knots) FROM data WHERE {flag}={value}"
        assert made.agrees(f"average knots of drovers who {word}", mean)


@pytest.mark.parametrize("kinds", [("no", "yes"), (False, True)])
def test_yes_and_no_may_be_spelled_in_other_ways(kinds: Sequence[Value]) -> None:
    with closing(drovers("survived", kinds)) as made:
        assert made.agrees("how many drovers died", "SELECT 45")
        assert made.agrees("how many drovers lived", "SELECT 15")


@pytest.mark.parametrize("word", ["died", "perished", "failed", "were rejected", "left"])
def test_of_another_column_they_say_nothing(word: str) -> None:
    with closing(drovers("salted")) as made:
        assert made.intent(f"how many drovers {word}") is None
        assert made.agrees("how many drovers are salted", "SELECT 15")


@pytest.mark.parametrize("word", ["died", "failed"])
@pytest.mark.parametrize("flag", ["survived", "passed"])
def test_numbers_that_are_no_yes_or_no_are_not_spoken_of(flag: str, word: str) -> None:
    with closing(drovers(flag, (3, 8))) as made:
        assert made.intent(f"how many drovers {word}") is None
        assert made.agrees("average knots", "SELECT avg(knots) FROM data")


@pytest.mark.parametrize(
    ("question", "flag"),
    [
        ("how many drovers survived or died", "survived"),
        ("of those who survived how many died", "survived"),
        ("average knots of survived and died drovers", "survived"),
        ("share of died by survived", "survived"),
        ("how many drovers passed or failed", "passed"),
        ("average knots of passed and failed", "passed"),
    ],
)
def test_beside_the_name_of_the_column_the_other_word_is_no_condition(question: str, flag: str) -> None:
    with closing(drovers(flag)) as made:
        assert made.intent(question) is None
        assert made.agrees(f"how many drovers {flag}", "SELECT 15")


@pytest.mark.parametrize(
    ("word", "flag", "column", "values"),
    [
        ("died", "survived", "fate", ["died", "fled", "drowned"]),
        ("were rejected", "approved", "ruling", ["rejected", "heard", "held"]),
        ("stayed", "churned", "outcome", ["stayed", "moved", "wed"]),
    ],
)
def test_a_value_of_the_table_is_meant_before_the_no_of_a_column(
    word: str, flag: str, column: str, values: list[Value]
) -> None:
    with closing(drovers(flag, **{column: values})) as made:
        counted = f"SELECT count(*) FROM data WHERE {column}='{values[0]}'"
        assert made.agrees(f"how many drovers {word}", counted)
        assert made.agrees(f"how many drovers are not {flag}", "SELECT 45")


@pytest.mark.parametrize(
    ("word", "flag", "column"),
    [("failed", "passed", "failed"), ("left", "churned", "left"), ("were refused", "approved", "refused")],
)
def test_a_column_called_so_is_meant_before_the_no_of_another(word: str, flag: str, column: str) -> None:
    with closing(drovers(flag, **{column: [0, 0, 1, 0, 1]})) as made:
        assert made.agrees(f"how many drovers {word}", f'SELECT count(*) FROM data WHERE "{column}"=1')


@pytest.mark.parametrize(
    ("flag", "column", "word"), [("passed", "failed", "failed"), ("survived", "died_on", "died")]
)
def test_numbers_called_so_leave_it_open(flag: str, column: str, word: str) -> None:
    with closing(drovers(flag, **{column: [1, 2, 3, 4, 5]})) as made:
        assert made.intent(f"how many drovers {word}") is None
        assert made.agrees(f"how many drovers {flag}", "SELECT 15")
