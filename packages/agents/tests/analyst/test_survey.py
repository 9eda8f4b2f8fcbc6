from dataclasses import replace

import pytest
from packages.agents.tests.analyst.house import WORKSPACE, House

from sapwood_agents.analyst import survey as survey_module
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.survey import dump_card, load_card, survey
from sapwood_storage.tabular.model import Column, ColumnType

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_card_holds_ranges_missing_values_and_the_values_of_text(house: House, shop: Dataset) -> None:
    card = await survey(house.tables, WORKSPACE, shop)
    city, price, sold = card.by_name["City"], card.by_name['the "price"'], card.by_name["sold on"]

    assert (card.title, card.rows) == ("shop", 8)
    assert (city.nulls, city.distinct, city.values, city.enumerated) == (1, 3, ("Lima", "Oslo", "Rome"), True)
    assert (price.nulls, price.distinct, price.low, price.high) == (1, 6, 2.0, 9.0)
    assert (sold.low, sold.high, sold.enumerated) == ("2024-01-05", "2025-05-05", False)
    assert card.is_unique(card.by_name["order id"])
    assert not card.is_unique(price)


async def test_a_card_survives_the_cache(house: House, shop: Dataset) -> None:
    card = await survey(house.tables, WORKSPACE, replace(shop, units={'the "price"': "€"}))

    assert load_card(dump_card(card)) == card
    assert [column.name for column in card.columns if column.unit == "€"] == ['the "price"']


async def test_a_large_table_is_sketched_and_its_keys_are_proved(
    house: House, shop: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = await survey(house.tables, WORKSPACE, shop)
    monkeypatch.setattr(survey_module, "EXACT_ROWS", 4)
    before = len(house.tables.asked)

    card = await survey(house.tables, WORKSPACE, shop)

    assert "approx_count_distinct" in house.tables.asked[before].lower()
    unique = [column.name for column in card.columns if card.is_unique(column)]
    assert unique == [column.name for column in exact.columns if exact.is_unique(column)]
    assert card.by_name["City"].values == exact.by_name["City"].values


async def test_a_table_without_rows_or_columns_is_not_read(house: House) -> None:
    column = Column("price", ColumnType.NUMBER)
    before = len(house.tables.asked)

    empty = await survey(house.tables, WORKSPACE, Dataset("dv_" + "0" * 40, "empty", (column,), 0))

    assert [entry.name for entry in empty.columns] == ["price"]
    assert len(house.tables.asked) == before


async def test_a_table_without_text_is_looked_at_once(house: House) -> None:
    table = await house.read("numbers.csv", "a,b\n1,2\n3,4\n")
    before = len(house.tables.asked)

    await survey(house.tables, WORKSPACE, table)

    assert len(house.tables.asked) - before == 1


async def test_a_wide_table_is_looked_at_in_turns(house: House) -> None:
    names = [f"t{number}" for number in range(100)]
    rows = "\n".join(",".join(f"v{row}_{column % 3}" for column in range(100)) for row in range(50))
    table = await house.read("wide.csv", f"{','.join(names)}\n{rows}\n")
    before = len(house.tables.asked)

    card = await survey(house.tables, WORKSPACE, table)

    assert [column.name for column in card.columns] == names
    assert {column.distinct for column in card.columns} == {50}
    assert card.by_name["t99"].values[0] == "v0_0"
    assert max(asked.lower().count("count(distinct") for asked in house.tables.asked[before:]) <= 24


async def test_texts_and_numbers_that_stand_for_dates_are_told(house: House) -> None:
    lines = ["month,date,batch_date,crates"]
    lines += [f"2021-{n:02},202101{n:02},202102{n * 5:02},{200000 + n}" for n in range(1, 10)]
    table = await house.read("harvest.csv", "\n".join(lines) + "\n")

    card = await survey(house.tables, WORKSPACE, table)
    month, day = card.by_name["month"], card.by_name["date"]

    assert (month.type, month.is_time, month.low, month.high) == (
        ColumnType.TEXT,
        True,
        "2021-01-01",
        "2021-09-01",
    )
    assert (day.is_time, day.is_number, day.low, day.high) == (True, False, "2021-01-01", "2021-01-09")
    assert not card.by_name["batch_date"].is_time, "there is no 45th of February"
    assert card.by_name["batch_date"].low == 20210205
    assert not card.by_name["crates"].is_time
    assert load_card(dump_card(card)) == card


async def test_whole_numbers_written_with_a_point_are_whole(house: House) -> None:
    table = await house.read("parcels.csv", "zip,weight,rate\n10115.0,1.0,1.5\n,,2\n10117.0,3.0,2.5\n")

    card = await survey(house.tables, WORKSPACE, table)

    assert [column.type for column in table.columns] == [ColumnType.NUMBER] * 3
    assert [column.type for column in card.columns] == [ColumnType.INTEGER] * 2 + [ColumnType.NUMBER]
    assert (card.by_name["zip"].low, card.by_name["zip"].high) == (10115, 10117)


async def test_numbers_too_large_to_tell_apart_stay_as_they_are(house: House) -> None:
    table = await house.read("stars.csv", "mass,age\n1e300,1.0\n2e301,inf\n")

    card = await survey(house.tables, WORKSPACE, table)

    assert [column.type for column in card.columns] == [ColumnType.NUMBER] * 2
