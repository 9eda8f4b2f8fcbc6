"""Durable workflows: typed tasks, and specs that say how they hang together."""

from sapwood_workflows.tasks import RetryPolicy, Task, Tasks, task

__all__ = ["RetryPolicy", "Task", "Tasks", "task"]
