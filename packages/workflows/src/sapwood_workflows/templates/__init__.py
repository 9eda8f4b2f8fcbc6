"""Workflows to begin from, by category; packages bring theirs by the entry points `sapwood.templates`."""

from sapwood_workflows.templates.library import Template, Templates

__all__ = ["Template", "Templates"]
