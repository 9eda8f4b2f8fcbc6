"""Nothing that ships can run Python which came from outside in a bound worker."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sapwood_storage.tabular.sandbox import launcher, worker

ENTRIES = (launcher.WORKER_MODULE, worker.OPERATIONS_MODULE)
OURS = "sapwood_"

# By any use, called or handed on: a built-in needs no dot before it.
RUNS_TEXT = {"eval", "exec", "compile", "__import__", "__builtins__", "globals", "execfile"}
# By their name after a dot, or imported; the last ones let the engine call Python.
RUNS_CODE = {
    "import_module", "load_module", "exec_module", "spec_from_file_location", "module_from_spec", "run_path",
    "run_module", "CFUNCTYPE", "PYFUNCTYPE", "FunctionType", "CodeType", "load_source", "addsitedir",
    "create_function", "table_function", "register_filesystem", "load_extension", "install_extension",
}  # fmt: skip
RUNS_DATA = {
    "pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "code", "codeop",
    "runpy", "subprocess", "multiprocessing", "imp", "zipimport", "importlib", "builtins", "timeit", "pdb",
    "doctest", "cProfile", "trace", "ctypes", "cffi",
}  # fmt: skip

# Before it is bound, a worker loads its operations by a name in our own code, and calls the kernel.
ALLOWED = {
    ("sapwood_storage.tabular.sandbox.worker", "importlib"),
    ("sapwood_storage.tabular.sandbox.worker", "import_module"),
    ("sapwood_storage.tabular.sandbox.landlock", "ctypes"),
    ("sapwood_storage.tabular.sandbox.layers", "ctypes"),
    ("sapwood_storage.tabular.sandbox.limits", "ctypes"),
    ("sapwood_storage.tabular.sandbox.seccomp", "ctypes"),
}


@cache
def source_of(module: str) -> Path | None:
    """Return the file of a module of ours, `None` if that name is no module."""
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    return Path(spec.origin) if spec is not None and spec.origin else None


@cache
def tree_of(module: str) -> ast.Module:
    path = source_of(module)
    assert path is not None, f"{module} has no source"
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(module: str) -> Iterator[str]:
    """Name what it imports of ours, wherever in it, with the packages above."""
    for node in ast.walk(tree_of(module)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute here"
            names = [str(node.module), *(f"{node.module}.{name.name}" for name in node.names)]
        yield from (name for name in names if name.startswith(OURS) and source_of(name))


def packages_above(module: str) -> Iterator[str]:
    parts = module.split(".")[:-1]
    yield from (".".join(parts[: depth + 1]) for depth in range(len(parts)))


@cache
def of_a_worker() -> frozenset[str]:
    """Every module of ours that can be loaded by a worker in either mode, by walking from its two entries."""
    found: set[str] = set()
    pending: list[str] = [*ENTRIES]
    while pending:
        if (module := pending.pop()) in found:
            continue
        found.add(module)
        pending.extend(imported(module))
        pending.extend(name for name in packages_above(module) if source_of(name))
    return frozenset(found)


def names(tree: ast.AST) -> Iterator[str]:
    """Name whatever is used, imported or written after a dot that turns text or data into code."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if name in RUNS_TEXT:
                yield name
            # A method of that name may be anything: re.compile is not compile.
            case ast.Attribute(attr=name) if name in RUNS_CODE:
                yield name
            case ast.Import():
                yield from (name.name.partition(".")[0] for name in node.names)
            case ast.ImportFrom():
                yield (node.module or "").partition(".")[0]
                yield from (name.name for name in node.names if name.name in RUNS_CODE | RUNS_TEXT)
            case ast.Constant(value=str(text)) if text in RUNS_TEXT:
                yield text  # for a getattr
            case _:
                pass


def test_the_walk_finds_all_that_a_worker_loads() -> None:
    script = f"import sys, {', '.join(ENTRIES)}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name for name in ran.stdout.split() if name.startswith(OURS) and source_of(name)}

    assert loaded
    assert loaded <= of_a_worker()
    assert any(".cleaning." in name for name in loaded)


@pytest.mark.parametrize("module", sorted(of_a_worker()))
def test_no_module_of_a_worker_turns_text_or_data_into_code(module: str) -> None:
    found = {name for name in names(tree_of(module)) if name in RUNS_TEXT | RUNS_CODE | RUNS_DATA}

    assert {(module, name) for name in found} <= ALLOWED


@pytest.mark.parametrize(
    "text",
    [
        "eval(x)", "map(exec, xs)", "getattr(b, 'eval')", "from pickle import loads", "import marshal as m",
        "importlib.import_module(x)", "from importlib import import_module", "connection.create_function(f)",
        "from builtins import exec as run", "c.load_extension(x)", "def f():\n    import runpy",
    ],
)  # fmt: skip
def test_each_way_to_run_python_is_seen(text: str) -> None:
    assert set(names(ast.parse(text))) & (RUNS_TEXT | RUNS_CODE | RUNS_DATA)
