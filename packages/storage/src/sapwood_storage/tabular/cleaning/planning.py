"""From steps to one SELECT: each step in its turn, consecutive fills together."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.cleaning import rows, values
from sapwood_storage.tabular.cleaning.draft import Draft, Field
from sapwood_storage.tabular.cleaning.rows import Facts, NoFacts
from sapwood_storage.tabular.cleaning.steps import MOST_STEPS, Impute, Step
from sapwood_storage.tabular.model import Column

_BY_ROW: Final[dict[str, Callable[[Draft, int, Any], None]]] = {
    "trim": values.trim,
    "cast": values.cast,
    "parse_dates": values.parse_dates,
    "regex_replace": values.regex_replace,
    "regex_extract": values.regex_extract,
    "clip": values.clip,
    "map_categories": values.map_categories,
    "split": values.split,
    "drop_rows": rows.drop_rows,
    "rename": lambda draft, _, step: draft.rename(step["names"]),
    "drop_columns": lambda draft, _, step: draft.drop(step["columns"]),
}


def check(columns: Sequence[Column], steps: Sequence[Step]) -> tuple[Column, ...]:
    """Return the columns that `steps` would leave, or raise `InvalidInput` naming the step that cannot be."""
    draft = Draft("data", "0", columns)
    apply(draft, steps, NoFacts())
    return draft.columns


def apply(draft: Draft, steps: Sequence[Step], facts: Facts) -> None:
    """Let `draft` grow by all of `steps`; they are numbered from 0."""
    if len(steps) > MOST_STEPS:
        raise InvalidInput(
            f"the recipe has {len(steps):,} steps, {MOST_STEPS} are allowed",
            hint="put columns that are treated alike into one step",
        )
    for batch in _batches(steps):
        facts.lighten(draft)
        learned = _learn(draft, batch, facts)
        for number, step in batch:
            with _in_step(number, step):
                _check_columns(step)
                if step["kind"] == "impute":
                    rows.impute(draft, number, step, learned.get(number))
                elif step["kind"] == "dedupe":
                    rows.dedupe(draft, number, step, facts)
                else:
                    _BY_ROW[step["kind"]](draft, number, step)


def name_of(number: int, step: Step) -> str:
    """Return what a step is called in messages; people count from 1."""
    return f"step {number + 1}, {step['kind']}"


@contextmanager
def _in_step(number: int, step: Step) -> Generator[None]:
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(f"{name_of(number, step)}: {error.message}", hint=error.hint) from error


def _learn(draft: Draft, batch: Sequence[tuple[int, Step]], facts: Facts) -> dict[int, str]:
    wanted: dict[int, tuple[Field, str]] = {}
    for number, step in batch:
        if step["kind"] == "impute":
            with _in_step(number, step):
                if (fill := rows.wanted_fill(draft, step)) is not None:
                    wanted[number] = fill
    return facts.fills(draft, wanted) if wanted else {}


def _batches(steps: Sequence[Step]) -> Iterator[list[tuple[int, Step]]]:
    batch: list[tuple[int, Step]] = []
    for number, step in enumerate(steps):
        if batch and not _joins(batch, step):
            yield batch
            batch = []
        batch.append((number, step))
    if batch:
        yield batch


def _joins(batch: Sequence[tuple[int, Step]], step: Step) -> bool:
    earlier: list[Impute] = [one for _, one in batch if one["kind"] == "impute"]
    taken = {name for one in earlier for name in (one["column"], one["flag"])}
    return bool(earlier) and step["kind"] == "impute" and step["column"] not in taken


def _check_columns(step: Step) -> None:
    if "columns" not in step:
        return
    named = step["columns"]
    if not named and step["kind"] != "dedupe":
        raise InvalidInput("it names no column", hint="give at least one under `columns`")
    twice = next((name for place, name in enumerate(named) if name in named[:place]), None)
    if twice is not None:
        raise InvalidInput(f"it names {twice!r} twice", hint="name each column once")
