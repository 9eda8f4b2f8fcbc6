"""Takes steps from the journal, does them, and says what became of them."""

from sapwood_workflows.worker.worker import Worker

__all__ = ["Worker"]
