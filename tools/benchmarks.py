"""Which benchmarks there are, and what each of those named on the command line is told."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Final

_NO_BENCHMARKS: Final = ("make_csv",)
"""They make what others measure."""

_ENTRY: Final = "evaluate.py"
_ARGUMENTS: Final = {"instant": ("test",)}
"""What a benchmark that must be told something is told when nothing is said."""


def found(directory: Path) -> dict[str, Path]:
    """Return the benchmarks by name: a file each, or a directory with `evaluate.py`."""
    files = {path.stem: path for path in sorted(directory.glob("[a-z]*.py"))}
    return {name: path for name, path in files.items() if name not in _NO_BENCHMARKS} | {
        path.parent.name: path for path in sorted(directory.glob(f"*/{_ENTRY}"))
    }


def plan(words: Sequence[str], there: Mapping[str, Path]) -> list[tuple[Path, tuple[str, ...]]]:
    """Return what to run with which arguments: `NAME…`, or `NAME` and what it is told, or all for no word.

    Raises `ValueError` for a name that is none.
    """
    names = list(takewhile(there.__contains__, words))
    told = tuple(words[len(names) :])
    if told and len(names) != 1:
        raise ValueError(f"there is no benchmark {told[0]!r}; there are {', '.join(there)}")
    return [(there[name], told or _ARGUMENTS.get(name, ())) for name in names or there]
