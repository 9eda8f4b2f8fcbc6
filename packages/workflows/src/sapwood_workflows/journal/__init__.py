"""The record of every run, on SQLite or PostgreSQL: what was asked, what happened, who has what in hand."""

from sapwood_workflows.journal.bell import Bell
from sapwood_workflows.journal.claims import Claim, Finished
from sapwood_workflows.journal.control import Control
from sapwood_workflows.journal.journal import Failure, Journal
from sapwood_workflows.journal.unit import Key

__all__ = ["Bell", "Claim", "Control", "Failure", "Finished", "Journal", "Key"]
