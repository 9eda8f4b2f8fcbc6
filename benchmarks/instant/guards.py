"""The product's grounds to decline, one by one: which of them spoke, and what would be answered without it.

A guard is a function that says what is wrong with a reading or its result; without it everything passes. They
are found in the modules that hold nothing else.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from inspect import getmembers, isfunction
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from sapwood_agents.analyst import ask
from sapwood_agents.analyst import reader as reading
from sapwood_agents.analyst.answer import Answer
from sapwood_agents.analyst.ask import Analyst, Question
from sapwood_agents.analyst.language import audit, plausible
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.reader import Outcome, Reader
from sapwood_shared import WorkspaceId

PLAUSIBLE = [
    import_module(f"{plausible.__name__}.{module.name}") for module in iter_modules(plausible.__path__)
]
AMBIGUOUS, VACUOUS = "ambiguous", "vacuous"
AUDITED = ("_number", "_value", "_date", "_negation", "_text")


@dataclass(frozen=True)
class Guard:
    """A function by the place that it is called from, and what it says when nothing is wrong."""

    name: str
    owner: Any
    attribute: str
    passes: object


def public(module: ModuleType) -> list[str]:
    """The names of the functions that a module has for others."""
    return [
        name
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def guards() -> list[Guard]:
    """Every guard of the instant tier but the margin between two readings, which is no function."""
    return [
        *(Guard(f"audit{name}", audit, name, True) for name in AUDITED),
        Guard("audit", reading, "unused", ()),
        Guard("strangers", plausible, "unknown_rows", ()),
        *(
            Guard(f"{module.__name__.rpartition('.')[2]}.{name}", module, name, ())
            for module in PLAUSIBLE
            for name in public(module)
        ),
        Guard(VACUOUS, ask, "vacuous", None),
    ]


NAMES = (*(guard.name for guard in guards()), AMBIGUOUS)


@dataclass
class Watch:
    """Notes which guards spoke while a question was read; the one called `off` is not heard."""

    spoke: set[str] = field(default_factory=set)
    off: str | None = None

    def hear(self, name: str, verdict: object, passes: object) -> object:
        """Note a verdict, and give the one to go by."""
        if verdict == passes:
            return verdict
        self.spoke.add(name)
        return passes if self.off == name else verdict

    def listening(self, guard: Guard) -> Callable[..., object]:
        """The guard's function, heard."""
        function = getattr(guard.owner, guard.attribute)
        return lambda *given: self.hear(guard.name, function(*given), guard.passes)

    def settled(self) -> property:
        """`Outcome.settled`, heard: without it the least doubtful reading is answered."""
        strict = Outcome.settled.fget
        assert strict is not None

        def settled(outcome: Outcome) -> object:
            likeliest = outcome.readings[0].intent if outcome.readings else None
            return self.hear(AMBIGUOUS, strict(outcome), likeliest)

        return property(settled)


@contextmanager
def watched() -> Generator[Watch]:
    """Put a watch on every guard, and take it off again."""
    watch = Watch()
    places: list[tuple[Any, str, object]] = [
        (guard.owner, guard.attribute, watch.listening(guard)) for guard in guards()
    ]
    places.append((Outcome, "settled", watch.settled()))
    originals = [(owner, name, vars(owner)[name]) for owner, name, _ in places]
    for owner, name, heard in places:
        setattr(owner, name, heard)
    try:
        yield watch
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


@dataclass
class WatchedAnalyst(Analyst):
    """The analyst, who keeps what the guards said of the question itself, not of those suggested instead."""

    watch: Watch = field(default_factory=Watch)
    read_by: set[str] = field(default_factory=set)

    @property
    def spoke(self) -> set[str]:
        """The guards that spoke of the last question."""
        return self.read_by | self.watch.spoke & {VACUOUS}

    async def _read(
        self, workspace: WorkspaceId, dataset: Dataset, reader: Reader, question: Question
    ) -> Outcome:
        self.watch.spoke.clear()
        outcome = await super()._read(workspace, dataset, reader, question)
        outcome.settled  # noqa: B018  # asked for what the guard says of it
        self.read_by = set(self.watch.spoke)
        return outcome

    async def without(
        self, guard: str, workspace: WorkspaceId, dataset: Dataset, question: Question
    ) -> Answer | None:
        """The answer with one guard off, if there is one then."""
        self.watch.off = guard
        try:
            reader = await self._reader(workspace, dataset)
            outcome = await self._read(workspace, dataset, reader, question)
            if outcome.settled is None:
                return None
            answer = await self._run(workspace, dataset, question, reader, outcome.settled)
        finally:
            self.watch.off = None
        return answer if answer.answer is not None else None
