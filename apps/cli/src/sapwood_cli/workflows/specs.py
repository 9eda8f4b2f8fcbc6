"""`sapwood workflow`: what can be run, what a spec says, and what is wrong with it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.render import render_table
from sapwood_cli.workflows.opening import Named, named_workflow, with_engine
from sapwood_runtime.engine import Engine
from sapwood_shared.errors import InvalidInput
from sapwood_workflows.spec.checking import faults
from sapwood_workflows.spec.faults import Fault
from sapwood_workflows.spec.graph import dependencies, in_order
from sapwood_workflows.spec.model import Step, Workflow
from sapwood_workflows.spec.reading import parse
from sapwood_workflows.templates import Templates


def list_all(*, as_json: bool) -> int:
    """Print what is kept, the templates and the tasks."""

    async def work(engine: Engine) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        kept = [
            {"name": each.workflow.name, "version": each.workflow.version,
             "description": each.workflow.description}
            for each in await engine.library.list(WORKSPACE)
        ]  # fmt: skip
        tasks = [
            {"name": each.name, "version": each.version, "runs": each.options.runs.value,
             "queue": each.options.queue.value, "description": each.summary}
            for each in engine.tasks
        ]  # fmt: skip
        return kept, tasks

    kept, tasks = with_engine(work)
    templates = [
        {"name": each.name, "category": each.category, "description": each.workflow.description}
        for each in Templates.installed()
    ]
    if as_json:
        print(json.dumps({"kept": kept, "templates": templates, "tasks": tasks}, ensure_ascii=False))
        return 0
    for title, rows in (("kept workflows", kept), ("templates", templates), ("tasks", tasks)):
        if rows:
            print(f"{title}\n{render_table(list(rows[0]), [list(row.values()) for row in rows], most=200)}\n")
    return 0


def show(spec: str, *, as_json: bool) -> int:
    """Print a workflow's input and steps."""
    template = Templates.installed().find(spec)
    named = (
        Named(template.workflow, {})
        if template is not None
        else with_engine(lambda engine: named_workflow(engine, spec))
    )
    workflow = named.workflow
    if as_json:
        print(json.dumps(workflow.model_dump(mode="json", by_alias=True, exclude_defaults=True)))
        return 0
    print(f"{workflow.name}, version {workflow.version}")
    if workflow.description:
        print(f"  {workflow.description}")
    for name, field in workflow.input.items():
        needed = "" if field.is_required else f", {json.dumps(field.default)} unless given"
        print(f"  --input {name}=… ({field.type}{needed}) {field.description}".rstrip())
    before = dependencies(workflow)
    for name in in_order(before):
        after = f"  after {', '.join(sorted(before[name]))}" if before[name] else ""
        print(f"  {name}: {_does(workflow.steps[name])}{after}")
    return 0


def _does(step: Step) -> str:
    what = step.task or (f"the workflow {step.workflow}" if step.workflow else step.kind.replace("_", " "))
    each = " for each item" if step.foreach is not None else ""
    when = f" when {step.when}" if step.when else ""
    return f"{what}{each}{when}"


def validate(files: Sequence[str], *, as_json: bool) -> int:
    """Print what is wrong; 2 when something is."""
    read = {file: _parsed(file) for file in files}
    together = {each.workflow.name: each.workflow for each in read.values() if each.workflow is not None}

    async def work(engine: Engine) -> dict[str, list[Fault]]:
        found: dict[str, list[Fault]] = {}
        for file, parsed in read.items():
            if parsed.workflow is None:
                found[file] = list(parsed.faults)
                continue
            kept = {
                each.workflow.name: each.workflow for each in reversed(await engine.library.list(WORKSPACE))
            }
            found[file] = faults(parsed.workflow, engine.tasks, {**kept, **together}, parsed.source)
        return found

    found = with_engine(work)
    if as_json:
        print(json.dumps({file: [each.as_dict() for each in wrong] for file, wrong in found.items()}))
    else:
        for file, wrong in found.items():
            if not wrong:
                print(f"{file}: can run")
            for fault in wrong:
                print(f"{file}: {fault}", file=sys.stderr)
                if fault.hint:
                    print(f"  {fault.hint}", file=sys.stderr)
    return 2 if any(found.values()) else 0


def _parsed(file: str) -> Any:
    try:
        return parse(Path(file).read_text(encoding="utf-8"), name=file)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{file} cannot be read: {error}", hint="give the path of a spec in UTF-8"
        ) from None


def new(file: str, template: str) -> int:
    """Write a file from a template."""
    found = Templates.installed().get(template)
    path = Path(file)
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(found.text)
    except FileExistsError:
        raise InvalidInput(f"{file} is there already", hint="give another name") from None
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written: {error.strerror}", hint="give another place") from None
    print(f"{file}\n  run it: sapwood run {file}" + "".join(_asked(found.workflow)))
    return 0


def _asked(workflow: Workflow) -> list[str]:
    return [f" --input {name}=…" for name, field in workflow.input.items() if field.is_required]


def save(spec: str) -> int:
    """Keep the workflow of a file, and those of the files beside it that it runs."""

    async def work(engine: Engine) -> list[str]:
        named = await named_workflow(engine, spec)
        if found := faults(named.workflow, engine.tasks, named.beside, named.source):
            from sapwood_workflows.spec.faults import refusal

            raise refusal(spec, found)
        for each in (*named.beside.values(), named.workflow):
            await engine.library.save(WORKSPACE, each, by="local")
        return [f"{each.name}@{each.version}" for each in (named.workflow, *named.beside.values())]

    print("kept: " + ", ".join(with_engine(work)))
    return 0
