"""The graph of a workflow: what each step waits for, written or referred to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from sapwood_workflows.spec.expressions import Reference, Unreadable, expression, references_in
from sapwood_workflows.spec.model import Step, Workflow


def references_of(step: Step) -> Iterator[tuple[str, Reference]]:
    """Each reference of a step with the field that holds it; what cannot be read is passed over."""
    fields: list[tuple[str, object]] = [("with", step.with_)]
    if step.foreach is not None:
        fields.append(("foreach", step.foreach.over))
    if step.approval is not None:
        fields.append(("approval", step.approval.message))
    for field, value in fields:
        try:
            yield from ((field, each) for each in references_in(value))
        except Unreadable:
            continue
    conditions = [("when", step.when), ("wait_for_event", step.wait_for_event and step.wait_for_event.when)]
    for field, condition in conditions:
        if condition:
            try:
                yield from ((field, each) for each in expression(condition).references)
            except Unreadable:
                continue


def dependencies(workflow: Workflow) -> dict[str, frozenset[str]]:
    """The steps that come directly before each: those it needs and those it refers to."""
    return {name: dependencies_of(step, workflow) for name, step in workflow.steps.items()}


def dependencies_of(step: Step, workflow: Workflow) -> frozenset[str]:
    """The steps that come directly before this one; those that there are not are left out."""
    referred = {reference.step for _, reference in references_of(step) if reference.step is not None}
    return frozenset(name for name in {*step.needs, *referred} if name in workflow.steps)


def cycle(graph: Mapping[str, frozenset[str]]) -> list[str]:
    """Steps that wait for each other in a ring, the first one again at the end; empty where none do."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(step) for step in error.args[1]]
    return []


def nests_in_itself(workflow: Workflow, workflows: Mapping[str, Workflow]) -> list[str]:
    """The workflows through which this one runs itself, which would have no end; empty where it does not."""
    known = {**workflows, workflow.name: workflow}
    nested = {
        name: frozenset(step.workflow for step in each.steps.values() if step.workflow in known)
        for name, each in known.items()
    }
    ring = cycle({name: frozenset(str(inner) for inner in inners) for name, inners in nested.items()})
    return ring if workflow.name in ring else []


def in_order(graph: Mapping[str, frozenset[str]]) -> list[str]:
    """The steps so that each comes after those it waits for; the graph has no cycle."""
    return list(TopologicalSorter(graph).static_order())


def ancestors(graph: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """All that comes before each step, near or far; the graph has no cycle."""
    found: dict[str, frozenset[str]] = {}
    for step in in_order(graph):
        before = graph.get(step, frozenset())
        found[step] = before.union(*(found.get(other, frozenset()) for other in before))
    return found


def layers(graph: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The steps in columns for a drawing: each as far left as what it waits for allows."""
    depth: dict[str, int] = {}
    for step in in_order(graph):
        depth[step] = 1 + max((depth[before] for before in graph.get(step, frozenset())), default=-1)
    columns: list[list[str]] = [[] for _ in range(1 + max(depth.values(), default=-1))]
    for step in graph:
        columns[depth[step]].append(step)
    return columns
