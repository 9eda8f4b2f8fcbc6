"""Looks after what nobody tells of: waits that are over, workers that died, an index that lost something."""

from sapwood_workflows.sweeper.sweeper import Sweeper

__all__ = ["Sweeper"]
