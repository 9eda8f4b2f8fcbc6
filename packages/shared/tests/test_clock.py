from datetime import UTC, timedelta

from sapwood_shared import FixedClock, SystemClock


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock()
    start = clock.now()

    clock.advance(90)

    assert clock.now() - start == timedelta(seconds=90)
    assert clock.monotonic_s() == 90
    assert clock.now() == clock.now()


def test_the_machines_clock_is_in_utc_and_never_runs_backwards() -> None:
    clock = SystemClock()

    assert clock.now().tzinfo is UTC
    assert clock.monotonic_s() <= clock.monotonic_s()
