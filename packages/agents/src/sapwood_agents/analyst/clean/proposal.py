"""What cleaning a table would do: steps with their reasons, counts and samples; nothing is applied by it."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.steps import Step

PROPOSAL_SCHEMA: Final = 1


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProposeRequest(_Value):
    """How many samples are shown of each change."""

    samples: Annotated[int, Field(ge=0, le=20)] = 5


class Sample(_Value):
    """One value before and after, as text; `cells` hold it."""

    before: str | None
    after: str | None
    cells: int


class Effect(_Value):
    """What a step does to one column."""

    column: str
    cells: int
    samples: tuple[Sample, ...] = ()


class ProposedStep(_Value):
    """A step, why, and what it would do to this table; its reason is in the step."""

    step: Step
    effects: tuple[Effect, ...] = ()
    rows_removed: int = 0


class Proposal(_Value):
    """`proposed` loses nothing and can be applied as a whole; each of `choices` needs somebody to decide."""

    schema_version: int = PROPOSAL_SCHEMA
    version: str
    rows: int
    proposed: tuple[ProposedStep, ...] = ()
    choices: tuple[ProposedStep, ...] = ()
    cached: bool = False

    @property
    def recipe(self) -> Recipe:
        """The steps that are proposed."""
        return Recipe(steps=tuple(one.step for one in self.proposed))
