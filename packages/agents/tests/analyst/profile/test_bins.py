from hypothesis import example, given
from hypothesis import strategies as st

from sapwood_agents.analyst.profile import bins

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64)


@given(st.lists(NUMBERS, min_size=7, max_size=7).map(sorted), st.booleans())
@example(at=[0.0] * 6 + [5e-324], whole=False)
def test_bounds_rise_and_are_few(at: list[float], whole: bool) -> None:
    found = bins.bounds(at, whole=whole)

    assert list(found) == sorted(set(found))
    assert len(found) <= 64


@given(st.lists(st.floats(-1e6, 1e6), min_size=7, max_size=7).map(sorted))
def test_bounds_cover_the_middle_of_the_values(at: list[float]) -> None:
    found = bins.bounds(at, whole=False)

    assert not found or (
        found[-1] >= at[5] and found[0] - (found[1] - found[0] if found[1:] else 0) <= at[1] + 1e-6
    )


@given(st.lists(st.floats(-6e10, 2.5e11), min_size=7, max_size=7).map(sorted), st.booleans())
def test_bounds_of_times_rise_and_are_few(at: list[float], days: bool) -> None:
    found = bins.time_bounds(at, days=days)

    assert list(found) == sorted(set(found))
    assert len(found) <= 64


def test_steps_are_round() -> None:
    assert bins.bounds([0, 5, 20, 50, 80, 95, 100], whole=True)[:3] == (4.0, 9.0, 14.0)
    assert bins.bounds([0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0], whole=False)[:3] == (0.05, 0.1, 0.15)


def test_few_whole_numbers_have_a_bin_each() -> None:
    assert bins.bounds([0, 0, 1, 2, 3, 4, 4], whole=True) == (0.0, 1.0, 2.0, 3.0, 4.0)


def test_a_tail_is_gathered_in_the_last_bin() -> None:
    upper = bins.bounds([0, 1, 25, 50, 75, 100, 1e9], whole=True)
    counts = [1] * (len(upper) + 1)

    found = bins.whole_bins(upper, counts, 0, 1e9)

    assert upper[-1] < 200
    assert (found[-1].low, found[-1].high) == (upper[-1] + 1, 10**9)


def test_a_constant_has_neither_bins_nor_fences() -> None:
    assert bins.bounds([3.0] * 7, whole=False) == ()
    assert bins.time_bounds([3.0] * 7, days=True) == ()
    assert bins.fences([3.0] * 7) is None


def test_times_beyond_the_calendar_are_seconds() -> None:
    assert bins.moment(1e15, days=True) == "1000000000000000 s"
    assert bins.moment(0, days=True) == "1970-01-01"
    assert bins.moment(90.0000001, days=False) == "1970-01-01T00:01:30"
