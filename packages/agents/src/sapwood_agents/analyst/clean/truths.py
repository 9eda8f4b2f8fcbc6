"""Yes and no in a text column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sapwood_agents.analyst.clean.steps import Cast, Step
from sapwood_agents.analyst.clean.trial import Trial
from sapwood_storage.tabular.cleaning.casts import FALSE, TRUE
from sapwood_storage.tabular.model import ColumnType

_MOST: Final = 50  # spellings: case and blanks make several of each word


async def truth_form(
    trial: Trial, name: str, values: Mapping[str, int], after: Sequence[Step]
) -> Cast | None:
    """Return the step that reads a column as boolean; none unless both answers occur, and nothing else."""
    if len(values) > _MOST:
        return None
    words = {value.strip().lower() for value in values}
    if not words <= {*TRUE, *FALSE} or not words & {*TRUE} or not words & {*FALSE}:
        return None
    step = Cast(columns=(name,), to=ColumnType.BOOLEAN)
    return None if await trial.failures(step, after) else step
