"""Words of grammar that are a value where they stand: `the phase is unknown`, `yearly invoices`, `quantity out`."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

START = dt.date(2022, 1, 3)
CODES = ("IN", "OUT", "UP", "AB", "CD", "EF", "GH", "JK", "LM", "NP", "QR", "ST", "UV", "WX")


@pytest.fixture(scope="module")
def pots() -> Iterator[Asked]:
    """One row a pot; its phase, month and kind are words that the grammar knows too."""
    rows: list[list[Value]] = [
        [f"P{n:03}", ["unknown", "waxing", "waning", "full"][n * 7 % 11 % 4],
         ["May", "June", "March", "April"][n * 5 % 13 % 4], ["display", "storage", "hire"][n * 3 % 7 % 3],
         1 + n * 37 % 211]
        for n in range(80)
    ]  # fmt: skip
    with closing(asked("kiln_pots", ["pot_ref", "phase", "fired_month", "kind", "glazes"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def lots() -> Iterator[Asked]:
    """One row a lot of lids, from states whose codes are small words."""
    rows: list[list[Value]] = [
        [f"L{n:03}", ["IN", "OH", "OR", "ME"][n * 7 % 11 % 4], 1 + n * 37 % 211] for n in range(80)
    ]
    with closing(asked("lid_lots", ["lot_ref", "state", "lids"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def invoices() -> Iterator[Asked]:
    """One row an invoice, with how often it comes and no date."""
    rows: list[list[Value]] = [
        [f"I{n:03}", ["yearly", "monthly", "weekly"][n * 7 % 11 % 3], 10.5 + n * 37 % 211] for n in range(80)
    ]
    with closing(asked("kiln_invoices", ["invoice_ref", "cadence", "amount"], rows)) as made:
        yield made


def moves(sides: tuple[str, ...]) -> Asked:
    """One row a move of a store; `sides` are the kinds of it."""
    rows: list[list[Value]] = [
        [f"M{n:03}", ["churn", "pail", "sieve"][n * 3 % 7 % 3], sides[n * 5 % 17 % len(sides)], 1 + n * 37 % 83,
         START + dt.timedelta(days=9 * n)]
        for n in range(170)
    ]  # fmt: skip
    return asked("store_moves", ["move_ref", "item", "way", "quantity", "moved_on"], rows)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many pots where the phase is unknown", "SELECT count(*) FROM data WHERE phase='unknown'"),
        ("average glazes where the phase is unknown", "SELECT avg(glazes) FROM data WHERE phase='unknown'"),
        ("how many pots where the fired month is May", "SELECT count(*) FROM data WHERE fired_month='May'"),
        ("total glazes where kind is display", "SELECT sum(glazes) FROM data WHERE kind='display'"),
        ("how many pots with kind = display", "SELECT count(*) FROM data WHERE kind='display'"),
        ("how many pots where the phase is waxing", "SELECT count(*) FROM data WHERE phase='waxing'"),
    ],
)
def test_a_word_of_grammar_is_a_value_of_the_column_just_named(
    pots: Asked, question: str, statement: str
) -> None:
    assert pots.agrees(question, statement)


def test_the_same_word_in_another_place_is_no_value(pots: Asked) -> None:
    assert pots.agrees(
        "display total glazes by kind", "SELECT kind, sum(glazes) FROM data GROUP BY 1 ORDER BY 1"
    )


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many lots where the state is IN", "SELECT count(*) FROM data WHERE state='IN'"),
        ("how many lots are in the state OR", "SELECT count(*) FROM data WHERE state='OR'"),
        ("total lids where state is ME", "SELECT sum(lids) FROM data WHERE state='ME'"),
    ],
)
def test_a_code_is_a_value_as_the_table_spells_it(lots: Asked, question: str, statement: str) -> None:
    assert lots.agrees(question, statement)


@pytest.mark.parametrize("code", ["or", "me"])
def test_a_code_in_small_letters_is_the_word_of_grammar(lots: Asked, code: str) -> None:
    assert lots.intent(f"how many lots where the state is {code}") is None


def test_states_are_counted_although_one_of_them_is_in(lots: Asked) -> None:
    assert lots.agrees("how many states are in the data", "SELECT count(DISTINCT state) FROM data")
    assert lots.agrees("how many lots are in the data", "SELECT count(*) FROM data")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many yearly invoices", "SELECT count(*) FROM data WHERE cadence='yearly'"),
        ("yearly invoices", "SELECT invoice_ref FROM data WHERE cadence='yearly' ORDER BY 1"),
        ("total amount of yearly invoices", "SELECT sum(amount) FROM data WHERE cadence='yearly'"),
        ("average amount of monthly invoices", "SELECT avg(amount) FROM data WHERE cadence='monthly'"),
        ("how many weekly invoices are there", "SELECT count(*) FROM data WHERE cadence='weekly'"),
    ],
)
def test_how_often_something_comes_is_a_value_before_what_the_rows_are(
    invoices: Asked, question: str, statement: str
) -> None:
    assert invoices.agrees(question, statement)


def test_monthly_permits_are_found_however_the_table_writes_them() -> None:
    rows: list[list[Value]] = [
        [f"R{n:03}", ["Yearly", "Monthly", "Weekly"][n * 7 % 11 % 3], 10.5 + n * 37 % 211] for n in range(80)
    ]
    with closing(asked("ferry_permits", ["permit_ref", "term", "fee"], rows)) as permits:
        assert permits.agrees(
            "average fee of monthly permits", "SELECT avg(fee) FROM data WHERE term='Monthly'"
        )


def test_where_no_column_says_how_often_yearly_is_of_the_date() -> None:
    rows: list[list[Value]] = [
        [f"I{n:03}", START + dt.timedelta(days=9 * n), 10.5 + n * 37 % 211] for n in range(80)
    ]
    with closing(asked("kiln_invoices", ["invoice_ref", "issued_on", "amount"], rows)) as dated:
        wanted = "SELECT date_trunc('year', issued_on)::DATE, count(*) FROM data GROUP BY 1 ORDER BY 1"
        assert dated.agrees("yearly invoices", wanted)


@pytest.mark.parametrize("sides", [("IN", "OUT"), ("in", "out"), CODES[:12]])
@pytest.mark.parametrize("side", ["in", "out"])
def test_a_direction_at_the_end_or_before_a_group_is_a_value(sides: tuple[str, ...], side: str) -> None:
    where = f"WHERE lower(way)='{side}'"
    with closing(moves(sides)) as made:
        assert made.agrees(f"total quantity {side}", f"SELECT sum(quantity) FROM data {where}")
        for group in ("by", "per"):
            wanted = f"SELECT item, sum(quantity) FROM data {where} GROUP BY 1 ORDER BY 1"
            assert made.agrees(f"total quantity {side} {group} item", wanted)


def test_in_before_anything_else_is_no_direction() -> None:
    with closing(moves(("IN", "OUT"))) as made:
        assert made.agrees(
            "total quantity in 2023", "SELECT sum(quantity) FROM data WHERE year(moved_on)=2023"
        )
        assert made.agrees("total quantity in the table", "SELECT sum(quantity) FROM data")
        assert made.agrees(
            "total quantity by item", "SELECT item, sum(quantity) FROM data GROUP BY 1 ORDER BY 1"
        )


def test_among_many_codes_in_is_no_direction() -> None:
    with closing(moves(CODES)) as made:
        by_item = "SELECT item, sum(quantity) FROM data GROUP BY 1 ORDER BY 1"
        assert made.agrees("total quantity in by item", by_item)
        assert made.agrees("total quantity in OUT", "SELECT sum(quantity) FROM data WHERE way='OUT'")


def test_somebody_who_is_called_as_an_operator() -> None:
    rows: list[list[Value]] = [
        [f"T{n:03}", ("Max", "Min", "Ann", "Bea")[n % 4], 10 + n * 7 % 301] for n in range(200)
    ]
    with closing(asked("help_tickets", ["ticket_no", "agent", "minutes"], rows)) as tickets:
        assert tickets.agrees("how many tickets by Max", "SELECT count(*) FROM data WHERE agent = 'Max'")
        assert tickets.agrees("average minutes for Min", "SELECT avg(minutes) FROM data WHERE agent = 'Min'")
        assert tickets.agrees("what is the max minutes", "SELECT max(minutes) FROM data")
        assert tickets.agrees("the Max minutes", "SELECT max(minutes) FROM data")
