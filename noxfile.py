"""Every check under one name for every member; `nox -l` lists them and CONTRIBUTING.md explains them."""

import atexit
import os
import sys
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

import nox

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))  # nox loads this file by its path; `tools` is found from here

from tools import (  # noqa: E402
    audit,
    benchmarks,
    changes,
    documents,
    environment,
    floors,
    licences,
    packages,
    secret_scan,
    testing,
)
from tools import lock as locks  # noqa: E402
from tools.fingerprint import fingerprint  # noqa: E402
from tools.options import Options  # noqa: E402
from tools.results import Results  # noqa: E402
from tools.workspace import Member, Workspace  # noqa: E402

nox.needs_version = ">=2026.10"
nox.options.sessions = ["format", "lint", "types", "imports", "deps", "docs", "test"]
nox.options.default_venv_backend = "none"

WORKSPACE = Workspace.read(ROOT)
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
RESULTS = Results(ROOT / ".nox" / "cache")
# What these find may change while no file of the member does: `docs` follows links out of it, and is quick.
NEVER_REMEMBERED = ("bench", "docs", "lock", "security")
REPORTS: list[Path] = []

Check = Callable[[nox.Session, Member, Options], bool | None]
"""Complains by ending the session; returns `False` if it passed without having looked at everything."""


def for_each_member(check: Check) -> Check:
    """Make `check` a session with one run a member, tagged with the member's name."""
    return _session(check, WORKSPACE.members)


def once(check: Check) -> Check:
    """Make `check` a session whose answer is about the workspace as a whole."""
    return _session(check, WORKSPACE.members[-1:])


def _session(check: Check, members: tuple[Member, ...]) -> Check:
    @nox.session(name=check.__name__)
    @nox.parametrize("member", [nox.param(member, id=member.name, tags=[member.name]) for member in members])
    @wraps(check)
    def session(session: nox.Session, member: Member) -> None:
        asked = Options.parse(session.posargs, [member.name for member in WORKSPACE.members])
        if asked.members and member.name not in asked.members:
            session.skip(f"{member.name} was not asked for")
        if asked.base is not None and member not in _affected(session, asked.base):
            session.skip(f"{member.name} is not affected by what changed since {asked.base}")
        # Taken before the check: what is edited while it runs has not been checked.
        content = fingerprint(WORKSPACE, member, check.__name__)
        # Nor does what passed before it was repaired say anything of what it was repaired to.
        remembers = not (IN_CI or asked.rest or asked.write or check.__name__ in NEVER_REMEMBERED)
        if remembers and not asked.force and RESULTS.passed(check.__name__, member.name, content):
            session.skip(f"{member.name} is unchanged since this passed (--force runs it again)")
        complete = check(session, member, asked) is not False
        if remembers and complete:
            RESULTS.record(check.__name__, member.name, content)

    return check


def _affected(session: nox.Session, base: str) -> frozenset[Member]:
    try:
        return _affected_since(WORKSPACE, base)
    except ValueError as error:
        session.error(str(error))


_affected_since = cache(changes.affected)


def _run(session: nox.Session, tool: str, *arguments: str) -> None:
    session.run(str(BIN / tool), *arguments, external=True)


def _sources(member: Member) -> list[str]:
    return [path for path in WORKSPACE.files_of(member) if path.endswith(".py")]


@for_each_member
def format(session: nox.Session, member: Member, asked: Options) -> None:  # noqa: A001  (the session's name)
    """Compare with ruff's formatting; `-- --write` formats."""
    _run(session, "ruff", "format", *(() if asked.write else ("--check",)), *asked.rest, *_sources(member))


@for_each_member
def lint(session: nox.Session, member: Member, asked: Options) -> None:
    """Run ruff's rules, security included; `-- --write` fixes what can be fixed."""
    _run(session, "ruff", "check", *(("--fix",) if asked.write else ()), *asked.rest, *_sources(member))


@for_each_member
def types(session: nox.Session, member: Member, asked: Options) -> None:
    """Check types with pyright, strict."""
    where = ["tests", "tools", "noxfile.py", "conftest.py"] if member.is_root else [str(member.path)]
    _run(session, "pyright", "--pythonpath", sys.executable, *asked.rest, *where)


@once
def imports(session: nox.Session, member: Member, asked: Options) -> None:
    """Hold the arrows between members."""
    _run(session, "lint-imports", "--no-cache", *asked.rest)


@for_each_member
def deps(session: nox.Session, member: Member, asked: Options) -> None:
    """Compare what is imported with what the manifest declares."""
    if member.is_root:  # tools may use any development dependency, and nothing that is undeclared
        _run(
            session,
            "deptry",
            "tools",
            "--known-first-party",
            "tools",
            "--ignore",
            "DEP002,DEP004",
            *asked.rest,
        )
    else:
        manifest = str(member.path / "pyproject.toml")
        _run(session, "deptry", str(member.path / "src"), "--config", manifest, *asked.rest)


@for_each_member
def test(session: nox.Session, member: Member, asked: Options) -> None:
    """Run all tests of a member with only what it declares, and hold its coverage floor."""
    python = Path(sys.executable) if member.is_root else environment.isolated(WORKSPACE, member)
    _pytest(session, python, testing.plan(WORKSPACE, member, measured=not asked.rest, rest=asked.rest))


@for_each_member
def integration(session: nox.Session, member: Member, asked: Options) -> None:
    """Run only the tests that need a real server or many processes."""
    python = Path(sys.executable) if member.is_root else environment.isolated(WORKSPACE, member)
    chosen = ("-m", "integration", *asked.rest)
    _pytest(
        session,
        python,
        testing.plan(WORKSPACE, member, label="integration", measured=False, rest=chosen),
        (0, 5),
    )


