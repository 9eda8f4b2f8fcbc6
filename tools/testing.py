"""How a member's tests are run, and the sum of several runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from tools.workspace import Member, Workspace

# Most tests wait for a worker, a server or a command. More than four at once need too much memory.
AT_ONCE: Final = ("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")


@dataclass(frozen=True, slots=True)
class Run:
    """One pytest command, and where it leaves its report and its coverage."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    report: Path


def plan(
    workspace: Workspace,
    member: Member,
    *,
    label: str = "test",
    measured: bool = True,
    rest: tuple[str, ...] = (),
) -> Run:
    """Return the pytest arguments for `member`: all its tests several at once, or as `rest` says.

    A run of all its tests is measured against its floor.
    """
    made = workspace.root / ".nox" / "made" / label
    made.mkdir(parents=True, exist_ok=True)
    report = made / f"{member.name}.xml"
    report.unlink(missing_ok=True)
    # The root may read whatever it likes. Where threads are measured, CPython 3.11 may fail to trace one
    # while it tells the watcher of another.
    watches = not (member.is_root or measured)
    watched = ("-p", "tools.undeclared", f"--member={member.name}") if watches else ()
    arguments = [str(member.path / "tests"), f"--junitxml={report}", *watched, *(rest or AT_ONCE)]
    if measured:
        arguments += [
            f"--cov={member.module}",
            "--cov-branch",
            "--cov-report=term-missing:skip-covered",
            f"--cov-fail-under={member.coverage_floor}",
        ]
    return Run(tuple(arguments), {"COVERAGE_FILE": str(made / f"{member.name}.coverage")}, report)


def total(reports: Iterable[Path]) -> str:
    """Return one line in pytest's own form for all these reports together."""
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    seconds = 0.0
    for report in reports:
        if not report.exists():  # pytest died before it could write one
            counts["errors"] += 1
            counts["tests"] += 1
            continue
        for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314  (pytest wrote it a moment ago)
            for name in counts:
                counts[name] += int(suite.get(name, "0"))
            seconds += float(suite.get("time", "0"))
    passed = counts["tests"] - counts["failures"] - counts["errors"] - counts["skipped"]
    said = [
        f"{count} {word}"
        for count, word in (
            (counts["failures"], "failed"),
            (passed, "passed"),
            (counts["skipped"], "skipped"),
            (counts["errors"], "errors"),
        )
        if count
    ]
    return f" {', '.join(said) or 'no tests ran'} in {seconds:.2f}s ".center(79, "=")
