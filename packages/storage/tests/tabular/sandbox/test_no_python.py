"""Nothing that ships can run Python which came from outside in a bound worker."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sapwood_storage.tabular

TABULAR = Path(sapwood_storage.tabular.__path__[0])
RUNS_TEXT = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "import_module",
    "create_function",
    "load_module",
    "run_path",
}
RUNS_DATA = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "code",
    "codeop",
    "runpy",
    "subprocess",
    "multiprocessing",
}

# The parent starts workers; a worker loads its operations by a name in our own code, before it is bound.
ALLOWED = {("launcher.py", "subprocess"), ("channel.py", "subprocess"), ("worker.py", "import_module")}


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            # A method of that name may be anything: re.compile is not compile.
            if isinstance(called, ast.Name):
                yield called.id
            elif isinstance(called, ast.Attribute) and called.attr != "compile":
                yield called.attr
        elif isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("folder", ["sandbox", "readers"])
def test_no_module_turns_text_or_data_into_code(folder: str) -> None:
    modules = sorted((TABULAR / folder).rglob("*.py"))
    found = {
        (module.name, name)
        for module in modules
        for name in _names(ast.parse(module.read_text(encoding="utf-8")))
        if name in RUNS_TEXT | RUNS_DATA
    }

    assert modules
    assert found <= ALLOWED
