"""Turns of phrase and words passed over: `in their forties`, `made a loss`, `everything but`, `hi, …`."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

from sapwood_agents.analyst.intent import Aggregate, Shape

PARISHES = ["Ebb", "Grole", "Mill"]
STATES = ["HI", "OR", "ME", "IN", "OH", "TX", "OK"]
DECADES = [("twenties", 20), ("thirties", 30), ("forties", 40), ("fifties", 50), ("sixties", 60), ("seventies", 70),
           ("eighties", 80), ("nineties", 90)]  # fmt: skip


def spread(n: int, step: int, size: int, low: int = 1) -> int:
    """A number of row `n`, from `low` to below `low + size`."""
    return low + n * step % size


def parish(n: int) -> str:
    """Where row `n` is; each parish has another number of rows."""
    return PARISHES[n * 7 % 11 % 3]


def beacons(*places: str) -> Asked:
    """One row a beacon; `places` are its columns of where it stands."""
    rows: list[list[Value]] = [
        [f"Beacon {n:02}", parish(n), spread(n, 7, 31),
         *(spread(n, 37 + 2 * at, 83, -40) + n / 100 for at, _ in enumerate(places))]
        for n in range(60)
    ]  # fmt: skip
    return asked("beacons", ["beacon", "coast", "height_m", *places], rows)


def sailors(column: str, values: Sequence[Value]) -> Asked:
    """One row a sailor."""
    rows: list[list[Value]] = [
        [100 + n, parish(n), spread(n, 7, 31), values[n * 13 % len(values)]] for n in range(100)
    ]
    return asked("sailors", ["badge", "port", "knots", column], rows)


def ferries(**profits: int) -> Asked:
    """One row a ferry; `profits` are columns with the lowest that each has."""
    rows: list[list[Value]] = [
        [f"Ferry {n:02}", ["Holm", "Lund", "Vane"][n * 7 % 11 % 3], spread(n, 5, 7),
         *(spread(n, 37, 211, low) for low in profits.values())]
        for n in range(60)
    ]  # fmt: skip
    return asked("ferries", ["ferry", "captain", "crew", *profits], rows)


@pytest.fixture(scope="module")
def lids() -> Iterator[Asked]:
    """One row a lid; of each glaze there are 3 to 21."""
    glazes = ["ash", "celadon", "tin", "slip", "salt"]
    rows: list[list[Value]] = [
        [100 + n, glazes[n * n % 23 % 5], ["East", "West", "North"][n * 7 % 11 % 3], spread(n, 37, 31)]
        for n in range(60)
    ]
    with closing(asked("lids", ["lid_no", "glaze", "kiln", "width_cm"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def suppers() -> Iterator[Asked]:
    """One row a supper, several a hall."""
    rows: list[list[Value]] = [[f"S{n:02}", parish(n), spread(n, 37, 41)] for n in range(60)]
    with closing(asked("suppers", ["supper_ref", "hall", "n_guests"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def wells() -> Iterator[Asked]:
    """One row a well."""
    rows: list[list[Value]] = [
        [100 + n, parish(n), spread(n, 37, 41) + n / 100, spread(n, 13, 97, 20)] for n in range(60)
    ]
    with closing(asked("wells", ["well_no", "parish", "salt", "depth_m"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def inns() -> Iterator[Asked]:
    """One row an inn, in states said by codes that are words too."""
    rows: list[list[Value]] = [
        [f"Inn {n:02}", STATES[n * n % 23 % 7], spread(n, 37, 41), spread(n, 13, 97, 20)] for n in range(60)
    ]
    with closing(asked("inns", ["inn", "state", "beds", "fee_usd"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def looms() -> Iterator[Asked]:
    """One row a loom; a mark is called as rows are."""
    marks = ["ROW", "COL", "DIA"]
    rows: list[list[Value]] = [[100 + n, marks[n * 7 % 11 % 3], spread(n, 37, 41)] for n in range(60)]
    with closing(asked("looms", ["loom_no", "mark", "knots"], rows)) as made:
        yield made


@pytest.mark.parametrize(("side", "sign"), [("south", "<"), ("north", ">")])
@pytest.mark.parametrize("column", ["latitude", "latitude_deg"])
def test_a_side_of_the_equator_is_a_latitude_below_or_above_0(column: str, side: str, sign: str) -> None:
    with closing(beacons(column)) as made:
        for verb in ("are", "lie"):
            counted = f"SELECT count(*) FROM data WHERE {column} {sign} 0"
            assert made.agrees(f"how many beacons {verb} {side} of the equator", counted)
        mean = f"SELECT avg(height_m) FROM data WHERE {column} {sign} 0"
        assert made.agrees(f"average height of beacons {side} of the equator", mean)
        assert made.intent(f"how many beacons are {side} of Ebb") is None


@pytest.mark.parametrize("side", ["south", "north"])
def test_without_latitudes_there_is_no_side_of_the_equator(side: str) -> None:
    with closing(beacons()) as made:
        assert made.intent(f"how many beacons are {side} of the equator") is None
        assert made.agrees("how many beacons in Ebb", "SELECT count(*) FROM data WHERE coast='Ebb'")


@pytest.mark.parametrize(("decade", "low"), DECADES)
def test_in_their_forties_is_an_age_between_40_and_49(decade: str, low: int) -> None:
    where = f"WHERE age BETWEEN {low} AND {low + 9}"
    with closing(sailors("age", range(20, 100))) as made:
        assert made.agrees(f"how many sailors are in their {decade}", f"SELECT count(*) FROM data {where}")
        mean = f"SELECT avg(knots) FROM data {where}"
        assert made.agrees(f"average knots of sailors in their {decade}", mean)


@pytest.mark.parametrize(
    ("column", "values"),
    [("years_at_sea", range(20, 100)), ("age_group", ["20 to 39", "40 to 49", "over 50"])],
)
def test_without_numbers_of_ages_nobody_is_in_their_forties(column: str, values: Sequence[Value]) -> None:
    with closing(sailors(column, values)) as made:
        assert made.intent("how many sailors are in their forties") is None
        assert made.agrees("how many sailors in Ebb", "SELECT count(*) FROM data WHERE port='Ebb'")


@pytest.mark.parametrize("loss", ["made a loss", "lost money", "made losses", "make a loss", "lose money"])
def test_rows_that_made_a_loss_have_a_profit_below_0(loss: str) -> None:
    with closing(ferries(profit_eur=-60)) as made:
        counted = "SELECT count(*) FROM data WHERE profit_eur < 0"
        assert made.agrees(f"how many ferries {loss}", counted)
        assert made.agrees("how many ferries have a profit below 0", counted)


@pytest.mark.parametrize("loss", ["made a loss", "lost money"])
def test_a_loss_of_others_than_the_rows_is_not_the_profit_of_a_row(loss: str) -> None:
    with closing(ferries(profit_eur=-60)) as made:
        for other in ("how many captains", "how many Holm", "average crew"):
            assert made.intent(f"{other} {loss}") is None
        counted = "SELECT count(*) FROM data WHERE captain='Holm' AND profit_eur < 0"
        assert made.agrees("how many ferries with captain Holm have a profit below 0", counted)


@pytest.mark.parametrize(
    "profits", [{"profit_eur": 5}, {"profit_eur": -60, "net_profit": -90}, {"weight_t": -60}]
)
@pytest.mark.parametrize("loss", ["made a loss", "lost money"])
def test_losses_are_of_the_only_profit_with_negatives(profits: dict[str, int], loss: str) -> None:
    with closing(ferries(**profits)) as made:
        assert made.intent(f"how many ferries {loss}") is None
        assert made.agrees("how many ferries are there", "SELECT 60")


@pytest.mark.parametrize("but", ["but", "except"])
def test_everything_but_a_kind_are_the_rows_except_it(lids: Asked, but: str) -> None:
    mean = "SELECT avg(width_cm) FROM data WHERE glaze <> 'celadon'"
    assert lids.agrees(f"average width of everything {but} celadon", mean)
    assert lids.agrees(f"everything {but} celadon", "SELECT count(*) FROM data WHERE glaze <> 'celadon'")
    assert lids.intent(f"average width of everything {but} pewter") is None
    assert lids.agrees("average width of everything", "SELECT avg(width_cm) FROM data")


@pytest.mark.parametrize("verb", ["appear", "occur"])
@pytest.mark.parametrize(
    ("times", "sign", "number"),
    [("more than 3 times", ">", 3), ("more than 10 times", ">", 10), ("10 times or more", ">=", 10),
     ("at least 10 times", ">=", 10)],
)  # fmt: skip
def test_kinds_that_appear_so_often_are_counted_by_rows(
    lids: Asked, verb: str, times: str, sign: str, number: int
) -> None:
    question = f"which glazes {verb} {times}"
    intent = lids.intent(question)
    kept = f"SELECT glaze, count(*) FROM data GROUP BY 1 HAVING count(*) {sign} {number}"

    assert intent is not None
    assert intent.having is not None
    assert intent.shape is Shape.RANKING
    assert (intent.measures[0].aggregate, intent.having.value) == (Aggregate.COUNT, number)
    assert sorted(map(str, lids.run(intent))) == sorted(map(str, lids.sql(kept)))


@pytest.mark.parametrize(
    "question",
    ["the highest number of guests at one supper", "what is the highest number of guests at one supper?",
     "what was the most guests in one supper"],
)  # fmt: skip
def test_the_most_at_one_row_is_a_maximum(suppers: Asked, question: str) -> None:
    assert suppers.agrees(question, "SELECT max(n_guests) FROM data")


@pytest.mark.parametrize(
    "question",
    ["the most guests in one hall", "highest guests in one hall", "the highest number of guests at one hall"],
)
def test_the_most_in_one_of_what_has_many_rows_is_left_open(suppers: Asked, question: str) -> None:
    assert suppers.intent(question) is None
    assert suppers.agrees("the highest number of guests", "SELECT max(n_guests) FROM data")


@pytest.mark.parametrize("word", ["figure", "content", "reading", "readings", "measurements"])
def test_what_a_column_holds_is_not_said_by_another_word_after_its_name(wells: Asked, word: str) -> None:
    assert wells.agrees(f"average salt {word}", "SELECT avg(salt) FROM data")
    assert wells.agrees(f"average salt {word} in Ebb", "SELECT avg(salt) FROM data WHERE parish='Ebb'")
    assert wells.intent(f"average {word}") is None


@pytest.mark.parametrize("mean", ["average", "mean", "median"])
def test_what_beats_the_average_is_above_it(wells: Asked, mean: str) -> None:
    above = f"depth_m > (SELECT {'median' if mean == 'median' else 'avg'}(depth_m) FROM data)"
    counted = f"SELECT count(*) FROM data WHERE {above}"
    assert wells.agrees(f"how many wells beat the {mean} depth", counted)
    assert wells.intent("how many wells beat Ebb") is None


@pytest.mark.parametrize("said", ["meny wells have", "many wells wiht", "many wells hav"])
def test_short_words_spelled_wrongly_are_mended(wells: Asked, said: str) -> None:
    assert wells.agrees(f"how {said} a depth above 50", "SELECT count(*) FROM data WHERE depth_m > 50")


def test_ppl_are_people_where_the_rows_are() -> None:
    rows: list[list[Value]] = [[100 + n, parish(n), spread(n, 7, 31)] for n in range(60)]
    with closing(asked("members", ["badge", "parish", "knots"], rows)) as members:
        assert members.agrees("how many ppl in Ebb", "SELECT count(*) FROM data WHERE parish='Ebb'")
    with closing(beacons()) as others:
        assert others.intent("how many ppl") is None


@pytest.mark.parametrize("greeting", ["hi,", "hi", "Hi,", "hey", "hey,", "hello,"])
def test_a_greeting_is_passed_over_where_a_code_is_spelled_so(inns: Asked, greeting: str) -> None:
    assert inns.agrees(f"{greeting} how many inns are there", "SELECT 60")
    assert inns.agrees(f"{greeting} average beds in TX", "SELECT avg(beds) FROM data WHERE state='TX'")


def test_a_code_that_greets_is_meant_where_it_is_typed_as_the_table_has_it(inns: Asked) -> None:
    mean = "SELECT avg(beds) FROM data WHERE state="
    assert inns.agrees("average beds in HI", f"{mean}'HI'")
    assert inns.agrees("hi, average beds in HI", f"{mean}'HI'")
    assert inns.intent("average beds in hi") is None
    assert inns.agrees("average beds in tx", f"{mean}'TX'")


@pytest.mark.parametrize("question", ["how many rows", "how many rows are there", "how many records"])
def test_rows_are_no_code_that_is_called_so(looms: Asked, question: str) -> None:
    assert looms.agrees(question, "SELECT 60")
    assert looms.agrees("average knots for rows", "SELECT avg(knots) FROM data")


def test_a_code_called_as_rows_are_is_meant_where_it_is_typed_so(looms: Asked) -> None:
    counted = "SELECT count(*) FROM data WHERE mark="
    assert looms.agrees("how many looms are marked ROW", f"{counted}'ROW'")
    assert looms.agrees("average knots of ROW", "SELECT avg(knots) FROM data WHERE mark='ROW'")
    assert looms.agrees("average knots of col", "SELECT avg(knots) FROM data WHERE mark='COL'")


def test_money_after_the_name_of_a_column_says_nothing(inns: Asked) -> None:
    assert inns.agrees("average fee money", "SELECT avg(fee_usd) FROM data")
    assert inns.agrees("highest fee money in TX", "SELECT max(fee_usd) FROM data WHERE state='TX'")
    assert inns.agrees("total money", "SELECT sum(fee_usd) FROM data")


@pytest.mark.parametrize("far", ["furthest", "farthest"])
@pytest.mark.parametrize(
    ("side", "column", "end"),
    [("north", "latitude", "max"), ("south", "latitude", "min"), ("east", "longitude", "max"),
     ("west", "longitude", "min")],
)  # fmt: skip
def test_the_furthest_to_a_side_is_told_by_degrees(far: str, side: str, column: str, end: str) -> None:
    best = f"SELECT beacon, {column} FROM data WHERE {column} = (SELECT {end}({column}) FROM data)"
    with closing(beacons("latitude", "longitude")) as made:
        assert made.agrees(f"which beacon is {far} {side}", best)
        assert made.agrees(f"which beacon is the {far} {side}", best)
    with closing(beacons("distance_km")) as other:
        assert other.intent(f"which beacon is {far} {side}") is None
        assert other.intent(f"which beacon is the {far}") is not None


@pytest.mark.parametrize(
    "question",
    ["may i ask what the average height is", "is it possible to see the average height", "please to show the average height",
     "if possible the average height", "average height if possible"],
)  # fmt: skip
def test_what_is_said_to_be_polite_is_passed_over(question: str) -> None:
    with closing(beacons()) as made:
        assert made.agrees(question, "SELECT avg(height_m) FROM data")
