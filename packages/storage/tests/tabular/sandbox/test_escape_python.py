"""Code that took over a worker after it was bound: each attack works elsewhere, and not in there."""

import ast
import contextlib
import fcntl
import functools
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sapwood_shared.errors import DependencyFailed
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.sandbox import launcher
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]

HOSTILE = Path(__file__).parent / "hostile"
LayBait = Callable[[], dict[str, Any]]
SECRET = "the password is swordfish"
# Where no root is, the second would be the first again.
WORKERS = ["hostile_worker", "hostile_root_worker"] if os.geteuid() == 0 else ["hostile_worker"]
# Where nothing refuses because nothing is there.
OTHER_REFUSALS = {"reads_its_environment": ("ENOENT",), "uses_a_descriptor_of_the_parent": ("EBADF",)}
_FAR = 512
_PREY = """
import ctypes, sys
secret = ctypes.create_string_buffer(b"swordfish")
print(ctypes.addressof(secret), flush=True)
sys.stdin.read()
"""


def _attacks(decorator: str) -> list[str]:
    trees = (ast.parse((HOSTILE / name).read_text()) for name in ("attacks.py", "detours.py"))
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [
        function.name
        for function in functions
        if any(isinstance(given, ast.Name) and given.id == decorator for given in function.decorator_list)
    ]


ATTACKS = _attacks("attack")
ATTACKS_OF_ROOT = _attacks("attack_of_root")


@pytest.fixture(scope="module")
def prey() -> Generator[tuple[int, int]]:
    """Another process of the same user: its id, and where in its memory a secret lies."""
    environment = {**os.environ, "SAPWOOD_SECRET": SECRET}
    command = [sys.executable, "-c", _PREY]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process.pid, int(process.stdout.readline())
        process.kill()


@pytest.fixture(scope="module")
def servers() -> Generator[dict[str, Any]]:
    """Somebody who listens at every kind of address, so that an attack could reach him."""
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        Path(directory).chmod(0o755)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        addresses = {"unix_socket": f"{directory}/socket", "abstract_socket": f"sapwood-{os.getpid()}"}
        for address in (addresses["unix_socket"], "\0" + addresses["abstract_socket"]):
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(address)
            listener.listen()
        Path(addresses["unix_socket"]).chmod(0o777)
        yield {**addresses, "tcp_port": tcp.getsockname()[1], "udp_port": udp.getsockname()[1]}


@pytest.fixture
def lay_bait(prey: tuple[int, int], servers: dict[str, Any]) -> Generator[LayBait]:
    """Lay out things outside, open to every user, so that it is not their mode that keeps a worker away."""
    with contextlib.ExitStack() as stack:

        def lay() -> dict[str, Any]:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            directory.chmod(0o777)
            for file in ("secret", "victim"):
                (directory / file).write_text(SECRET)
                (directory / file).chmod(0o666)
            inherited = stack.enter_context(tempfile.TemporaryFile())
            inherited.write(SECRET.encode())
            inherited.flush()
            # A number that no worker gives to anything of its own, and that it would inherit all the same.
            descriptor = fcntl.fcntl(inherited.fileno(), fcntl.F_DUPFD, _FAR)
            stack.callback(os.close, descriptor)
            return {
                **servers,
                "directory": str(directory),
                "secret": str(directory / "secret"),
                "victim": str(directory / "victim"),
                "process": prey[0],
                "address": prey[1],
                "variable": "SAPWOOD_SECRET",
                "descriptor": descriptor,
            }

        yield lay


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=WORKERS)
async def hostile(request: pytest.FixtureRequest) -> AsyncGenerator[SandboxPool]:
    """The shipped pool and launcher; only what runs after binding was replaced."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HOSTILE))
        patch.setenv("SAPWOOD_SECRET", SECRET)
        start = functools.partial(launcher.start, module=request.param)
        async with SandboxPool(settings=SandboxSettings(spares=1, bound=1), start=start) as pool:
            yield pool


@pytest.fixture(scope="module")
def got_outside() -> dict[str, str]:
    """What each attack got in an ordinary process, which is the same for every kind of worker."""
    return {}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def writers() -> AsyncGenerator[SandboxPool]:
    """The shipped pool, whose workers in write mode are hostile; the next one starts while one is tried."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HOSTILE))
        start = functools.partial(launcher.start, module="hostile_writer")
        async with SandboxPool(settings=SandboxSettings(spares=2), start=start) as pool:
            yield pool


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, write_parquet: Any) -> Path:
    directory = tmp_path_factory.mktemp("dataset")
    write_parquet(directory / "data.parquet", "SELECT 42 AS answer")
    return directory


