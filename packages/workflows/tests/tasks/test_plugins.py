"""Tasks of installed packages: those that load are known, and one that does not stops nothing else."""

import sys
import types
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest
from pydantic import BaseModel

from sapwood_shared import Work, WorkspaceId
from sapwood_workflows import Task, Tasks, task
from sapwood_workflows.tasks.registry import GROUP


class Nothing(BaseModel):
    pass


def made(name: str) -> "Task[Nothing, Nothing]":
    async def does(workspace: WorkspaceId, nothing: Nothing, work: Work) -> Nothing:
        return nothing

    return task(name)(does)


@pytest.fixture
def plugin() -> Iterator[types.ModuleType]:
    module = types.ModuleType("a_plugin_of_tasks")
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def entry(name: str, attribute: str) -> EntryPoint:
    return EntryPoint(name, f"a_plugin_of_tasks:{attribute}", GROUP)


def test_a_task_a_list_and_a_function_may_be_offered(plugin: types.ModuleType) -> None:
    plugin.__dict__.update(
        one=made("one"), several=[made("two"), made("three")], later=lambda: [made("four")]
    )
    tasks = Tasks()

    tasks.load_plugins([entry("a", "one"), entry("b", "several"), entry("c", "later")])

    assert [each.name for each in tasks] == ["four", "one", "three", "two"]
    assert tasks.broken == []


def test_what_cannot_be_loaded_is_noted_and_stops_nothing_else(plugin: types.ModuleType) -> None:
    plugin.__dict__.update(one=made("one"), odd=[3], none=5)
    tasks = Tasks()

    tasks.load_plugins([entry("a", "missing"), entry("b", "odd"), entry("c", "none"), entry("d", "one")])

    assert [each.name for each in tasks] == ["one"]
    assert [broken.name for broken in tasks.broken] == ["a", "b", "c"]
    assert "AttributeError" in tasks.broken[0].reason
    assert "3 is no task" in tasks.broken[1].reason


def test_the_installed_packages_are_asked() -> None:
    tasks = Tasks()

    tasks.load_plugins()

    assert tasks.broken == []
