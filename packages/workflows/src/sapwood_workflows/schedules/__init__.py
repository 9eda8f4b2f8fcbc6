"""Schedules: cron in a time zone, spans and single instants; what is due, and what was missed."""

from sapwood_workflows.schedules.model import CatchUp, Overlap, Schedule
from sapwood_workflows.schedules.timing import Due, due, in_words, next_after, upcoming

__all__ = ["CatchUp", "Due", "Overlap", "Schedule", "due", "in_words", "next_after", "upcoming"]
