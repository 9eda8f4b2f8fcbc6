"""The engine for one command, and what a person means by the name of a run or of a workflow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sapwood_cli.ask import WORKSPACE
from sapwood_runtime.engine import Engine, open_engine
from sapwood_runtime.settings import load
from sapwood_shared.errors import InvalidInput, NotFound
from sapwood_workflows.engine.inputs import written_input
from sapwood_workflows.spec.model import Workflow
from sapwood_workflows.spec.reading import Source, read_file

T = TypeVar("T")
_SPECS = (".yaml", ".yml", ".json")
_SHOWN = 1_000


def with_engine(work: Callable[[Engine], Awaitable[T]]) -> T:
    """Open the engine for a command, do its work and close it."""

    async def done() -> T:
        async with open_engine(load(), workspaces=[WORKSPACE]) as engine:
            return await work(engine)

    return asyncio.run(done())


@dataclass(frozen=True)
class Named:
    """A workflow, those that it runs as steps, and where the lines of its file are."""

    workflow: Workflow
    beside: Mapping[str, Workflow]
    source: Source | None = None


async def named_workflow(engine: Engine, spec: str) -> Named:
    """A file with those beside it, or a kept workflow: `name` or `name@version`."""
    path = Path(spec)
    if path.suffix in _SPECS:
        workflow, source = read_file(path)
        return Named(workflow, await _beside_file(engine, workflow, path), source)
    name, _, version = spec.partition("@")
    if version and not version.isdigit():
        raise InvalidInput(f"{spec!r} has no version", hint=f"write {name}@2")
    try:
        workflow = await engine.library.get(WORKSPACE, name, int(version) if version else None)
    except NotFound as error:
        raise NotFound(error.message, hint="give a .yaml file, or look at: sapwood workflow list") from None
    return Named(workflow, await engine.library.beside(WORKSPACE, workflow))


async def _beside_file(engine: Engine, workflow: Workflow, path: Path) -> dict[str, Workflow]:
    """Workflows that it runs: from files of their names beside it, else those that are kept."""
    found: dict[str, Workflow] = {}
    waiting = [workflow]
    while waiting:
        for step in waiting.pop().steps.values():
            name = step.workflow
            if name is None or name in found:
                continue
            files = [path.parent / f"{stem}{end}" for stem in _stems(name) for end in _SPECS]
            near = next((file for file in files if file.is_file()), None)
            found[name] = read_file(near)[0] if near else await engine.library.get(WORKSPACE, name)
            waiting.append(found[name])
    return found


def _stems(name: str) -> tuple[str, ...]:
    return name, name.replace("-", "_")


def typed_input(workflow: Workflow, pairs: Sequence[str]) -> dict[str, Any]:
    """`name=value` as the types that the workflow takes."""
    texts: dict[str, str] = {}
    for pair in pairs:
        name, found, text = pair.partition("=")
        if not found:
            raise InvalidInput(f"--input {pair!r} has no =", hint="write --input name=value")
        texts[name.strip()] = text
    return written_input(workflow, texts)


async def named_run(engine: Engine, run: str) -> str:
    """The id of a run that a person named by its beginning, or as the last one."""
    newest = await engine.journal.newest(WORKSPACE, most=1 if run == "last" else _SHOWN)
    if run == "last":
        if not newest:
            raise NotFound("there are no runs yet", hint="start one: sapwood run SPEC")
        return str(newest[0]["id"])
    if any(row["id"] == run for row in newest):
        return run
    found = [str(row["id"]) for row in newest if row["id"].startswith((run, f"run_{run}"))]
    if len(found) > 1:
        shown = ", ".join(found[:3])
        raise InvalidInput(f"{run!r} may be one of {len(found)} runs", hint=f"give more of it: {shown}")
    return found[0] if found else run
