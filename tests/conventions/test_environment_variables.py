"""A variable that a file tells people to set is one that some code reads, under that very name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.workspace import Workspace

ROOT = Path(__file__).parents[2]
OURS = re.compile(r"\bSAPWOOD_[A-Z_]*[A-Z]\b")
SETTING = ("setenv", "delenv", "update", "write_text")


def read_in(source: str) -> set[str]:
    """The names that a module looks up, compares or assigns; what it only sets is not read."""
    return {
        word.value
        for node in ast.walk(ast.parse(source))
        for word in _looked_up(node)
        if isinstance(word, ast.Constant) and isinstance(word.value, str) and OURS.fullmatch(word.value)
    }


def _looked_up(node: ast.AST) -> Iterator[ast.expr | None]:
    match node:
        case ast.Call(func=ast.Attribute(attr=called)) if called in SETTING:
            return
        case ast.Call(args=arguments):
            yield from arguments
        case ast.Subscript(slice=key, ctx=ast.Load()):
            yield key
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            yield value
        case ast.Compare(left=left):
            yield left
        case _:
            return


def announced(workspace: Workspace) -> dict[str, set[str]]:
    """The names in what people and containers take their settings from, with the file."""
    telling = [
        path
        for path in workspace.files
        if path == ".env.example" or path.startswith(".devcontainer/") or path.endswith(".md")
    ]
    return {path: set(OURS.findall((ROOT / path).read_text(encoding="utf-8"))) for path in telling}


def test_every_variable_that_is_announced_is_read_somewhere(workspace: Workspace) -> None:
    read: set[str] = set()
    for path in workspace.files:
        if path.endswith(".py") and not path.startswith("benchmarks/"):
            source = (ROOT / path).read_text(encoding="utf-8")
            read |= read_in(source) if "SAPWOOD_" in source else set()
    told = announced(workspace)

    unread = {path: sorted(names - read) for path, names in told.items() if names - read}

    assert {"SAPWOOD_TEST_POSTGRES", "SAPWOOD_HOME"} <= told[".env.example"]
    assert unread == {}


def test_a_variable_that_is_only_set_is_not_read() -> None:
    source = """
patch.setenv("SAPWOOD_ONE", "1")
environment = {"SAPWOOD_TWO": "2"}
environment["SAPWOOD_THREE"] = "3"
"four: SAPWOOD_FOUR"
os.environ.get("SAPWOOD_FIVE")
environ["SAPWOOD_SIX"]
NAME: Final = "SAPWOOD_SEVEN"
"SAPWOOD_EIGHT" in environ
"""

    assert read_in(source) == {"SAPWOOD_FIVE", "SAPWOOD_SIX", "SAPWOOD_SEVEN", "SAPWOOD_EIGHT"}
