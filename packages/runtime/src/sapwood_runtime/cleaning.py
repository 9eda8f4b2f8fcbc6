"""The parts for cleaning, built when somebody cleans: a question needs none of them."""

from sapwood_agents.analyst.clean.service import Cleaner
from sapwood_agents.analyst.profile.service import Profiler
from sapwood_runtime.parts import Parts
from sapwood_storage.tabular.cleaning.heads import Heads
from sapwood_storage.tabular.cleaning.versions import CleanedVersions


def open_cleaner(parts: Parts) -> Cleaner:
    """Return a cleaner over open parts; it needs no closing."""
    return Cleaner(
        tables=parts.tables,
        profiler=Profiler(parts.tables, parts.computed),
        versions=CleanedVersions(parts.datasets, parts.sandbox),
        heads=Heads(parts.datasets.shelf),
        cache=parts.computed,
    )