def unsandboxed(name: str, bait: dict[str, Any], data: Path) -> str:
    """Run the attack in an ordinary process of this user, and return what it got."""
    told = json.dumps({**bait, "data": str(data / "data.parquet")})
    ran = subprocess.run(
        [sys.executable, str(HOSTILE / "attacker.py"), name, told],
        env={**os.environ, "SAPWOOD_SECRET": SECRET},
        pass_fds=[bait["descriptor"]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"the attack itself does not work here: {ran.stderr}"
    return json.loads(ran.stdout.splitlines()[-1])["got"]


async def sandboxed(pool: SandboxPool, name: str, bait: dict[str, Any], data: Path) -> str:
    """Run the attack in a bound worker; return how it was refused, or fail with what it got."""
    wanted = json.dumps({"attack": name, "bait": bait})
    try:
        result = await pool.query(WorkspaceId("ws_test"), "dv_1", data, wanted)
    except DependencyFailed as gone:
        return "SIGSYS" if "by SIGSYS" in gone.message else gone.message
    outcome, what = result.rows[0]
    assert outcome == "refused", f"a bound worker got {what}"
    return str(what)


async def check(
    name: str, pool: SandboxPool, got_outside: dict[str, str], lay_bait: LayBait, data: Path
) -> None:
    if name not in got_outside:
        got_outside[name] = unsandboxed(name, lay_bait(), data)
    assert got_outside[name]

    refusal = await sandboxed(pool, name, lay_bait(), data)

    assert refusal in OTHER_REFUSALS.get(name, ("EACCES", "EPERM", "ENOSYS", "SIGSYS"))
    ordinary = await pool.query(WorkspaceId("ws_test"), "dv_1", data, "SELECT answer FROM data")
    assert ordinary.rows == [[42]]


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_that_works_elsewhere_is_refused_in_a_bound_worker(
    name: str, hostile: SandboxPool, got_outside: dict[str, str], lay_bait: LayBait, data: Path
) -> None:
    await check(name, hostile, got_outside, lay_bait, data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root could do it outside")
@pytest.mark.parametrize("name", ATTACKS_OF_ROOT)
async def test_an_attack_that_works_for_root_is_refused_in_a_bound_worker(
    name: str, hostile: SandboxPool, got_outside: dict[str, str], lay_bait: LayBait, data: Path
) -> None:
    await check(name, hostile, got_outside, lay_bait, data)


@pytest.mark.parametrize("name", [*ATTACKS, *(ATTACKS_OF_ROOT if os.geteuid() == 0 else [])])
async def test_the_same_attack_is_refused_in_a_worker_that_writes(
    name: str, writers: SandboxPool, lay_bait: LayBait, data: Path, tmp_path: Path
) -> None:
    params = {"attack": name, "bait": lay_bait()}
    async with writers.writing(data / "data.parquet", tmp_path) as session:
        try:
            refusal = (await session.run("attack", params))["refused"]
        except DependencyFailed as gone:
            refusal = "SIGSYS" if "by SIGSYS" in gone.message else gone.message

    assert refusal in OTHER_REFUSALS.get(name, ("EACCES", "EPERM", "ENOSYS", "SIGSYS"))
