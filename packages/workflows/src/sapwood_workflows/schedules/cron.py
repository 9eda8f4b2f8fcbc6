"""Instants of a cron expression in a time zone, across its changes of clock.

A wall time that a change skips fires once, at the end of the gap; one that it repeats fires once, at the
first of the two. An expression that fires every few minutes or hours goes by the real time that passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from sapwood_shared import InvalidInput

_NICKNAMES = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_FIELDS = 5


def zone(name: str) -> ZoneInfo:
    """The time zone of the IANA database; `InvalidInput` when there is none of the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = "give a name of the IANA database, such as Europe/Oslo or UTC"
        raise InvalidInput(f"there is no time zone {name!r}", hint=hint) from None


def instants(expression: str, time_zone: str, after: datetime) -> Iterator[datetime]:
    """All instants after `after`, in UTC, each later than the one before."""
    found = _simulated(expression, after.astimezone(zone(time_zone)))
    last = after
    for local in found:
        instant = local.astimezone(UTC)
        if instant > last:  # two wall times of a gap are one instant, and a repeated one lies in the past
            last = instant
            yield instant


def in_words(expression: str) -> str:
    """What the expression says: `At 02:00`."""
    return _simulated(expression, datetime(2000, 1, 1, tzinfo=UTC)).explain()


def _simulated(expression: str, start: datetime) -> CronSim:
    written = _NICKNAMES.get(expression.strip().casefold(), expression)
    if len(written.split()) != _FIELDS:
        raise InvalidInput(
            f"{expression!r} is no cron expression", hint="write five fields: minute hour day month weekday"
        )
    try:
        return CronSim(written, start)
    except CronSimError as error:
        raise InvalidInput(
            f"{expression!r} is no cron expression: {str(error).casefold()}",
            hint="write five fields: minute hour day month weekday, such as 0 2 * * MON-FRI",
        ) from None
