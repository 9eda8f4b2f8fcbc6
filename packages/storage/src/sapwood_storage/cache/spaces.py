"""What the cache keeps and for how long, as data.

Everything here can be computed again from a dataset of the same workspace, so a space has the
workspace's key and no person's: erasing a workspace clears it, and no entry outlives its time.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_HOUR_S: Final = 3600.0
_DAY_S: Final = 24 * _HOUR_S


class Space(NamedTuple):
    """A namespace of keys and the time its entries live."""

    name: str
    ttl_s: float


PROFILE: Final = Space("profile", 24 * _HOUR_S)
CLEANING_PLAN: Final = Space("cleaning_plan", _HOUR_S)
INTERPRETATION: Final = Space("interpretation", 7 * _DAY_S)
CHART: Final = Space("chart", 7 * _DAY_S)
ANSWER: Final = Space("answer", 7 * _DAY_S)

SPACES: Final[dict[str, Space]] = {
    space.name: space for space in (PROFILE, CLEANING_PLAN, INTERPRETATION, CHART, ANSWER)
}
"""Every space in use, by its name."""
