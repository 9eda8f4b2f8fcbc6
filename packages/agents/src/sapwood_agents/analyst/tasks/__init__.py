"""The analyst's work as steps of workflows: read, profile, clean, ask, compare, report."""

from sapwood_agents.analyst.tasks.drift import Drift
from sapwood_agents.analyst.tasks.services import AnalystServices, Files
from sapwood_agents.analyst.tasks.steps import analyst_tasks

__all__ = ["AnalystServices", "Drift", "Files", "analyst_tasks"]
