"""What a member's top level must not load: a count of modules, since a clock is never fair."""

import subprocess
import sys
from pathlib import Path

import pytest
from tools.workspace import Member, Workspace

ROOT = Path(__file__).parents[2]
MEMBERS = [member for member in Workspace.read(ROOT).members if not member.is_root]
HEAVY = {
    *(
        "aiohttp",
        "alembic",
        "duckdb",
        "httpx",
        "litellm",
        "numpy",
        "opentelemetry",
        "pandas",
        "prometheus_client",
    ),
    *("pyarrow", "pydantic_settings", "rich", "sqlalchemy", "sqlglot", "stamina", "structlog", "vl_convert"),
}


def loaded_by(module: str) -> set[str]:
    asked = f"import sys, {module}; print('\\n'.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("member", MEMBERS, ids=[member.name for member in MEMBERS])
def test_importing_a_members_top_level_loads_nothing_heavy(member: Member) -> None:
    assert member.module is not None
    assert loaded_by(member.module) & HEAVY == set()


def test_importing_shared_loads_the_standard_library_only() -> None:
    bare = loaded_by("os")

    extra = loaded_by("sapwood_shared") - bare - sys.stdlib_module_names

    assert extra == {"sapwood_shared"}
