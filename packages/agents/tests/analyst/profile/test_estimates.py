"""Tables beyond the bound: what is estimated says so, and keeps to its margin."""

import pytest
from packages.agents.tests.analyst.profile.bare import BareTables, plain

from sapwood_agents.analyst.profile import margins
from sapwood_agents.analyst.profile.model import Profile

ROWS = 60_000
LARGE = f"""
    SELECT i AS id, 'K' || hash(i) AS code, hash(i) % 40000 AS often, hash(i * 3) % 50 AS few,
           (hash(i * 5) % 1000003) / 1000.0 AS x, (hash(i * 5) % 1000003) / 500.0 + hash(i) % 100 AS y,
           CASE WHEN hash(i) % 4 > 0 THEN 'city ' || least(hash(i * 7) % 100, hash(i * 11) % 100) END AS city
    FROM range({ROWS}) AS t(i)
"""
SIGNED = f"""
    SELECT id, code, often::BIGINT AS often, few::BIGINT AS few, x::DOUBLE AS x, y::DOUBLE AS y, city
    FROM ({LARGE}) AS made
"""
BOUNDED = {"exact_rows": 50_000, "sample_rows": 10_000}


@pytest.fixture(scope="module")
def large() -> BareTables:
    return BareTables(SIGNED)


@pytest.fixture(scope="module")
def found(large: BareTables) -> Profile:
    return large.profile(**BOUNDED)


def test_only_tables_beyond_the_bound_are_estimated(large: BareTables, found: Profile) -> None:
    exact = large.profile(exact_rows=ROWS)

    assert (found.approximate, found.sampled) == (True, pytest.approx(10_000, rel=0.05))
    assert (exact.approximate, exact.sampled) == (False, None)
    assert all(column.approximate.keys() <= {"pii"} for column in exact.columns)


def test_an_estimate_is_marked_and_what_was_counted_is_not(found: Profile) -> None:
    marked = {column.name: set(column.approximate) for column in found.columns}

    assert marked["id"] == {"quantiles", "outliers"}
    assert marked["few"] == {"quantiles", "outliers"}
    assert marked["often"] == {"distinct", "quantiles", "outliers"}
    assert marked["city"] >= {"trouble"}


def test_estimates_keep_to_their_margins(large: BareTables, found: Profile) -> None:
    for column in found.columns:
        off = column.approximate.get("distinct")
        exact = large.one(f"count(DISTINCT {column.name})")
        # The margin is left once in twenty: twice as far would be a fault.
        assert abs(column.distinct - exact) <= (2 * off.value * exact if off else 0), column.name
    for name in ("x", "y", "often"):
        column = next(one for one in found.columns if one.name == name)
        for rank in ("0.05", "0.25", "0.5", "0.75", "0.95"):
            place = large.one(f"count_if({name} <= {column.quantiles[rank]}) / count({name})")
            assert abs(place - float(rank)) <= 2 * column.approximate["quantiles"].value
    for pair in found.correlations:
        assert pair.margin is not None
        exact = large.one(f"corr({pair.left}, {pair.right})")
        assert abs(pair.coefficient - exact) <= max(0.001, 2 * pair.margin.value)


def test_what_is_counted_in_the_whole_table_is_exact(large: BareTables, found: Profile) -> None:
    for column in found.columns:
        assert column.nulls == ROWS - large.one(f"count({column.name})")
    few = next(one for one in found.columns if one.name == "few")
    counted = large.rows("SELECT few, count(*) FROM data GROUP BY few ORDER BY 2 DESC, 1 LIMIT 10")
    assert [(one.value, one.count) for one in few.top] == counted
    x = next(one for one in found.columns if one.name == "x")
    assert (x.min, x.max) == large.rows("SELECT min(x), max(x) FROM data")[0]
    assert x.mean == pytest.approx(large.one("avg(x)"))
    assert sum(one.count for one in x.histogram) == ROWS


def test_a_key_is_claimed_only_when_proved(found: Profile) -> None:
    almost = BareTables(
        f"SELECT id, if(id = 7, 8, id) AS nearly, if(id = 7, 'K8', 'K' || id) AS text FROM ({SIGNED})"
    )
    other = almost.profile(**BOUNDED)

    assert found.keys == ("id", "code")
    assert other.keys == ("id",)
    assert [one.distinct for one in other.columns] == [ROWS, ROWS - 1, ROWS - 1]
    assert {one.column for one in other.warnings if one.code == "nearly_unique"} == {"nearly", "text"}


def test_duplicates_are_none_by_proof_or_estimated() -> None:
    with_key = BareTables(SIGNED).profile(**BOUNDED)
    without = BareTables("SELECT hash(i % 900000)::VARCHAR AS h FROM range(1000000) AS t(i)").profile(
        **BOUNDED
    )

    assert (with_key.duplicates.rows, with_key.duplicates.margin) == (0, None)
    assert without.duplicates.margin is not None
    assert abs(without.duplicates.rows - 100_000) <= 2 * without.duplicates.margin.value


def test_a_value_is_called_frequent_only_when_seen_often(found: Profile) -> None:
    code = next(one for one in found.columns if one.name == "code")

    assert code.top == ()


def test_exact_pays_for_the_same_figures_as_a_small_table(large: BareTables) -> None:
    small = large.profile(exact_rows=ROWS)
    paid = large.profile(exact=True, **BOUNDED)

    assert plain(paid) == plain(small)


def test_the_same_table_gives_the_same_estimates(large: BareTables, found: Profile) -> None:
    again = large.profile(**BOUNDED)

    assert plain(again) == plain(found)


def test_estimates_take_two_statements(large: BareTables) -> None:
    large.asked.clear()

    large.profile(**BOUNDED)

    assert len(large.asked) == 2


@pytest.mark.parametrize(
    "ids",
    [
        "i",
        "i * 3 - 70000",
        "if(i = 59999, 9000000000000, i)",
        "if(i = 59999, -9000000000000, i)",
        "if(i % 2 = 0, NULL, i)",
        "i % 30001",
        "hash(i) >> 1",
    ],
)
def test_whole_numbers_are_counted_exactly_wherever_they_lie(ids: str) -> None:
    tables = BareTables(f"SELECT ({ids})::BIGINT AS id FROM range({ROWS}) AS t(i)")

    column = tables.column("id", **BOUNDED)

    if "distinct" not in column.approximate:
        assert column.distinct == tables.one("count(DISTINCT id)")
    assert column.unique == (tables.one("count(DISTINCT id)") == ROWS)


def test_bins_of_an_estimated_table_count_every_row(large: BareTables, found: Profile) -> None:
    x = next(one for one in found.columns if one.name == "x")

    for one in x.histogram[1:-1]:
        assert one.count == large.one(f"count_if(x > {one.low} AND x <= {one.high})")


def test_a_sketch_keeps_to_its_margin_in_each_of_a_hundred_columns() -> None:
    names = ", ".join(f"approx_count_distinct(hash(i::VARCHAR || '0.{column}'))" for column in range(100))
    (sketched,) = BareTables("SELECT range AS i FROM range(20000)").rows(f"SELECT {names} FROM data")

    off = [abs(20_000 - figure) / figure for figure in sketched]

    assert max(off) <= margins.of_sketch().value <= 0.11
    assert max(off) > 0.09, "else these columns would keep to a margin of 95 %, too"
