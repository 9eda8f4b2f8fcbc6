"""What one cleaning command did, as JSON."""

from typing import Final

from pydantic import BaseModel, ConfigDict

from sapwood_agents.analyst.answer import Check
from sapwood_agents.analyst.clean.proposal import Proposal
from sapwood_agents.analyst.clean.service import Cleaned

REPORT_SCHEMA: Final = 1


class CleaningReport(BaseModel):
    """`cleaned` is the version that counts for the file; `changed`: this command made it so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = REPORT_SCHEMA
    changed: bool
    cleaned: Cleaned
    proposal: Proposal | None = None
    checks: tuple[Check, ...] = ()
    saved: str | None = None
    out: str | None = None