@for_each_member
def compat(session: nox.Session, member: Member, asked: Options) -> bool:
    """Run all tests of a member on the newer Pythons that are present."""
    if member.is_root:
        session.skip("the tools run on the version that .python-version names")
    complete = True
    for version in ("3.12", "3.13"):
        if (found := environment.interpreter(version)) is None:
            session.warn(f"Python {version} is not here: {member.name} was NOT TESTED on it")
            complete = False
            continue
        python = environment.isolated(WORKSPACE, member, found)
        label = f"compat-{version}"
        _pytest(
            session, python, testing.plan(WORKSPACE, member, label=label, measured=False, rest=asked.rest)
        )
    return complete


def _pytest(session: nox.Session, python: Path, run: testing.Run, success: tuple[int, ...] = (0,)) -> None:
    if not REPORTS:
        atexit.register(lambda: print(testing.total(REPORTS), flush=True))
    REPORTS.append(run.report)
    arguments = (str(python), "-m", "pytest", *run.arguments)
    session.run(*arguments, external=True, env=dict(run.environment), success_codes=success)


@for_each_member
def docs(session: nox.Session, member: Member, asked: Options) -> None:
    """Follow the links of every document; examples in a README are run by `test`."""
    written = [path for path in WORKSPACE.files_of(member) if path.endswith(".md")]
    _fail_on(session, [line for path in written for line in documents.broken_links(ROOT, path)])
    if member.is_root:
        _fail_on(
            session, documents.misnamed_fragments([file.name for file in (ROOT / "changelog.d").iterdir()])
        )


@once
def bench(session: nox.Session, member: Member, asked: Options) -> None:
    """Run the benchmarks named after `--`, or all; what follows a single name is for that benchmark."""
    try:
        plan = benchmarks.plan(asked.rest, benchmarks.found(ROOT / "benchmarks"))
    except ValueError as error:
        session.error(str(error))
    for script, arguments in plan:
        session.run(sys.executable, str(script), *arguments, external=True)


@once
def lock(session: nox.Session, member: Member, asked: Options) -> None:
    """Compare requirements.lock with a fresh resolution; `-- --write` renews it and uv.lock."""
    fresh, for_uv = locks.resolve(WORKSPACE)
    committed = ROOT / locks.LOCK
    if asked.write:
        committed.write_text(fresh)
        (ROOT / "uv.lock").write_text(for_uv)
    elif committed.read_text() != fresh:
        session.error(f"{locks.LOCK} is not what a fresh resolution gives: nox -s lock -- --write")
    _fail_on(session, [f"{locks.LOCK}: no hash for {line}" for line in locks.unhashed(fresh)])
    if floors.history_is_cut(ROOT):
        session.warn(
            "a shallow clone: coverage floors were held against the commits that are here, no others"
        )
    _fail_on(session, floors.lowered(WORKSPACE))


@once
def security(session: nox.Session, member: Member, asked: Options) -> None:
    """Look for secrets, unsafe code, licences that do not fit, unhashed requirements and known holes."""
    _fail_on(session, secret_scan.secrets_in(ROOT, WORKSPACE.files))
    shipped = [f"{other.path}/src" for other in WORKSPACE.members if not other.is_root]
    _run(session, "ruff", "check", "--select", "S", *shipped)
    _fail_on(session, licences.refused(licences.installed(), known=licences.READ_IN_SOURCE))
    _fail_on(session, [f"no hash for {line}" for line in locks.unhashed((ROOT / locks.LOCK).read_text())])
    if os.environ.get("SAPWOOD_OFFLINE") == "1":
        session.warn("NOT AUDITED: SAPWOOD_OFFLINE=1, so nobody was asked about known holes")
    else:
        for pin in audit.elsewhere(locks.pins((ROOT / locks.LOCK).read_text())):
            session.warn(f"NOT AUDITED: {pin}, which is for another platform")
        _fail_on(session, audit.complaints(ROOT / locks.LOCK))


@once
def build(session: nox.Session, member: Member, asked: Options) -> None:
    """Build a wheel of every member into dist/ and look inside."""
    out = ROOT / "dist"
    pinned = ("--build-constraint", locks.LOCK, "--require-hashes")
    session.run(
        *environment.UV,
        "build",
        "--quiet",
        "--clear",
        "--wheel",
        "--all-packages",
        "--out-dir",
        str(out),
        *pinned,
    )
    _fail_on(session, [line for wheel in sorted(out.glob("*.whl")) for line in packages.incomplete(wheel)])


@nox.session
def kill(session: nox.Session) -> None:
    """Kill workers 200 times on each database, or `-- --kills N`; nothing may be lost or done twice."""
    asked = session.posargs or ["--kills", "200"]
    for database in ("sqlite", "postgres"):
        _run(session, "python", "-m", "tests.kill.harness", "--database", database, *asked)


PEERS = {
    "dbos": ["dbos==3.4.0", "psycopg[binary]"],
    "prefect": ["prefect==3.8.8", "fastapi==0.149.0"],
    "airflow": ["apache-airflow==3.3.2"],
}
"""What the workflow engine is measured beside, each in an environment of its own."""


@nox.session
def peers(session: nox.Session) -> None:
    """Measure a step beside Dramatiq, DBOS, Prefect and Airflow; the arguments are those of the benchmark."""
    for name, packages_of in PEERS.items():
        place = ROOT / ".nox" / "peers" / name
        if not (place / "bin" / "python").exists():
            _run(session, "uv", "venv", "--python", "3.11", str(place))
            _run(session, "uv", "pip", "install", "--python", str(place), *packages_of)
    _run(session, "python", "-m", "benchmarks.workflow_dag", *session.posargs)


def _fail_on(session: nox.Session, complaints: list[str]) -> None:
    if complaints:
        session.error("\n".join(["", *complaints]))
