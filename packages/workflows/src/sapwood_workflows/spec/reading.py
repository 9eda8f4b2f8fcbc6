"""A workflow from YAML or JSON, and back. What is wrong is said with the line it stands on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from sapwood_shared import InvalidInput
from sapwood_shared.plain_yaml import PlainLoader
from sapwood_workflows.spec.faults import Fault, refusal
from sapwood_workflows.spec.model import Workflow

LARGEST = 5_000_000
"""Bytes of a spec; a larger one is refused unread."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a spec and where each of its parts stands."""

    name: str
    lines: dict[tuple[str, ...], int]

    def line(self, path: tuple[str, ...]) -> int | None:
        """The line, from 1, of the part or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text holds: a workflow, or what is wrong with its form."""

    workflow: Workflow | None
    faults: tuple[Fault, ...]
    source: Source


def read_workflow(text: str, *, name: str = "the spec") -> tuple[Workflow, Source]:
    """A workflow and where its parts stand; `InvalidInput` says all that is wrong with its form."""
    parsed = parse(text, name=name)
    if parsed.workflow is None:
        raise refusal(name, parsed.faults)
    return parsed.workflow, parsed.source


def parse(text: str, *, name: str = "the spec") -> Parsed:
    """The workflow or its faults; `InvalidInput` for a text that holds none at all."""
    if len(text.encode()) > LARGEST:
        raise InvalidInput(
            f"{name} is larger than {LARGEST // 1_000_000} MB", hint="cut it into sub-workflows"
        )
    try:
        node = yaml.compose(text, Loader=PlainLoader)
        given = yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise InvalidInput(f"{name} is no YAML or JSON: {_said(error)}", hint="mend it there") from error
    except RecursionError:
        raise InvalidInput(f"{name} is nested too deep", hint="write it flatter") from None
    source = Source(name, _lines(node))
    if not isinstance(given, dict):
        raise InvalidInput(f"{name} holds no workflow", hint="begin with `name:` and `steps:`")
    try:
        return Parsed(Workflow.model_validate(given), (), source)
    except ValidationError as error:
        return Parsed(None, tuple(_faults(error, source)), source)


def read_file(path: Path) -> tuple[Workflow, Source]:
    """The workflow in a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InvalidInput(f"there is no file {path}", hint="give the path of a spec") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{path} cannot be read: {error}", hint="give the path of a spec in UTF-8"
        ) from error
    return read_workflow(text, name=str(path))


def to_yaml(workflow: Workflow) -> str:
    """The workflow as YAML that reads back the same; what has its default is left out."""
    return yaml.safe_dump(_plain(workflow), sort_keys=False, allow_unicode=True, width=100)


def to_json(workflow: Workflow) -> str:
    """The workflow as JSON that reads back the same."""
    return json.dumps(_plain(workflow), indent=2, ensure_ascii=False) + "\n"


def _plain(workflow: Workflow) -> dict[str, Any]:
    return workflow.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _faults(error: ValidationError, source: Source) -> list[Fault]:
    found: list[Fault] = []
    for problem in error.errors(include_url=False, include_input=False):
        path = tuple(str(part) for part in problem["loc"])
        step = path[1] if path[:1] == ("steps",) and len(path) > 1 else None
        field = ".".join(path[2:] if step else path) or None
        said = problem["msg"].removeprefix("Value error, ")
        found.append(Fault("form", said, step=step, field=field, line=source.line(path)))
    return found


def _lines(node: yaml.Node | None) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    waiting: list[tuple[tuple[str, ...], yaml.Node | None]] = [((), node)]
    while waiting:
        path, here = waiting.pop()
        if here is None:
            continue
        found.setdefault(path, here.start_mark.line + 1)
        if isinstance(here, yaml.MappingNode):
            for key, value in here.value:
                inner = (*path, str(key.value))
                found[inner] = key.start_mark.line + 1
                waiting.append((inner, value))
        elif isinstance(here, yaml.SequenceNode):
            waiting.extend(((*path, str(index)), value) for index, value in enumerate(here.value))
    return found


def _said(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"{what} in line {mark.line + 1}, column {mark.column + 1}" if mark else what
