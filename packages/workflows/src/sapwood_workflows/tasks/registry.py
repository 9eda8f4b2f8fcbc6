"""The tasks that a process knows: its own and those of installed packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from sapwood_shared import Conflict, InvalidInput, NotFound
from sapwood_shared.logging import get_logger
from sapwood_workflows.tasks.task import Task

GROUP: Final = "sapwood.tasks"
"""The entry points: each is a task, an iterable of tasks, or a function that returns one of these."""


@dataclass(frozen=True, slots=True)
class BrokenPlugin:
    """A package whose tasks could not be loaded, and why."""

    name: str
    value: str
    reason: str


class Tasks:
    """Tasks by name and version. A run keeps the version that it started with, so several may be known."""

    def __init__(self, tasks: Iterable[Task[Any, Any]] = ()) -> None:
        self._known: dict[str, dict[int, Task[Any, Any]]] = {}
        self.broken: list[BrokenPlugin] = []
        for task in tasks:
            self.add(task)

    def add(self, task: Task[Any, Any]) -> None:
        """Make a task known; `Conflict` when another has its name and version."""
        versions = self._known.setdefault(task.name, {})
        if versions.setdefault(task.version, task) is not task:
            raise Conflict(
                f"two tasks are called {task.name!r} in version {task.version}",
                hint="rename one of them, or raise its version",
            )

    def get(self, name: str, version: int | None = None) -> Task[Any, Any]:
        """The task, in its newest version unless one is asked for; `NotFound` when it is not known."""
        versions = self._known.get(name)
        if not versions:
            raise NotFound(
                f"no task is called {name!r}", hint=f"known are: {', '.join(self._known) or 'none'}"
            )
        if version is None:
            return versions[max(versions)]
        if version not in versions:
            known = ", ".join(map(str, sorted(versions)))
            raise NotFound(f"the task {name!r} has no version {version} here", hint=f"here are: {known}")
        return versions[version]

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[Task[Any, Any]]:
        for name in sorted(self._known):
            for version in sorted(self._known[name]):
                yield self._known[name][version]

    def load_plugins(self, found: Iterable[EntryPoint] | None = None) -> None:
        """Add the tasks of installed packages; one that fails is noted in `broken` and stops nothing else."""
        for entry in sorted(entry_points(group=GROUP) if found is None else found):
            try:
                offered = list(_tasks_of(entry.load()))
                for task in offered:
                    self.add(task)
            except Exception as error:  # noqa: BLE001 - whatever a stranger's module does at import
                reason = f"{type(error).__name__}: {error}"
                self.broken.append(BrokenPlugin(entry.name, entry.value, reason))
                get_logger(__name__).warning("tasks_not_loaded", plugin=entry.name, reason=reason)


def _tasks_of(offered: object) -> Iterator[Task[Any, Any]]:
    if isinstance(offered, Task):
        yield offered
    elif callable(offered):
        yield from _tasks_of(offered())
    elif isinstance(offered, Iterable):
        for each in offered:
            if not isinstance(each, Task):
                raise InvalidInput(f"{each!r} is no task", hint="make it one with @task")
            yield each
    else:
        raise InvalidInput(f"{offered!r} is no task", hint="make it one with @task")
