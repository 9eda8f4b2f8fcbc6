"""A recipe: a list of steps and the version of their form, in and out of YAML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sapwood_agents.analyst.clean.steps import Step
from sapwood_shared.errors import InvalidInput
from sapwood_shared.plain_yaml import PlainLoader
from sapwood_storage.tabular.cleaning import steps as wire

RECIPE_SCHEMA: Final = 1

# PyYAML reads these back as something else, unless they are escaped.
_FOLDED: Final = frozenset("\x85\u2028\u2029\ufeff")
_LONGEST: Final = 1 << 20
_HINT: Final = "docs/cleaning.md lists the steps and what each takes"


class Recipe(BaseModel):
    """Steps in the order in which they are applied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = RECIPE_SCHEMA
    steps: Annotated[tuple[Step, ...], Field(max_length=wire.MOST_STEPS)] = ()

    @classmethod
    def read(cls, document: Any) -> Self:
        """Return the recipe in plain data, or raise `InvalidInput` that names the step and the field."""
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            raise InvalidInput(_told(error), hint=_HINT) from error

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Return the recipe in a YAML text; anchors, tags and repeated keys are refused."""
        if len(text) > _LONGEST:
            raise InvalidInput(
                f"the recipe is longer than {_LONGEST:,} characters", hint="split it into several"
            )
        try:
            document = yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a SafeLoader that allows less
        except yaml.YAMLError as error:
            raise InvalidInput(f"the recipe is not YAML: {_one_line(error)}", hint=_HINT) from error
        except RecursionError as error:
            raise InvalidInput("the recipe is nested too deeply", hint=_HINT) from error
        return cls.read(document)

    @classmethod
    def from_wire(cls, steps: Sequence[wire.Step]) -> Self:
        """Return the recipe in a version's lineage."""
        return cls.read({"schema_version": RECIPE_SCHEMA, "steps": list(steps)})

    def to_yaml(self) -> str:
        """Return the recipe as a person would write it: defaults left out, each step opened by its kind."""
        document = {
            "schema_version": self.schema_version,
            "steps": [
                {"kind": step.kind} | step.model_dump(mode="json", exclude_defaults=True)
                for step in self.steps
            ],
        }
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
        if _FOLDED & set(text):
            text = yaml.safe_dump(document, sort_keys=False, width=100)
        return text

    def to_wire(self) -> list[wire.Step]:
        """Return the steps as the worker takes them."""
        return [step.to_wire() for step in self.steps]

    def canonical(self) -> str:
        """Return the text that goes into a version's name; the reasons are no part of it."""
        return wire.canonical(self.to_wire())


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = [part for part in first["loc"] if part not in _KINDS]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    message = first["msg"].replace("Input", "it")
    if len(place) > 1 and place[0] == "steps" and isinstance(place[1], int):
        where = f"step {place[1] + 1}"
        named = ".".join(str(part) for part in place[2:])
        return f"{where}{f', {named}' if named else ''}: {message}{more}"
    named = ".".join(str(part) for part in place)
    return f"the recipe{f', {named}' if named else ''}: {message}{more}"


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())[:300]


_KINDS: Final = frozenset({
    "trim", "cast", "parse_dates", "dedupe", "impute", "split", "regex_replace", "regex_extract", "clip",
    "rename", "drop_columns", "drop_rows", "map_categories",
})  # fmt: skip
