"""One data directory for all tests that may share one, and the command in this process."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from apps.cli.tests.house import Ended, environment

from sapwood_cli.main import main

Sapwood = Callable[..., Ended]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that lives as long as the session: most questions are asked of files read before."""
    return tmp_path_factory.mktemp("sapwood")


@pytest.fixture
def sapwood(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sapwood:
    """Run the command in this process."""

    def run(*arguments: str, home: Path = home) -> Ended:
        for name, value in environment(home).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["sapwood", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, said.out, said.err)

    return run
