"""When schedules fire: across changes of clock, from a start, after a while in which nothing ran."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sapwood_workflows.schedules import CatchUp, Schedule, due, in_words, next_after, upcoming

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)


def schedule(**given: Any) -> Schedule:
    return Schedule(workflow="nightly", **given)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fired(of: Schedule, after: str, count: int) -> list[str]:
    return [f"{instant:%m-%d %H:%M}" for instant in islice(upcoming(of, at(after)), count)]


@pytest.mark.parametrize(
    ("cron", "zone", "after", "instants"),
    [
        ("0 2 * * *", "UTC", "2026-03-01", ["03-01 02:00", "03-02 02:00"]),
        ("0 2 * * *", "Europe/Oslo", "2026-01-01", ["01-01 01:00", "01-02 01:00"]),
        ("@daily", "America/New_York", "2026-07-01", ["07-01 04:00", "07-02 04:00"]),
        ("*/20 * * * *", "UTC", "2026-01-01T00:05:00", ["01-01 00:20", "01-01 00:40", "01-01 01:00"]),
        ("0 9 * * MON-FRI", "UTC", "2026-11-20T10:00:00", ["11-23 09:00"]),
        ("0 0 29 2 *", "UTC", "2026-01-01", ["02-29 00:00"]),
        ("0 0 L * *", "UTC", "2026-02-01", ["02-28 00:00", "03-31 00:00"]),
        # Oslo skips 02:00 to 03:00 on 29 March 2026: once, at the end of the gap.
        ("30 2 * * *", "Europe/Oslo", "2026-03-28T12:00:00", ["03-29 01:00", "03-30 00:30"]),
        ("15,45 2 * * *", "Europe/Oslo", "2026-03-28T12:00:00", ["03-29 01:00", "03-30 00:15"]),
        # Oslo repeats 02:00 to 03:00 on 25 October 2026: once, the first time.
        ("30 2 * * *", "Europe/Oslo", "2026-10-24T12:00:00", ["10-25 00:30", "10-26 01:30"]),
        ("30 2 * * *", "Europe/Oslo", "2026-10-25T01:10:00", ["10-26 01:30"]),
        # What goes by the hour goes on by the hour.
        ("30 * * * *", "Europe/Oslo", "2026-10-25T00:00:00", ["10-25 00:30", "10-25 01:30", "10-25 02:30"]),
        ("30 * * * *", "Europe/Oslo", "2026-03-29T00:00:00", ["03-29 00:30", "03-29 01:30"]),
    ],
)
def test_cron_fires_by_the_wall_clock_of_its_zone(
    cron: str, zone: str, after: str, instants: list[str]
) -> None:
    assert fired(schedule(cron=cron, time_zone=zone), after, len(instants)) == instants


@given(
    st.sampled_from(
        ["0 2 * * *", "30 2 * * *", "*/7 * * * *", "15 */5 * * *", "0 3 * * SUN", "59 1,2 * * *"]
    ),
    st.sampled_from(["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
    st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1)),
)
def test_instants_only_rise_and_a_later_look_sees_the_same(cron: str, zone: str, moment: datetime) -> None:
    of = schedule(cron=cron, time_zone=zone)
    after = moment.replace(tzinfo=UTC)

    found = list(islice(upcoming(of, after), 6))

    assert found == sorted(set(found))
    assert found[0] > after
    assert list(islice(upcoming(of, found[2]), 3)) == found[3:]


@given(st.floats(1, 1e6), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 10**7))
def test_a_span_is_counted_from_the_start(every: float, moment: datetime, later_s: int) -> None:
    start = moment.replace(tzinfo=UTC)
    of = schedule(every=every, start=start)
    after = start + timedelta(seconds=later_s)

    first, second = islice(upcoming(of, after), 2)

    assert after < first <= after + timedelta(seconds=every + 0.001)
    assert abs((second - first).total_seconds() - every) < 0.001
    steps = (first - start).total_seconds() / every
    assert abs(steps - round(steps)) < 0.001


def test_nothing_fires_before_the_start_or_from_the_end_on() -> None:
    of = schedule(cron="0 * * * *", start=at("2026-01-01T05:00:00"), end=at("2026-01-01T08:00:00"))

    assert fired(of, "2025-01-01", 9) == ["01-01 05:00", "01-01 06:00", "01-01 07:00"]
    assert next_after(of, at("2026-01-01T07:00:00")) is None


def test_once_is_once() -> None:
    of = schedule(at=datetime(2026, 1, 1, 12, tzinfo=OSLO))

    assert fired(of, "2025-12-31", 5) == ["01-01 11:00"]
    assert due(of, at("2025-12-31"), at("2026-01-02")).runs == (at("2026-01-01T11:00:00"),)
    assert due(of, at("2026-01-02"), at("2026-01-03")) == due(of, at("2026-01-05"), at("2026-01-06"))


@pytest.mark.parametrize(
    ("catch_up", "most", "runs", "missed"),
    [
        (CatchUp.NONE, 100, [], 4),
        (CatchUp.LAST, 100, ["01-04 02:00"], 3),
        (CatchUp.ALL, 100, ["01-01 02:00", "01-02 02:00", "01-03 02:00", "01-04 02:00"], 0),
        (CatchUp.ALL, 2, ["01-03 02:00", "01-04 02:00"], 2),
    ],
)
def test_what_was_missed_is_run_by_the_policy(
    catch_up: CatchUp, most: int, runs: list[str], missed: int
) -> None:
    of = schedule(cron="0 2 * * *", catch_up=catch_up, catch_up_at_most=most)

    found = due(of, at("2025-12-31T12:00:00"), at("2026-01-04T10:00:00"))

    assert [f"{instant:%m-%d %H:%M}" for instant in found.runs] == runs
    assert found.missed == missed
    assert found.next_at == at("2026-01-05T02:00:00")


@pytest.mark.parametrize("catch_up", CatchUp)
def test_a_look_that_is_a_moment_late_misses_nothing(catch_up: CatchUp) -> None:
    of = schedule(cron="0 2 * * *", catch_up=catch_up)

    found = due(of, at("2026-01-01T01:59:59"), at("2026-01-01T02:00:30"))

    assert found.runs == (at("2026-01-01T02:00:00"),)
    assert found.missed == 0


def test_a_paused_schedule_is_due_for_nothing_and_makes_nothing_good_later() -> None:
    of = schedule(cron="0 2 * * *", catch_up="all", paused=True)

    assert due(of, at("2026-01-01"), at("2026-01-09")).runs == ()


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=20))
def test_however_often_one_looks_each_firing_is_run_once(looks: list[int]) -> None:
    of = schedule(cron="*/30 * * * *", catch_up="all", catch_up_at_most=10_000)
    start = moment = at("2026-01-01T00:00:00")
    runs: list[datetime] = []

    for minutes in looks:
        later = moment + timedelta(minutes=minutes)
        runs += due(of, moment, later).runs
        moment = later

    wanted = [
        start + timedelta(minutes=30 * n) for n in range(1, int((moment - start).total_seconds() // 1800) + 1)
    ]
    assert runs == wanted


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "this has none"),
        ({"cron": "@daily", "every": "5m"}, "this has cron and every"),
        ({"cron": "0 2 * *"}, "five fields"),
        ({"cron": "61 2 * * *"}, "bad minute"),
        ({"cron": "0 0 31 2 *"}, "bad day-of-month"),
        ({"cron": "* * * * * *"}, "five fields"),
        ({"cron": "@daily", "time_zone": "Mars/Olympus"}, "there is no time zone 'Mars/Olympus'"),
        ({"cron": "@daily", "time_zone": "../etc/passwd"}, "there is no time zone"),
        ({"every": "100ms", "start": at("2026-01-01")}, "too often"),
        ({"every": "5m"}, "needs a start"),
        ({"every": "soon", "start": at("2026-01-01")}, "is no span of time"),
        ({"at": datetime(2026, 1, 1)}, "timezone"),
        ({"cron": "@daily", "start": at("2026-01-02"), "end": at("2026-01-01")}, "comes before the start"),
    ],
)
def test_what_can_never_fire_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        schedule(**given)


def test_a_schedule_in_words() -> None:
    assert in_words(schedule(cron="0 2 * * *", time_zone="Europe/Oslo")) == "At 02:00 every day, Europe/Oslo"
    assert in_words(schedule(every="90m", start=at("2026-01-01"))) == "Every 1h30m"
    assert in_words(schedule(at=at("2026-01-01T02:00:00"))) == "Once, at 2026-01-01T02:00:00+00:00"
