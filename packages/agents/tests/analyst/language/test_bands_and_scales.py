"""Values with a sign of their own, and columns whose numbers are thousands or millions."""

from contextlib import closing

from packages.agents.tests.analyst.language.tables import Value, asked

BANDS = ("<500", "500 to 999", "1000+")


def test_a_band_typed_as_the_table_has_it_is_no_comparison() -> None:
    rows: list[list[Value]] = [[f"Shire {n // 3}", BANDS[n % 3], 0.1 + n * 7 % 31 / 100] for n in range(60)]
    with closing(asked("rents", ["shire", "band", "pct"], rows)) as rents:
        assert rents.agrees("mean pct of the <500 band", "SELECT avg(pct) FROM data WHERE band = '<500'")
        assert rents.agrees("mean pct of the 1000+ band", "SELECT avg(pct) FROM data WHERE band = '1000+'")
        assert rents.agrees("how many rows have a pct > 0.2", "SELECT count(*) FROM data WHERE pct > 0.2")


def test_a_scale_at_the_end_of_a_name_is_no_part_of_what_it_is_called() -> None:
    rows: list[list[Value]] = [[f"Port {n % 10}", 1990 + n // 10, 0.5 + n * 17 % 43] for n in range(100)]
    with closing(asked("harbours", ["port", "year", "exports_millions"], rows)) as harbours:
        assert harbours.agrees(
            "what were the exports of Port 3 in 1994",
            "SELECT exports_millions FROM data WHERE port = 'Port 3' AND year = 1994",
        )
        assert harbours.intent("how many ports had exports above 20 million in 1994") is None
