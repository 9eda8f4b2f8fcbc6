"""When a schedule fires next, and what is due after a while in which nothing ran."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

from sapwood_workflows.schedules import cron
from sapwood_workflows.schedules.model import CatchUp, Schedule
from sapwood_workflows.spec.durations import in_words as span_in_words

_LOOKED_BACK = 1_000_000
"""So many missed firings are walked through; more are let go unseen."""


def upcoming(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """The instants after `after` at which it fires, in UTC, without end where it has none."""
    ends = schedule.end
    fires = _unbounded(schedule, after.astimezone(UTC))
    return fires if ends is None else takewhile(lambda instant: instant < ends, fires)


def next_after(schedule: Schedule, after: datetime) -> datetime | None:
    """The first of them; `None` when it never fires again."""
    return next(upcoming(schedule, after), None)


def _unbounded(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    if schedule.at is not None:
        return iter([schedule.at] if schedule.at > after else [])
    if schedule.start is not None and after < schedule.start:
        after = schedule.start - timedelta(microseconds=1)
    if schedule.cron is not None:
        return cron.instants(schedule.cron, schedule.time_zone, after)
    return _every(schedule.start or after, schedule.every or 0.0, after)


def _every(start: datetime, span_s: float, after: datetime) -> Iterator[datetime]:
    """Counted from the start, so that a late look moves nothing."""
    passed = math.floor((after - start).total_seconds() / span_s)
    while start + timedelta(seconds=passed * span_s) > after:
        passed -= 1
    while True:
        passed += 1
        try:
            instant = start + timedelta(seconds=passed * span_s)
        except OverflowError:
            return
        if instant > after:
            yield instant


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be run now, how many firings were let go, and when to look again."""

    runs: tuple[datetime, ...]
    missed: int
    next_at: datetime | None


def due(schedule: Schedule, last_looked: datetime, now: datetime) -> Due:
    """What fell due after `last_looked` and up to `now`, by the policy for those that were missed.

    A firing is missed when another one came after it before anybody looked. The latest one is run by any
    policy but `none`, and by `none` too if it is not older than the span to the one after it: a look that is
    a moment late misses nothing.
    """
    if schedule.paused:
        return Due((), 0, next_after(schedule, now))
    kept: deque[datetime] = deque(maxlen=schedule.catch_up_at_most)
    count = 0
    for instant in islice(takewhile(lambda each: each <= now, upcoming(schedule, last_looked)), _LOOKED_BACK):
        kept.append(instant)
        count += 1
    following = next_after(schedule, now)
    if not kept:
        return Due((), 0, following)
    match schedule.catch_up:
        case CatchUp.ALL:
            runs = tuple(kept)
        case CatchUp.LAST:
            runs = (kept[-1],)
        case CatchUp.NONE:
            runs = (kept[-1],) if count == 1 and _is_fresh(kept[-1], now, following) else ()
    return Due(runs, count - len(runs), following)


def _is_fresh(instant: datetime, now: datetime, following: datetime | None) -> bool:
    """Whether less than half of the time to the next firing has passed, or a minute, where there is none."""
    allowed = timedelta(minutes=1) if following is None else (following - instant) / 2
    return now - instant < allowed


def in_words(schedule: Schedule) -> str:
    """What the schedule says: `At 02:00, Europe/Oslo`, `Every 15m`."""
    if schedule.at is not None:
        return f"Once, at {schedule.at.isoformat()}"
    if schedule.every is not None:
        return f"Every {span_in_words(schedule.every)}"
    return f"{cron.in_words(schedule.cron or '')}, {schedule.time_zone}"
