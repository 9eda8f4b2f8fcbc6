"""The record of every run, on SQLite or PostgreSQL: what was asked, what happened, who has what in hand."""

from sapwood_workflows.journal.claims import Claim, Failure, Finished
from sapwood_workflows.journal.control import Control
from sapwood_workflows.journal.journal import Journal
from sapwood_workflows.journal.library import Library
from sapwood_workflows.journal.rows import Key

__all__ = ["Claim", "Control", "Failure", "Finished", "Journal", "Key", "Library"]
