"""Questions whose form asks for something else than their words would make: declined; those beside them are answered."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

CITIES = ["Ebb", "Fenwick", "Grole"]
NAMES = ["Ada Holm", "Bo Reyes", "Cy Lund", "Di Marsh", "Ed Vane"]
ISLES = [("Skerry", "North"), ("Holm", "North"), ("Ness", "South"), ("Voe", "South")]


def wares() -> Asked:
    """One row a ware."""
    rows: list[list[Value]] = [
        [f"W{n:02}", ["Brush", "Comb", "Soap", "Towel"][n % 4], ["Halm & Co", "Orrin", "Tessel"][n % 7 % 3],
         CITIES[n * 5 % 11 % 3], ["low", "mid", "high"][n * 3 % 7 % 3], round(2.5 + n * 13 % 37, 2), n * 29 % 83,
         dt.date(2020 + n % 3, 1 + n % 12, 1 + n % 28), n * 3 % 5 == 0, n % 2, None if n % 7 == 0 else 1 + n % 5]
        for n in range(60)
    ]  # fmt: skip
    names = ["ware_id", "ware_kind", "supplier", "city", "shelf", "price_usd", "pieces", "bought_on", "fragile",
             "scented", "stars"]  # fmt: skip
    return asked("bathing_wares", names, rows)


def workers() -> Asked:
    """One row a worker, with years of experience."""
    rows: list[list[Value]] = [
        [f"K{n:02}", ["Loom", "Dye", "Spin"][n % 7 % 3], n * 7 % 23, 1500 + n * 371 % 2900, n % 3 == 0]
        for n in range(40)
    ]
    return asked("mill_workers", ["badge", "hall", "experience", "pay_eur", "trained"], rows)


def parties() -> Asked:
    """One row a party."""
    rows: list[list[Value]] = [
        [name, 10 + n * 17, 1900 + n * 7] for n, name in enumerate(["Reed", "Oak", "Fern", "Moss"])
    ]
    return asked("moot_parties", ["party", "seats", "founded"], rows)


def bags() -> Asked:
    """One row a bag; nearly each has a weight of its own, and one of 131 numbers of stitches."""
    rows: list[list[Value]] = [
        [
            f"Bag{n:03}",
            ["jute", "felt", "cork"][n % 7 % 3],
            200.5 + n * 37 % 211,
            3.25 + n * 13 % 197,
            n * 5 % 131,
        ]
        for n in range(130)
    ]
    return asked("felt_bags", ["bag", "fabric", "weight_g", "price_usd", "stitches"], rows)


def donors(last: str = "total_donations") -> Asked:
    """One row a donor."""
    rows: list[list[Value]] = [
        [f"D{n:02}", ["north", "south"][n % 3 // 2], 1 + n * 7 % 13, 20.5 + n * 91 % 977] for n in range(50)
    ]
    return asked("choir_donors", ["donor", "district", "n_donations", last], rows)


def claims() -> Asked:
    """One row a claim, several an employee."""
    rows: list[list[Value]] = [
        [f"C{n:03}", NAMES[n * 7 % 11 % 5], ["taxi", "meal", "hotel"][n % 7 % 3], 10.5 + n * 37 % 211,
         ["paid", "open"][n % 3 // 2]]
        for n in range(60)
    ]  # fmt: skip
    return asked("travel_claims", ["claim_id", "employee", "purpose", "amount_eur", "status"], rows)


def isles() -> Asked:
    """One row an isle and year."""
    rows: list[list[Value]] = [
        [isle, region, year, 900 + (n * 131 + (year - 1990) * 17) % 401, 1.5 + (n * 7 + year) % 11 * 0.3]
        for n, (isle, region) in enumerate(ISLES)
        for year in range(1990, 2005)
    ]
    return asked("isle_panel", ["isle", "region", "year", "workers", "idle_pct"], rows)


@pytest.fixture(scope="module")
def tables() -> Iterator[dict[str, Asked]]:
    """The tables by what their rows are."""
    makers = (wares, workers, parties, bags, donors, claims, isles)
    with ExitStack() as stack:
        yield {made.__name__: stack.enter_context(closing(made())) for made in makers}


DECLINED = {
    "how many of the top group, and no ranking": (wares, [
        "how many wares are in the top city", "how many wares does the most common supplier have",
        "how many fragile wares are on the top shelf", "how many wares are rated in the top group",
    ]),
    "a list, and no count": (wares, [
        "list the different kinds of fragile wares", "list different kinds of brushes", "list the different",
    ]),
    "the mean of totals, and not a mean and a total": (wares, [
        "mean of yearly totals of pieces", "average total pieces per year", "average of the total pieces",
    ]),
    "in a year, or after it": (wares, [
        "how many wares were bought over 2021", "wares bought over 2021", "total pieces over 2021",
    ]),
    "of a flag or a column that would be left out": (wares, [
        "highest price of any fragile", "highest price of any fragile ware", "highest pieces across all fragile",
        "average price of wares in the city", "how many wares in the low shelf city",
    ]),
    "the highest of yes and no": (wares, [
        "highest scented", "maximum scented by city", "median scented", "standard deviation of scented", "highest fragile",
    ]),
    "neither, and no alternative": (wares, [
        "how many wares have neither stars nor Orrin",
    ]),
    "people with experience, and not their years": (workers, [
        "how many experienced workers", "how many experienced workers in Dye",
    ]),
    "the second by the first": (parties, ["how many times the seats of Oak does Moss have"]),
    "a bag, and no group of those of one weight": (bags, [
        "the weight of the dearest bag", "what weight has the dearest bag", "weight with the highest price",
        "stitches of the most expensive bag",
    ]),
    "how many, or how much": (donors, ["mean donation", "average donations by district", "the highest donation"]),
    "people, and no claims": (claims, ["which people had a taxi", "which people are open"]),
    "what was claimed, and not its id": (claims, ["what was the claim of Ada Holm", "what is the claim from Bo Reyes"]),
    "a rate, and no share of an amount": (isles, [
        "rate of workers in Holm in 1990", "what rate of workers were in North in 1990",
    ]),
}  # fmt: skip
"""What is asked for, and not what the words would make."""


@pytest.mark.parametrize(
    ("table", "question"),
    [
        pytest.param(made.__name__, question, id=f"{meant}: {question}")
        for meant, (made, questions) in DECLINED.items()
        for question in questions
    ],
)
def test_what_the_words_would_make_is_not_what_was_asked(
    tables: dict[str, Asked], table: str, question: str
) -> None:
    assert tables[table].intent(question) is None


@pytest.mark.parametrize(
    ("table", "question", "statement"),
    [
        ("wares", "how many wares are on the high shelf", "SELECT count(*) FROM data WHERE shelf='high'"),
        ("wares", "how many suppliers have more than 17 wares",
         "SELECT count(*) FROM (FROM data SELECT supplier GROUP BY 1 HAVING count(*)>17)"),
        ("wares", "list the different ware kinds", "SELECT DISTINCT ware_kind FROM data ORDER BY 1"),
        ("wares", "list the distinct wares in Ebb", "SELECT ware_id FROM data WHERE city='Ebb' ORDER BY 1"),
        ("wares", "list number of suppliers", "SELECT 3"),
        ("wares", "average and total pieces", "SELECT avg(pieces), sum(pieces) FROM data"),
        ("wares", "how many wares were bought in 2021", "SELECT count(*) FROM data WHERE year(bought_on)=2021"),
        ("wares", "how many wares bought after 2021", "SELECT count(*) FROM data WHERE year(bought_on)>2021"),
        ("wares", "highest price of any supplier", "SELECT max(price_usd) FROM data"),
        ("wares", "highest price of all fragile", "SELECT max(price_usd) FROM data WHERE fragile"),
        ("wares", "share of fragile wares", "SELECT avg(fragile::INT) FROM data"),
        ("wares", "highest pieces by city", "SELECT city, max(pieces) FROM data GROUP BY 1 ORDER BY 1"),
        ("wares", "how many wares are from neither Ebb nor Fenwick",
         "SELECT count(*) FROM data WHERE city NOT IN ('Ebb', 'Fenwick')"),
        ("wares", "how many wares neither from Orrin nor in Ebb",
         "SELECT count(*) FROM data WHERE supplier<>'Orrin' AND city<>'Ebb'"),
        ("wares", "how many wares have neither supplier Orrin nor city Ebb",
         "SELECT count(*) FROM data WHERE supplier<>'Orrin' AND city<>'Ebb'"),
        ("wares", "how many wares are fragile or in Ebb", "SELECT count(*) FROM data WHERE fragile OR city='Ebb'"),
        ("workers", "how many trained workers", "SELECT count(*) FROM data WHERE trained"),
        ("workers", "how many years of experience", "SELECT sum(experience) FROM data"),
        ("parties", "how many times as many seats does Moss have as Oak", "SELECT 61 / 27"),
        ("bags", "the fabric of the dearest bag",
         "SELECT fabric, max(price_usd) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1"),
        ("bags", "which bag is the dearest", "SELECT bag, price_usd FROM data ORDER BY 2 DESC LIMIT 1"),
        ("donors", "average number of donations", "SELECT avg(n_donations) FROM data"),
        ("donors", "average total donations", "SELECT avg(total_donations) FROM data"),
        ("claims", "which employees had a hotel",
         "SELECT DISTINCT employee FROM data WHERE purpose='hotel' ORDER BY 1"),
        ("claims", "which claims of Ada Holm are open",
         "SELECT claim_id FROM data WHERE employee='Ada Holm' AND status='open' ORDER BY 1"),
        ("claims", "what were the claims of Ada Holm",
         "SELECT claim_id FROM data WHERE employee='Ada Holm' ORDER BY 1"),
        ("isles", "idle rate of Holm in 1990", "SELECT idle_pct FROM data WHERE isle='Holm' AND year=1990"),
        ("isles", "share of the workers in Holm in 1990",
         "SELECT sum(workers) FILTER (isle='Holm')::DOUBLE/sum(workers) FROM data WHERE year=1990"),
    ],
)  # fmt: skip
def test_a_question_near_to_one_that_is_declined_is_answered(
    tables: dict[str, Asked], table: str, question: str, statement: str
) -> None:
    assert tables[table].agrees(question, statement)


def test_a_mean_donation_is_not_how_many_there_are() -> None:
    with closing(donors("age")) as made:
        assert made.intent("mean donation") is None
        assert made.agrees("mean number of donations", "SELECT avg(n_donations) FROM data")


def workers_in(year: int, isle: str = "Holm") -> str:
    """SQL of the workers of one isle in one year."""
    return f"(SELECT workers FROM data WHERE isle='{isle}' AND year={year})"


@pytest.mark.parametrize(
    ("verb", "sign"),
    [("rise", 1), ("increase", 1), ("grow", 1), ("go up", 1), ("fall", -1), ("drop", -1), ("decrease", -1)],
)
@pytest.mark.parametrize("times", ["from 1990 to 2000", "between 1990 and 2000"])
def test_a_rise_is_the_later_minus_the_earlier_and_a_fall_the_other_way_round(
    tables: dict[str, Asked], verb: str, sign: int, times: str
) -> None:
    asked_of = f"how much did the number of workers {verb} {times} in Holm"

    assert tables["isles"].agrees(asked_of, f"SELECT {sign} * ({workers_in(2000)} - {workers_in(1990)})")


@pytest.mark.parametrize(
    ("question", "measure", "where"),
    [
        ("how much did total workers rise from 1990 to 2000", "sum(workers)", "true"),
        (
            "by how much did the average idle rate grow from 1990 to 2000 in North",
            "avg(idle_pct)",
            "region='North'",
        ),
    ],
)
def test_sums_and_means_of_many_rise_too(
    tables: dict[str, Asked], question: str, measure: str, where: str
) -> None:
    of = f"{measure} FILTER (year=2000) - {measure} FILTER (year=1990)"

    assert tables["isles"].agrees(question, f"SELECT {of} FROM data WHERE {where}")


@pytest.mark.parametrize(
    "question",
    ["how much did workers rise in Holm", "how much did workers rise from 1990 in Holm",
     "how much did workers fall in 2000 in Holm", "how much did average workers rise from Holm to Ness",
     "how much did average workers fall from Holm to Ness in 2000", "how much did workers rise from 1990 to 2000"],
)  # fmt: skip
def test_a_rise_needs_two_times_and_one_number_for_each(tables: dict[str, Asked], question: str) -> None:
    assert tables["isles"].intent(question) is None


@pytest.mark.parametrize(("verb", "sign"), [("rise", 1), ("fall", -1)])
def test_a_rise_is_one_between_the_years_of_a_date(tables: dict[str, Asked], verb: str, sign: int) -> None:
    of = " - ".join(f"avg(price_usd) FILTER (year(bought_on)={year})" for year in (2022, 2020))

    assert tables["wares"].agrees(
        f"how much did the average price {verb} from 2020 to 2022", f"SELECT {sign} * ({of}) FROM data"
    )


def test_a_text_of_two_words_is_not_cut_and_no_letter_is_passed_over() -> None:
    kinds = ["Red Oak", "Red Elm", "Ash", "Alder"]
    rows: list[list[Value]] = [[kinds[number % 4], 3 + number] for number in range(40)]
    with closing(asked("timbers", ["kind", "rings"], rows)) as timbers:
        assert timbers.intent("how many timbers have a kind that contains the word Sea Timber") is None
        assert timbers.agrees("how many kinds start with A", "SELECT 2")
        assert timbers.agrees('how many timbers have a kind that contains "red"', "SELECT 20")


def test_the_average_order_value_is_no_mean_of_order_ids() -> None:
    rows: list[list[Value]] = [[100 + n, ("Ada", "Ben")[n % 2], 1 + n % 7, 5 + n * 3 % 11] for n in range(40)]
    with closing(asked("orders", ["order_id", "customer", "quantity", "total"], rows)) as orders:
        assert orders.agrees("average order value", "SELECT avg(total) FROM data")
