"""Usual ways to ask of a harbour's boats, against SQL written by hand."""

import pytest
from packages.agents.tests.analyst.language.tables import Asked, cases

BOATS: dict[str, tuple[str, ...]] = {
    "SELECT count(*) FROM data": (
        "how many boats are there",
        "How many boats do we have?",
        "number of boats",
        "count of boats",
        "boat count",
        "total number of boats",
        "how many rows",
        "count the boats",
        "count",
        "please tell me how many boats are in the table",
        "# of boats",
        "how manny boats",
    ),
    "SELECT avg(length_m) FROM data": (
        "average length",
        "mean length_m",
        "What is the average length of the boats?",
        "avg length",
        "length on average",
        "How long are the boats on average?",
        "what's the mean length in metres",
        "mean of length_m",
        "avrage length",
    ),
    "SELECT sum(price_usd) FROM data": (
        "total price",
        "sum of price_usd",
        "sum of all prices",
        "What is the total price of all boats?",
        "combined price",
        "overall sum of the prices in dollars",
    ),
    "SELECT median(price_usd) FROM data": (
        "median price",
        "What is the median price?",
        "median of price_usd",
        "median price of the boats in usd",
    ),
    "SELECT min(length_m), max(length_m) FROM data": (
        "min and max length",
        "shortest and longest length",
        "lowest and highest length_m",
        "minimum and maximum of length_m",
        "min length, max length",
    ),
    "SELECT stddev_samp(price_usd) FROM data": (
        "standard deviation of price",
        "std of price_usd",
        "sd of the price",
        "std dev of price",
    ),
    "SELECT count(DISTINCT builder) FROM data": (
        "how many builders are there",
        "number of different builders",
        "how many different builders",
        "distinct builder count",
        "count of distinct builders",
        "number of unique builders",
    ),
    "SELECT DISTINCT builder FROM data ORDER BY 1": (
        "which builders are there",
        "list the builders",
        "what builders are there?",
        "list all builders",
        "distinct builders",
        "which builders exist",
    ),
    "SELECT country, count(*) FROM data GROUP BY 1 ORDER BY 1": (
        "boats per country",
        "number of boats by country",
        "how many boats are there in each country",
        "count by country",
        "boats by country",
        "how many boats per country",
        "breakdown of boats by country",
        "number of boats for each country",
        "for each country, how many boats",
    ),
    "SELECT country, avg(price_usd) FROM data GROUP BY 1 ORDER BY 1": (
        "average price by country",
        "mean price per country",
        "avg price for each country",
        "average price of the boats in each country",
        "avg price_usd grouped by country",
        "mean price_usd by country",
    ),
    "SELECT country, rig, count(*) FROM data GROUP BY 1,2 ORDER BY 1,2": (
        "boats by country and rig",
        "count by country and rig",
        "number of boats per country and rig",
        "how many boats by country, rig",
    ),
    "SELECT count(*) FROM data WHERE country='Germany'": (
        "how many german boats",
        "how many boats are from Germany",
        "number of boats from germany",
        "count where country = Germany",
        "boats from Germany, how many",
        "how many boats were built in Germany",
    ),
    "SELECT count(*) FROM data WHERE country<>'Germany'": (
        "how many boats are not from Germany",
        "boats not from Germany: how many",
        "number of boats outside Germany",
        "how many boats except those from Germany",
        "count where country is not Germany",
        "count where country != Germany",
    ),
    "SELECT count(*) FROM data WHERE country IN ('Germany','Sweden')": (
        "how many boats are from Germany or Sweden",
        "number of boats from Sweden and Germany",
        "count of boats in germany or sweden",
    ),
    "SELECT count(*) FROM data WHERE length_m>12": (
        "how many boats are longer than 12 m",
        "number of boats longer than 12 metres",
        "how many boats have a length above 12",
        "count where length_m > 12",
        "boats with a length over 12 meters, how many",
    ),
    "SELECT count(*) FROM data WHERE price_usd>=100000 AND price_usd<=500000": (
        "how many boats cost between 100,000 and 500,000",
        "number of boats with a price between 100k and 500k dollars",
        "boats priced from 100000 to 500000: count",
    ),
    "SELECT count(*) FROM data WHERE crew>=5": (
        "how many boats have at least 5 crew",
        "number of boats with a crew of 5 or more",
        "boats with crew >= 5, how many",
        "how many boats have a crew of at least five",
    ),
    "SELECT count(*) FROM data WHERE home_port IS NULL": (
        "how many boats have no home port",
        "number of boats without a home port",
        "how many boats are missing a home port",
        "boats with missing home_port: how many",
        "count where home_port is null",
    ),
    "SELECT count(*) FROM data WHERE home_port IS NOT NULL": (
        "how many boats have a home port",
        "number of boats with a home port",
        "how many boats have a known home port",
    ),
    "SELECT count(*) FROM data WHERE engine": (
        "how many boats have an engine",
        "number of boats with an engine",
        "boats with engine, how many",
    ),
    "SELECT count(*) FROM data WHERE NOT engine": (
        "how many boats have no engine",
        "number of boats without an engine",
        "how many boats don't have an engine",
    ),
    "SELECT count(*) FROM data WHERE name ILIKE 'Albatros%'": (
        "how many boats have a name starting with Albatros",
        'number of boats whose name starts with "Albatros"',
        "how many names begin with Albatros",
    ),
    "SELECT name, price_usd FROM data QUALIFY rank() OVER (ORDER BY price_usd DESC)=1": (
        "most expensive boat",
        "which boat is the most expensive",
        "which boat has the highest price",
        "What is the priciest boat?",
    ),
    "SELECT name, price_usd FROM data QUALIFY rank() OVER (ORDER BY price_usd)<=3 ORDER BY 2": (
        "3 cheapest boats",
        "the three cheapest boats",
        "bottom 3 boats by price",
        "which 3 boats are the cheapest",
        "top 3 cheapest boats",
    ),
    "SELECT builder, avg(price_usd) m FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY m DESC)=1": (
        "which builder has the highest average price",
        "builder with the highest mean price",
        "Which builder's boats are the most expensive on average?",
        "top 1 builder by average price",
    ),
    "SELECT rig, count(*) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n DESC)=1 ORDER BY 1": (
        "most common rig",
        "which rig is the most common",
        "most frequent rig",
        "which rig has the most boats",
    ),
    "SELECT count(*) FILTER (engine)::DOUBLE/count(*) FROM data": (
        "share of boats with an engine",
        "what percentage of the boats have an engine",
        "proportion of boats with an engine",
        "what fraction of boats has an engine",
        "percent of boats that have an engine",
    ),
    "SELECT count(*) FILTER (engine)::DOUBLE/count(*) FROM data WHERE country='Sweden'": (
        "what share of the swedish boats have an engine",
        "what percentage of boats from Sweden have an engine",
        "among the boats from Sweden, what share has an engine",
    ),
    "SELECT country, count(*) FILTER (engine)::DOUBLE/count(*) FROM data GROUP BY 1 ORDER BY 1": (
        "share of boats with an engine by country",
        "percentage of boats with an engine per country",
    ),
    "SELECT corr(length_m, price_usd) FROM data": (
        "correlation between length and price",
        "correlation of length_m and price_usd",
        "how strongly are length and price correlated",
        "is length correlated with price",
        "r between length_m and price_usd",
    ),
    "SELECT avg(price_usd) FILTER (country='Germany')-avg(price_usd) FILTER (country='Italy') FROM data": (
        "difference in average price between Germany and Italy",
        "how much higher is the average price in Germany than in Italy",
        "By how much is the mean price in Germany above that in Italy?",
        "difference between the mean price of German and Italian boats",
    ),
    (
        "SELECT country, avg(price_usd) FROM data WHERE country IN ('Sweden','Italy') GROUP BY 1 ORDER BY"
        " 1 DESC"
    ): (
        "compare the average price in Sweden and Italy",
        "Sweden vs Italy: average price",
        "average price, Sweden versus Italy",
    ),
    "SELECT count(*) FILTER (country='Sweden')::DOUBLE/count(*) FILTER (country='Italy') FROM data": (
        "ratio of Swedish to Italian boats",
        "ratio of boats from Sweden to boats from Italy",
    ),
    "SELECT count(*) FROM data WHERE price_usd>(SELECT avg(price_usd) FROM data)": (
        "how many boats cost more than average",
        "how many boats are more expensive than the average boat",
        "number of boats with an above average price",
        "how many boats have a price above the mean",
    ),
    "SELECT builder, avg(length_m) m FROM data GROUP BY 1 HAVING avg(length_m)>15 ORDER BY 2 DESC": (
        "builders with an average length above 15",
        "which builders have a mean length over 15 m",
    ),
    "SELECT count(*) FROM data WHERE year_built=1985": (
        "how many boats were built in 1985",
        "boats built in 1985: count",
        "number of boats from 1985",
    ),
    "SELECT count(*) FROM data WHERE year_built<1980": (
        "how many boats were built before 1980",
        "number of boats built before 1980",
    ),
    "SELECT price_usd FROM data WHERE name='Brise I1'": (
        "price of Brise I1",
        "what is the price of Brise I1",
        "how much does Brise I1 cost",
        "How expensive is Brise I1?",
    ),
    "SELECT length_m FROM data WHERE name='Brise I1'": (
        "how long is Brise I1",
        "what is the length of Brise I1",
    ),
    "SELECT builder FROM data WHERE name='Brise I1'": (
        "builder of Brise I1",
        "what is the builder of Brise I1?",
    ),
    "SELECT rig, price FROM (SELECT rig, max(price_usd) price FROM data GROUP BY 1) ORDER BY 1": (
        "max price by rig",
        "highest price per rig",
        "highest price for each rig",
    ),
}


@pytest.mark.parametrize(("question", "statement"), cases(BOATS))
def test_a_question_about_boats_is_answered_as_by_hand(boats: Asked, question: str, statement: str) -> None:
    assert boats.agrees(question, statement)
