"""Makes a table's profile, and remembers it by the table's version and the request."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.looks import Looks, ScanTables
from sapwood_agents.analyst.profile.model import SCHEMA_VERSION, Profile, ProfileRequest
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.cache.keys import CacheKey
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.spaces import PROFILE

PROFILE_FORMAT: Final = 3
"""Raise it when the same table gives another profile."""


@dataclass(frozen=True, slots=True)
class Profiler:
    """Profiles tables, each version once for each request."""

    tables: ScanTables
    cache: SingleFlight

    async def profile(
        self, workspace: WorkspaceId, dataset: Dataset, request: ProfileRequest, work: Work
    ) -> Profile:
        """Return the profile from the cache, or make it."""
        parts = (dataset.version, dataset.title, request.model_dump_json())
        key = str(CacheKey(PROFILE.name, f"profile-{PROFILE_FORMAT}.{SCHEMA_VERSION}", parts))
        made: list[Profile] = []
        started = time.perf_counter()

        async def compute() -> bytes:
            made.append(await profile(self.tables, workspace, dataset, request, work))
            return made[0].model_dump_json().encode()

        stored = await self.cache.get_or_compute(
            workspace, key, compute, ttl_s=PROFILE.ttl_s, tags=(dataset.version,)
        )
        if made:
            return made[0]
        known = Profile.model_validate_json(stored)
        timings = {"cache": 1000 * (time.perf_counter() - started)}
        return known.model_copy(update={"cached": True, "timings_ms": timings})


async def profile(
    tables: ScanTables, workspace: WorkspaceId, dataset: Dataset, request: ProfileRequest, work: Work
) -> Profile:
    """Look a table over in two scans: one for what to look for, one for what can be counted.

    In statements of at most 32 columns, or of as many as DuckDB can hold. Correlations in a sample of more
    columns than that take a look more at the numeric ones, and `exact` of a large table reads each column
    again for each figure of the first scan. Raises what `tables.query` raises, and `Cancelled`.
    """
    return await Looks(tables, workspace, dataset, request, work).profile()
