"""The command as a person runs it, in this process or in one of its own."""

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonschema

ROOT: Final = Path(__file__).parents[3]
FLIGHTS: Final = str(ROOT / "examples" / "flights.csv")
SCHEMAS: Final = ROOT / "docs" / "schemas"
_PR_CAPBSET_DROP = 24
_CAP_CHOWN, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH, _CAP_SETUID = 0, 1, 2, 7
COMMAND: Final = [sys.executable, "-m", "sapwood_cli.main"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    def json(self, schema: str) -> dict[str, Any]:
        """The one object on stdout, which fits the published schema."""
        found = json.loads(self.out)
        jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.json").read_text()))
        return found


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command that keeps its data under `home`."""
    return os.environ | {"SAPWOOD_HOME": str(home), "COLUMNS": "120"} | dict(more or {})


def spawned(
    home: Path, *arguments: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None, **more: Any
) -> Ended:
    """Run the command in a process of its own, with pipes for a terminal."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=given,
        env=environment(home, env),
        capture_output=True,
        check=False,
        timeout=60,
        **more,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def without_root() -> None:
    """Let permissions hold for root as well, in the process about to start."""
    _without(_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH)


def without_another_user() -> None:
    """Let root stay root, in the process about to start."""
    _without(_CAP_CHOWN, _CAP_SETUID)


def _without(*capabilities: int) -> None:
    prctl = ctypes.CDLL(None).prctl
    for capability in capabilities:
        prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
