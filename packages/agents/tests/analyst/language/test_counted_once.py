"""`how many` counts things that come back once, and what the file is called by row by row."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

CITIES = ["Ebb", "Fenwick", "Grole"]
NAMES = ["Ada Holm", "Bo Reyes", "Cy Lund", "Di Marsh", "Ed Vane"]


def medals(title: str, names: Sequence[str]) -> Asked:
    """One row a race; no column names it."""
    rows: list[list[Value]] = [
        [f"R{n:02}", CITIES[n * 5 % 11 % 3], ["Halm", "Orrin", "Tessel"][n % 3], NAMES[n * 3 % 13 % 5],
         ["fog", "sun", "hail"][n % 5 % 3], f"N{n * 4 // 5}", 0.5 + n * 7 % 23]
        for n in range(60)
    ]  # fmt: skip
    return asked(title, names, rows)


@pytest.fixture(scope="module")
def relays() -> Iterator[Asked]:
    """One row a race in a file of notes; most have a note of their own."""
    names = ["race_ref", "city", "supplier", "runner", "weather", "note", "minutes"]
    with closing(medals("relay_notes", names)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many cities", "SELECT 3"),
        ("how many suppliers", "SELECT 3"),
        ("how many runners in fog", "SELECT count(DISTINCT runner) FROM data WHERE weather='fog'"),
        ("how many notes", "SELECT 60"),
        ("how many notes in Ebb", "SELECT count(*) FROM data WHERE city='Ebb'"),
        ("how many different notes", "SELECT 48"),
        ("how many different weathers", "SELECT 3"),
    ],
)
def test_things_are_counted_once_and_what_the_file_is_called_by_rows(
    relays: Asked, question: str, statement: str
) -> None:
    assert relays.agrees(question, statement)


def test_how_many_of_what_happened_is_not_guessed_at(relays: Asked) -> None:
    assert relays.intent("how many weathers") is None
