"""Typed functions that steps call: how they are declared, retried, limited and found."""

from sapwood_workflows.tasks.policy import ONCE, Backoff, QueueClass, RetryPolicy, RunsOn
from sapwood_workflows.tasks.registry import BrokenPlugin, Tasks
from sapwood_workflows.tasks.task import Task, TaskOptions, task

__all__ = [
    "ONCE", "Backoff", "BrokenPlugin", "QueueClass", "RetryPolicy", "RunsOn", "Task", "TaskOptions", "Tasks",
    "task",
]  # fmt: skip
