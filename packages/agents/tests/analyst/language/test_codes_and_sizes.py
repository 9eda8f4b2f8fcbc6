"""Words that a code in parentheses explains, and words for the size of what is a size anyway."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases

GEESE = {
    "SELECT count(*) FROM data WHERE kind='GL'": (
        "how many greylags (GL) are there",
        "how many of the geese were greylags (GL)",
        "how many grey-lag geese (GL) are there",
    ),
    "SELECT avg(wing) FROM data WHERE sex='F'": (
        "average wing of the females (F)",
        "average wing of ganders' mates (F)",
        "mean wing length of geese with sex F",
    ),
    "SELECT 'F', avg(wing) FILTER (sex='F') FROM data UNION ALL SELECT 'M', avg(wing) FILTER (sex='M') FROM data": (
        "compare the average wing of females (F) and males (M)",
    ),
    "SELECT count(*) FILTER (kind='GL')::DOUBLE / count(*) FILTER (kind='BN') FROM data": (
        "ratio of greylags (GL) to barnacles (BN)",
    ),
    "SELECT DISTINCT ring FROM data ORDER BY 1": (
        "which ring sizes are there",
        "which sizes of ring are there",
    ),
    "SELECT kind, count(*) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1": (
        "of which kind were the most geese caught",
        "of which kind were the most geese captured",
    ),
    "SELECT count(*) FROM data WHERE ring=13": (
        "good morning, how many geese have ring 13",
        "would you be so kind as to tell me how many geese have ring 13",
        "how many geese have ring 13, thanks in advance",
    ),
    "SELECT max(wing) FROM data": ("largest wing length", "highest wing length", "highest wing measurement"),
    "SELECT sum(feed_litres) FROM data": ("total litres of feed", "total amount of feed"),
    "SELECT kind, avg(feed_litres) FROM data GROUP BY 1 ORDER BY 1": ("average amount of feed by kind",),
}


@pytest.fixture(scope="module")
def geese() -> Iterator[Asked]:
    """One row a goose; `kind` and `sex` hold codes, one of two tails is not the other."""
    rows: list[list[Value]] = [
        [
            n, ["GL", "BN", "PF"][n * 7 % 11 % 4 % 3], "MF"[n * 3 % 7 % 2], 30.5 + n * 13 % 17, 10 + n * 5 % 7,
            8 + n * 3 % 5, n % 4 * 3 + 10, round(1.5 + n * 7 % 19 / 4, 2), ["Kell", "Loss"][n * 3 % 5 % 2],
        ]
        for n in range(90)
    ]  # fmt: skip
    names = ["goose_id", "kind", "sex", "wing", "tail", "tail_fan", "ring", "feed_litres", "site"]
    with closing(asked("geese", names, rows)) as made:
        yield made


@pytest.mark.parametrize(("question", "statement"), cases(GEESE))
def test_a_code_explains_the_word_before_it_and_a_size_is_the_column(
    geese: Asked, question: str, statement: str
) -> None:
    assert geese.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    [
        "how many injured geese (GL) are there",  # nothing says who was injured
        "how many greylags are there",
        "how many greylags (feral) are there",
        "average tail length",  # of two tails
        "average kind size",
        "what size is it",
    ],
)
def test_what_nothing_explains_is_declined(geese: Asked, question: str) -> None:
    assert geese.intent(question) is None
