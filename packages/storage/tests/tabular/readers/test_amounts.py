"""Numbers that are all written with one sign are numbers, and the sign is their unit."""

from typing import Any

import pytest
from packages.storage.tests.tabular.readers.conftest import Ingest

from sapwood_storage.tabular.model import ColumnType

FILLER = "words that make the file larger than what is read as its own sample"


def column(values: list[str], separator: str = ";") -> str:
    """A file with the values in the column `x`."""
    return f"x{separator}n\n" + "".join(f"{value}{separator}{n}\n" for n, value in enumerate(values))


@pytest.mark.parametrize(
    ("values", "kind", "unit", "read"),
    [
        (["$5", "$ 60", "-$7", "$-8", "$1,234,567"], "integer", "$", [5, 60, -7, -8, 1234567]),
        (["$5", "$1,234.50", "-$0.25", "$.5"], "number", "$", [5.0, 1234.5, -0.25, 0.5]),
        (["€5", "€ 1,234.50"], "number", "€", [5.0, 1234.5]),
        (["5 €", "1,234.50€", "-3 €"], "number", "€", [5.0, 1234.5, -3.0]),
        (["1.234,50 €", "3,00 €", "-12,30 €"], "number", "€", [1234.5, 3.0, -12.3]),
        (["£5", "£70"], "integer", "£", [5, 70]),
        (["¥5", "¥7,000"], "integer", "¥", [5, 7000]),
        (["5%", "7.5 %", "-120%"], "number", "%", [5.0, 7.5, -120.0]),
        (["$5", "", "NA"], "integer", "$", [5, None, None]),
    ],
)
def test_a_sign_on_every_number_is_its_unit(
    ingest: Ingest, values: list[str], kind: str, unit: str, read: list[Any]
) -> None:
    found = ingest(column(values))

    assert found.types["x"] == kind
    assert found.column("x") == read
    assert found.report.reader["units"] == {"x": unit}
    assert f"read as numbers in {unit}; --types can say text" in found.notes


def test_what_has_no_sign_has_no_unit(ingest: Ingest) -> None:
    assert "units" not in ingest(column(["5", "6"])).report.reader


def test_a_few_percentages_that_come_back_are_kinds(ingest: Ingest) -> None:
    found = ingest(column([f"{n % 4 * 10}%" for n in range(200)]))

    assert found.types["x"] == "text"
    assert found.column("x")[:3] == ["0%", "10%", "20%"]


def test_a_person_has_the_last_word(ingest: Ingest) -> None:
    as_text = ingest(column(["$5", "$6"]), types={"x": ColumnType.TEXT})
    as_number = ingest(column([f"{n % 4 * 10}%" for n in range(200)]), types={"x": ColumnType.NUMBER})

    assert (as_text.column("x"), as_text.report.reader.get("units")) == (["$5", "$6"], None)
    assert as_number.column("x")[:3] == [0.0, 10.0, 20.0]
    assert as_number.report.reader["units"] == {"x": "%"}


def test_an_amount_in_another_currency_is_left_out_and_told(ingest: Ingest) -> None:
    found = ingest(column([f"${n % 900}.50" for n in range(3000)] + ["€12.50"]))

    assert found.types["x"] == "number"
    assert (found.report.records, found.report.rows) == (3001, 3000)
    assert [(one["columns"], one["reason"]) for one in found.quarantine] == [(["x"], "not amount in dollars")]


@pytest.mark.parametrize(
    ("late", "kind", "unit"),
    [("$12.50", "number", {"x": "$"}), ("€12", "text", None), ("about $12", "text", None)],
)
def test_a_sample_that_misled_is_read_again(
    ingest: Ingest, late: str, kind: str, unit: dict[str, str] | None
) -> None:
    early = [f"${n % 900};{FILLER}" for n in range(60_000)]

    found = ingest("x;words\n" + "\n".join([*early, *[f"{late};{FILLER}"] * 500]) + "\n")

    assert found.types["x"] == kind
    assert found.report.reader.get("units") == unit
    assert found.report.rows == 60_500
    assert found.column("x")[-1] == (12.5 if kind == "number" else late)


def test_numbers_that_turn_into_amounts_stay_as_they_are_written(ingest: Ingest) -> None:
    early = [f"{n % 900};{FILLER}" for n in range(60_000)]

    found = ingest("x;words\n" + "\n".join([*early, *[f"$12;{FILLER}"] * 500]) + "\n")

    assert found.types["x"] == "text"
    assert found.column("x")[-1] == "$12"
