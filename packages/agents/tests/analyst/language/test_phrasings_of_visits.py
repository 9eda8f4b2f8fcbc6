"""Usual ways to ask of a practice's visits, against SQL written by hand."""

from datetime import date

import pytest
from packages.agents.tests.analyst.language.tables import Asked, cases

VISITS: dict[str, tuple[str, ...]] = {
    "SELECT avg(fee), median(fee) FROM data": (
        "mean and median fee",
        "average and median of the fee",
        "average fee and median fee",
    ),
    "SELECT count(*) FROM data WHERE sex='F'": (
        "how many women",
        "how many visits by women",
        "number of female visits",
        "how many visits were by females",
    ),
    "SELECT avg(waiting_min) FROM data WHERE sex='M' AND clinic='Harbour'": (
        "average waiting time of men at Harbour",
        "mean waiting_min for men in the Harbour clinic",
        "average wait of males in Harbour",
    ),
    "SELECT count(*) FROM data WHERE age>65": (
        "how many people over 65",
        "number of visits with age above 65",
        "how many visits by people older than 65",
    ),
    "SELECT date_trunc('month',visited_at)::DATE, count(*) FROM data GROUP BY 1 ORDER BY 1": (
        "visits per month",
        "number of visits by month",
        "how many visits each month",
        "monthly visits",
        "visits month by month",
    ),
    "SELECT date_trunc('year',visited_at)::DATE, sum(fee) FROM data GROUP BY 1 ORDER BY 1": (
        "total fee per year",
        "sum of fee by year",
        "yearly total fee",
    ),
    (
        "SELECT dayname(visited_at), count(*) FROM data GROUP BY 1, isodow(visited_at) ORDER BY "
        "isodow(visited_at)"
    ): (
        "visits by weekday",
        "number of visits per day of the week",
        "visits per weekday",
    ),
    "SELECT hour(visited_at), count(*) FROM data GROUP BY 1 ORDER BY 1": (
        "visits by hour of the day",
        "number of visits per hour of the day",
    ),
    "SELECT count(*) FROM data WHERE visited_at>='2021-03-01' AND visited_at<'2021-04-01'": (
        "how many visits in March 2021",
        "visits in march 2021, how many",
        "number of visits during March 2021",
    ),
    "SELECT count(*) FROM data WHERE visited_at>='2021-06-01'": (
        "how many visits since June 2021",
        "number of visits since 1 June 2021",
        "how many visits from June 2021 onwards",
    ),
    "SELECT reason, count(*) FROM data GROUP BY 1 ORDER BY 1 NULLS LAST": (
        "visits by reason",
        "how many visits for each reason",
        "count by reason",
    ),
    "SELECT clinic, count(*) n FROM data GROUP BY 1 HAVING count(*)>100 ORDER BY 2 DESC": (
        "clinics with more than 100 visits",
        "which clinics have more than 100 visits",
        "which clinics had over 100 visits",
    ),
    "SELECT count(*) FROM (SELECT clinic FROM data GROUP BY 1 HAVING count(*)>100)": (
        "how many clinics have more than 100 visits",
    ),
    (
        "SELECT clinic, sum(fee) s FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY s DESC)<=2 ORDER BY"
        " 2 DESC"
    ): (
        "top 2 clinics by total fee",
        "2 clinics with the highest total fee",
        "the two clinics with the highest sum of fees",
    ),
    "SELECT count(*) FROM data WHERE sex='F' AND insured='yes'": (
        "how many insured women",
        "how many women are insured",
        "number of insured female visits",
    ),
    "SELECT sex, clinic, avg(fee) FROM data GROUP BY 1,2 ORDER BY 1,2": (
        "average fee by sex and clinic",
        "mean fee per sex and clinic",
    ),
    "SELECT count(*) FILTER (reason='injury')::DOUBLE/count(reason) FROM data": (
        "share of visits with reason injury",
        "what percentage of visits are injuries",
    ),
    "SELECT max(visited_at) FROM data": (
        "latest visit date",
        "when was the last visit",
        "when was the most recent visit",
    ),
    "SELECT sum(fee) FILTER (sex='F')::DOUBLE/sum(fee) FROM data": (
        "share of the total fee paid by women",
        "what share of the fees came from women",
    ),
}


@pytest.mark.parametrize(("question", "statement"), cases(VISITS))
def test_a_question_about_visits_is_answered_as_by_hand(visits: Asked, question: str, statement: str) -> None:
    assert visits.agrees(question, statement)


def test_two_readings_that_differ_are_both_shown_and_neither_is_answered(visits: Asked) -> None:
    outcome = visits.reader.read("which clinic has the highest fee")

    assert outcome.settled is None
    assert len({reading.intent.model_dump_json() for reading in outcome.readings}) == 2


def test_a_date_in_the_table_is_an_iso_date(visits: Asked) -> None:
    rows = visits.answer("visits per month")

    assert rows is not None
    assert rows[0][0] == date(2021, 1, 1)
