"""Words that stand for others of the grammar in one table: `where`, `unsafe`, `r`, `year wise`."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

WELLS = {
    "which town has the deepest well": ("where is the deepest well",),
    "which town has the most wells": ("where are the most wells",),
    "how many wells are not safe": ("how many wells are unsafe", "how many unsafe wells are there"),
    "which wells are not safe": ("which wells are unsafe",),
    "how many wells are there": ("how many wells r there",),
    "how many wells are in Cela": ("how many wells r in Cela",),
    "how many wells have more than 5 pumps": ("how many wells have more then 5 pumps",),
    "how many wells are deeper than 40 m": ("how many wells are deeper then 40 m",),
    "how many wells have less than 2 pumps": ("how many wells have less then 2 pumps",),
    "average cost by town": ("town wise average cost", "average cost town wise"),
    "total cost by year": ("year wise total cost",),
    "how many wells are deeper than 50 m": ("wells deeper than 50 m, number",),
}
MEMBERS = {
    "SELECT count(*) FROM data WHERE NOT female": (
        "how many men",
        "how many male members",
        "how many members are male",
        "number of members who are men",
    ),
    "SELECT count(*) FROM data WHERE female": ("how many women", "how many female members"),
    "SELECT region, count(*) FILTER (NOT female)::DOUBLE/count(*) FROM data GROUP BY 1 ORDER BY 1": (
        "share of men by region",
        "what percentage of members are male by region",
    ),
    "SELECT count(*) FROM data WHERE status='single'": ("how many single members", "how many are single"),
    "SELECT region, count(*) FROM data WHERE status='single' GROUP BY 1 ORDER BY 1": (
        "single members by region",
        "how many single members per region",
    ),
    "SELECT count(*) FILTER (churned='Yes')::DOUBLE/count(*) FROM data": (
        "churn rate",
        "what is the churn rate",
    ),
    "SELECT region, count(*) FILTER (churned='Yes')::DOUBLE/count(*) FROM data GROUP BY 1 ORDER BY 1": (
        "churn rate by region",
        "churn rate for each region",
    ),
    "SELECT count(*) FILTER (churned='Yes')::DOUBLE/count(*) FROM data WHERE region='North'": (
        "churn rate in the North",
    ),
}


@pytest.fixture(scope="module")
def wells() -> Iterator[Asked]:
    """One row a well; `safe` is yes or no, `town` is the only place."""
    rows: list[list[Value]] = [
        [
            f"Well {'ABCDEF'[number // 7]}{number}", ["Amara", "Bode", "Cela", "Dunmo"][number % 7 % 4],
            ["yes", "no"][number % 3 == 0], 8 + number * 23 % 83, number * 5 % 9, 1990 + number % 12,
            500 + number * 700 % 5300,
        ]
        for number in range(40)
    ]  # fmt: skip
    columns = ["name", "town", "safe", "depth_m", "pumps", "dug_year", "cost_usd"]
    with closing(asked("wells", columns, rows)) as made:
        yield made


@pytest.fixture(scope="module")
def members() -> Iterator[Asked]:
    """One row a member; only one of the sexes is a yes/no column."""
    rows: list[list[Value]] = [
        [
            number, ["North", "South", "Centre"][number * number % 7 % 3], ["Yes", "No"][number % 4 != 0],
            number % 5 % 3 > 0, ["single", "married"][number % 7 > 2],
        ]
        for number in range(1, 61)
    ]  # fmt: skip
    columns = ["member_id", "region", "churned", "female", "status"]
    with closing(asked("gym_members", columns, rows)) as made:
        yield made


@pytest.fixture(scope="module")
def funds() -> Iterator[Asked]:
    """One row a fund, with a column that an order begins like: `return rate`."""
    rows: list[list[Value]] = [
        [f"F{number:02}", number * 7 % 31 / 10, number * 5 % 23 / 10, ["single", "joint"][number % 3 > 0]]
        for number in range(40)
    ]
    with closing(asked("seed_funds", ["fund", "return_rate", "growth_rate", "holder"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("plain", "reworded"), [(plain, said) for plain, phrasings in WELLS.items() for said in phrasings]
)
def test_a_word_that_stands_for_others_asks_the_same(wells: Asked, plain: str, reworded: str) -> None:
    assert wells.answer(plain) is not None
    assert wells.answer(reworded) == wells.answer(plain)


def test_where_is_not_guessed_at_when_two_columns_say_a_place() -> None:
    rows: list[list[Value]] = [
        [f"K{i}", ["Oslo", "Bonn"][i % 2], ["Norway", "Peru"][i % 2], i] for i in range(9)
    ]
    with closing(asked("kilns", ["kiln", "city", "country", "height_m"], rows)) as kilns:
        assert kilns.intent("which city has the tallest kiln") is not None
        assert kilns.intent("where is the tallest kiln") is None


@pytest.mark.parametrize(("statement", "phrasings"), MEMBERS.items())
def test_a_yes_no_column_answers_for_both_of_its_halves(
    members: Asked, statement: str, phrasings: tuple[str, ...]
) -> None:
    assert [question for question in phrasings if not members.agrees(question, statement)] == []


@pytest.mark.parametrize(
    "question",
    [
        "how many members are both male and female",
        "number of members, both male and female",
        "how many male and female members are there",
        "both male and female members by region",
    ],
)
def test_nobody_is_both_halves_of_a_flag(members: Asked, question: str) -> None:
    assert members.intent(question) is None


@pytest.mark.parametrize(
    "question", ["how many wells are both safe and unsafe", "both safe and unsafe wells by town"]
)
def test_no_row_is_a_thing_and_its_opposite(wells: Asked, question: str) -> None:
    assert wells.intent(question) is None


def test_a_sex_that_the_table_spells_is_no_opposite() -> None:
    rows: list[list[Value]] = [[i, ["Male", "Female", "Unknown"][i % 3]] for i in range(20)]
    with closing(asked("guests", ["guest_id", "gender"], rows)) as guests:
        assert guests.agrees("how many men", "SELECT count(*) FROM data WHERE gender='Male'")
        assert guests.agrees("how many women", "SELECT count(*) FROM data WHERE gender='Female'")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average return rate", "SELECT avg(return_rate) FROM data"),
        ("highest return rate", "SELECT max(return_rate) FROM data"),
        ("return rate of F03", "SELECT return_rate FROM data WHERE fund='F03'"),
        ("return the average growth rate", "SELECT avg(growth_rate) FROM data"),
        ("return all funds with a return rate above 2.5",
         "SELECT fund, return_rate FROM data WHERE return_rate>2.5 ORDER BY 2 DESC, 1"),
        ("how many single funds", "SELECT count(*) FROM data WHERE holder='single'"),
        ("average growth rate of single funds", "SELECT avg(growth_rate) FROM data WHERE holder='single'"),
    ],
)  # fmt: skip
def test_a_word_that_may_be_filler_is_kept_where_the_table_knows_it(
    funds: Asked, question: str, statement: str
) -> None:
    assert funds.agrees(question, statement)


def test_flags_for_both_halves_each_answer_for_themselves() -> None:
    rows: list[list[Value]] = [[i, ["yes", "no"][i % 3 > 0], ["yes", "no"][i % 5 > 2]] for i in range(40)]
    with closing(asked("flowers", ["flower_id", "male", "female"], rows)) as flowers:
        assert flowers.agrees("how many male flowers", "SELECT count(*) FROM data WHERE male='yes'")
        assert flowers.agrees("how many female flowers", "SELECT count(*) FROM data WHERE female='yes'")


def test_the_rate_of_another_thing_is_not_answered_instead() -> None:
    rows: list[list[Value]] = [[f"F{number:02}", number * 5 % 23 / 10] for number in range(40)]
    with closing(asked("seed_funds", ["fund", "rate"], rows)) as funds:
        assert funds.agrees("return the average rate", "SELECT avg(rate) FROM data")
        assert funds.intent("average return rate") is None
        assert funds.intent("highest return rate") is None


def test_a_word_before_the_rows_that_says_which_is_not_dropped(members: Asked) -> None:
    assert members.intent("how many frozen members") is None


def test_a_rate_that_the_table_does_not_have_is_declined(members: Asked) -> None:
    assert members.intent("return rate") is None
    assert members.intent("return rate by region") is None
