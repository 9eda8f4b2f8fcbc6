"""`sapwood schedule`: when kept workflows run by themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.render import render_table
from sapwood_cli.workflows.opening import named_workflow, typed_input, with_engine
from sapwood_cli.workflows.showing import moment
from sapwood_runtime.engine import Engine
from sapwood_shared.errors import InvalidInput
from sapwood_shared.plain_yaml import PlainLoader
from sapwood_workflows.schedules import Schedule, in_words, upcoming

_SHOWN = 5
_SPECS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class ScheduleOptions:
    """When it fires, and what becomes of a firing that comes too late or too soon."""

    cron: str | None
    every: str | None
    at: str | None
    time_zone: str
    overlap: str
    catch_up: str

    @property
    def says_when(self) -> bool:
        """Whether a moment was given."""
        return any((self.cron, self.every, self.at))


def add(name: str, spec: str, options: ScheduleOptions, given: Sequence[str]) -> int:
    """Keep a schedule, and the workflow of a file."""

    async def work(engine: Engine) -> Schedule:
        schedule = _from_file(spec) if Path(spec).suffix in _SPECS and not options.says_when else None
        if schedule is None:
            named = await named_workflow(engine, spec)
            if named.source is not None:
                for each in (named.workflow, *named.beside.values()):
                    await engine.library.save(WORKSPACE, each, by="local")
            schedule = _made(named.workflow.name, options, typed_input(named.workflow, given))
        await engine.schedules.save(WORKSPACE, name, schedule, by="local")
        return schedule

    schedule = with_engine(work)
    following = next(upcoming(schedule, datetime.now(UTC)), None)
    print(f"{name}: {schedule.workflow}, {in_words(schedule)}")
    print(f"  next: {following.astimezone():%Y-%m-%d %H:%M:%S %Z}" if following else "  it never fires")
    return 0


def _made(workflow: str, options: ScheduleOptions, given: dict[str, Any]) -> Schedule:
    if not options.says_when:
        raise InvalidInput("when shall it run?", hint="give --cron, --every or --at, or a file of a schedule")
    written: dict[str, Any] = {
        "workflow": workflow, "input": given, "cron": options.cron, "every": options.every, "at": options.at,
        "time_zone": options.time_zone, "overlap": options.overlap, "catch_up": options.catch_up,
    }  # fmt: skip
    if options.every:
        written["start"] = datetime.now(UTC)
    return _checked({key: value for key, value in written.items() if value is not None}, "the schedule")


def _from_file(file: str) -> Schedule:
    try:
        written = yaml.load(Path(file).read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInput(f"{file} cannot be read: {error}", hint="give a file in YAML or JSON") from None
    if isinstance(written, dict) and "steps" in written:
        raise InvalidInput(f"{file} is a workflow", hint="say when it runs: --cron, --every or --at")
    return _checked(written, file)


def _checked(written: Any, what: str) -> Schedule:
    try:
        return Schedule.model_validate(written)
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, each['loc']))} {each['msg'].removeprefix('Value error, ')}".strip()
            for each in error.errors(include_url=False, include_input=False)
        )
        raise InvalidInput(f"{what} is wrong: {said}", hint="see sapwood schedule add --help") from None


def list_all(*, as_json: bool) -> int:
    """Print the schedules."""

    async def work(engine: Engine) -> list[dict[str, Any]]:
        return await engine.schedules.list(WORKSPACE)

    rows = with_engine(work)
    if as_json:
        print(json.dumps({"schedules": [_shown(row) for row in rows]}, ensure_ascii=False))
        return 0
    if not rows:
        print("no schedules")
        return 0
    table = [
        [row["name"], row["spec"]["workflow"], in_words(Schedule.model_validate(row["spec"])),
         "rests" if row["spec"].get("paused") else moment(row["next_ms"]), row["error"] or ""]
        for row in rows
    ]  # fmt: skip
    print(render_table(["schedule", "workflow", "when", "next", "error"], table))
    return 0


def show(name: str, *, as_json: bool) -> int:
    """Print a schedule and its next moments."""

    async def work(engine: Engine) -> dict[str, Any]:
        return await engine.schedules.get(WORKSPACE, name)

    row = with_engine(work)
    schedule = Schedule.model_validate(row["spec"])
    moments = [] if schedule.paused else list(islice(upcoming(schedule, datetime.now(UTC)), _SHOWN))
    if as_json:
        print(json.dumps({**_shown(row), "next": [each.isoformat() for each in moments]}, ensure_ascii=False))
        return 0
    print(f"{name}: {schedule.workflow}, {in_words(schedule)}" + (", rests" if schedule.paused else ""))
    if schedule.input:
        print(f"  input: {json.dumps(schedule.input, ensure_ascii=False)}")
    for each in moments:
        print(f"  {each.astimezone():%Y-%m-%d %H:%M:%S %Z}")
    if row["missed"]:
        print(f"  missed so far: {row['missed']}")
    if row["error"]:
        print(f"  the last firing came to nothing: {row['error']}")
    return 0


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("name", "spec", "next_ms", "waiting", "missed", "error")}


def set_paused(name: str, *, paused: bool) -> int:
    """Let it rest, or go on."""

    async def work(engine: Engine) -> None:
        await engine.schedules.set_paused(WORKSPACE, name, paused=paused)

    with_engine(work)
    print(f"{name} {'rests' if paused else 'goes on'}")
    return 0


def remove(name: str) -> int:
    """Forget it."""

    async def work(engine: Engine) -> None:
        await engine.schedules.remove(WORKSPACE, name)

    with_engine(work)
    print(f"{name} is gone")
    return 0
