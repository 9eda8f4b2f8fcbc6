"""Who wakes whom when there may be work: a hint, of which each one may be lost or come twice."""

from sapwood_workflows.queue.bell import Bell
from sapwood_workflows.queue.port import WakeUps

__all__ = ["Bell", "WakeUps"]
