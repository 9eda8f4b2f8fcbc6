"""The program as a person types it, in a directory of the test's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from apps.cli.tests.house import environment

from sapwood_cli.main import main

ROOT = Path(__file__).parents[4]
FLIGHTS = ROOT / "examples" / "flights.csv"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        return json.loads(self.out)


Sapwood = Callable[..., Ended]


@pytest.fixture
def sapwood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sapwood:
    """Run a command in this process, with a data directory of the test's own."""
    monkeypatch.chdir(tmp_path)
    for name, value in environment(tmp_path / "home").items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["sapwood", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, said.out, said.err)

    return run
