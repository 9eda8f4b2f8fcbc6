"""Which column a thing is called by: its name or its code, a name that some share, one that most lack."""

from contextlib import closing

from packages.agents.tests.analyst.language.tables import Value, asked


def test_a_code_beside_a_name_of_as_many_is_not_chosen_silently() -> None:
    rows: list[list[Value]] = [
        [1950 + n // 8 * 5, 200 + n % 8 * 7, f"Quay {chr(65 + n % 8)}", 1.5 + n * 11 % 37] for n in range(80)
    ]
    with closing(asked("sea_freight", ["year", "harbour_code", "anchorage", "tonnage"], rows)) as freight:
        assert freight.intent("max tonnage per harbour, all years") is None
        assert freight.agrees(
            "highest tonnage per harbour code",
            "SELECT harbour_code, max(tonnage) FROM data GROUP BY 1 ORDER BY 1",
        )


def test_rows_that_share_their_names_are_ranked_each_by_itself() -> None:
    rows: list[list[Value]] = [
        [f"Ford {n % 70}", ("North", "South", "East")[n // 70], 100 + n * 37 % 997] for n in range(100)
    ]
    with closing(asked("shires", ["ford", "side", "population"], rows)) as shires:
        assert shires.agrees(
            "top 3 fords by population",
            "SELECT ford, population FROM data QUALIFY rank() OVER (ORDER BY population DESC) <= 3 "
            "ORDER BY 2 DESC, 1",
        )


def test_what_mostly_has_no_name_is_not_called_by_its_number() -> None:
    rows: list[list[Value]] = [
        [f"NN {n}" if n else None, f"Comet {n}" if n % 3 == 0 else None, 0.5 + n * 13 % 29] for n in range(60)
    ]
    with closing(asked("comets", ["designation", "name", "brightness"], rows)) as comets:
        assert comets.intent("which comet has the highest brightness") is None


def test_a_column_called_time_that_holds_years() -> None:
    rows: list[list[Value]] = [
        [("NOR", "SWE", "DEN")[n % 3], 1990 + n // 3, 3.5 + n * 7 % 23] for n in range(60)
    ]
    with closing(asked("timber_use", ["LAND", "TIME", "PER_HEAD"], rows)) as timber:
        assert timber.agrees("mean per head in 2001", "SELECT avg(PER_HEAD) FROM data WHERE TIME = 2001")
        assert timber.agrees(
            "per head of NOR in 1995", "SELECT PER_HEAD FROM data WHERE TIME = 1995 AND LAND = 'NOR'"
        )


def test_a_column_spelt_as_people_chat() -> None:
    rows: list[list[Value]] = [[f"S{n}", 2.0 + n * 7 % 11, 5.0 + n * 3 % 13] for n in range(40)]
    with closing(asked("regions", ["region", "ur", "poverty"], rows)) as regions:
        assert regions.agrees("correlation between ur and poverty", "SELECT corr(ur, poverty) FROM data")


def test_one_of_many_areas_in_lower_case() -> None:
    rows: list[list[Value]] = [[n, f"{chr(65 + n % 26)}{chr(97 + n // 26)}ford", n % 7] for n in range(150)]
    with closing(asked("cab_ranks", ["id", "area", "cabs"], rows)) as ranks:
        assert ranks.agrees("how many rows are in kcford", "SELECT count(*) FROM data WHERE area = 'Kcford'")
