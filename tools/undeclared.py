"""A pytest plugin that fails a test for a file of the workspace that its member has not said it reads.

What it looks for would change the answer of a check without changing its fingerprint. It sees what the
process of the tests opens, imports included, and the paths it hands to a command; what the command itself
opens beyond those, it cannot see.
"""

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from tools.workspace import Member, Workspace

ROOT: Final = Path(__file__).parents[1]

_Report = TypeVar("_Report", pytest.TestReport, pytest.CollectReport)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller say whose tests run."""
    parser.addoption("--member", help="the member whose declared inputs the tests may read")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch."""
    workspace = Workspace.read(ROOT)
    watch = Watch(workspace, workspace.member(str(config.getoption("--member"))))
    config.pluginmanager.register(watch)
    sys.addaudithook(watch.heed)


class Watch:
    """Remembers in `read` what was read and not declared, until a report takes it."""

    def __init__(self, workspace: Workspace, member: Member) -> None:
        self._member = member
        self._root = f"{os.path.realpath(workspace.root)}/"
        self._undeclared = frozenset(path for path in workspace.files if not workspace.reads(member, path))
        self.read: set[str] = set()
        self._process = os.getpid()

    def heed(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note the paths in an audit event of the interpreter."""
        if event == "open":
            self._note(arguments[:1])
        elif event == "subprocess.Popen":
            self._note(arguments[1] if isinstance(arguments[1], list | tuple) else ())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Fail the test that read it."""
        report = yield
        return self._refuse(report)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Fail the module that read it when it was imported."""
        report = yield
        return self._refuse(report)

    def _note(self, named: Iterable[object]) -> None:
        if os.getpid() != self._process:  # a child that was forked reports to nobody, and may be in a sandbox
            return
        for name in named:
            if isinstance(name, str | bytes | os.PathLike):
                with suppress(ValueError):  # no path at all, such as one with a null byte
                    path = _source(os.path.realpath(os.fsdecode(name))).removeprefix(self._root)
                    self.read |= {path} & self._undeclared

    def _refuse(self, report: _Report) -> _Report:
        if self.read:
            read = ", ".join(sorted(self.read))
            self.read.clear()
            report.outcome = "failed"
            report.longrepr = (
                f"{read}: read, but no part of {self._member.name}. Name it, or its folder, in also-reads "
                f"([tool.sapwood] in {self._member.path / 'pyproject.toml'}), so that a change of it counts"
            )
        return report


def _source(path: str) -> str:
    """Return the module that `path` is the bytecode of; any other path as it is."""
    folder, _, name = path.rpartition("/__pycache__/")
    return f"{folder}/{name.partition('.')[0]}.py" if folder else path
