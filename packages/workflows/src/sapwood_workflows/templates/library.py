"""Templates: YAML files in folders that are their categories, in any installed package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from typing import Final

from sapwood_shared import NotFound
from sapwood_shared.logging import get_logger
from sapwood_workflows.spec.model import Workflow
from sapwood_workflows.spec.reading import read_workflow

GROUP: Final = "sapwood.templates"
"""The entry points: each names a package that holds folders of YAML files."""


@dataclass(frozen=True, slots=True)
class Template:
    """A workflow as text, with the comments that explain it."""

    category: str
    text: str
    workflow: Workflow

    @property
    def name(self) -> str:
        """What it is asked for by."""
        return self.workflow.name


class Templates:
    """All templates, by category and name."""

    def __init__(self, found: Sequence[Template]) -> None:
        self._found = sorted(found, key=lambda each: (each.category, each.name))

    @classmethod
    def installed(cls, found: Sequence[EntryPoint] | None = None) -> Templates:
        """Those of all installed packages; one that cannot be read is left out and logged."""
        kept: list[Template] = []
        for entry in sorted(entry_points(group=GROUP) if found is None else found):
            try:
                kept += _in_package(entry.value)
            except Exception as error:  # noqa: BLE001 - whatever a stranger's package does
                reason = f"{type(error).__name__}: {error}"
                get_logger(__name__).warning("templates_not_loaded", plugin=entry.name, reason=reason)
        return cls(kept)

    def find(self, name: str) -> Template | None:
        """The template of this name, if there is one."""
        return next((each for each in self._found if each.name == name), None)

    def get(self, name: str) -> Template:
        """The template of this name; `NotFound` names all."""
        found = self.find(name)
        if found is None:
            known = ", ".join(each.name for each in self._found) or "none"
            raise NotFound(f"there is no template {name!r}", hint=f"there are: {known}")
        return found

    def __iter__(self) -> Iterator[Template]:
        return iter(self._found)


def _in_package(package: str) -> Iterator[Template]:
    for folder in files(package).iterdir():
        if not folder.is_dir() or folder.name.startswith("_"):
            continue
        for file in folder.iterdir():
            if file.name.endswith(".yaml"):
                text = file.read_text(encoding="utf-8")
                yield Template(folder.name, text, read_workflow(text, name=file.name)[0])
