"""A mirror must be able to stand in for a registry, so no file in git names one."""

import re
from collections.abc import Iterable
from pathlib import Path

from pip._internal.models.index import PyPI
from tools.workspace import Workspace

ROOT = Path(__file__).parents[2]


def registry_hosts() -> set[str]:
    # This file may not name them either: Python's come from pip and uv's own lock, npm's from their parts.
    npm = {".".join(("registry", name, end)) for name, end in (("npmjs", "org"), ("yarnpkg", "com"))}
    locked = ROOT / "uv.lock"
    seen = re.findall(r"https://([^/\"]+)/", locked.read_text()) if locked.exists() else []
    return {PyPI.netloc, PyPI.file_storage_domain, *npm, *seen}


def naming(root: Path, files: Iterable[str]) -> list[str]:
    hosts = [host.encode() for host in registry_hosts()]
    return [path for path in files if any(host in (root / path).read_bytes().lower() for host in hosts)]


def test_no_file_in_git_names_the_host_of_a_registry(workspace: Workspace) -> None:
    assert naming(ROOT, workspace.files) == []


def test_a_file_that_names_one_would_be_found(tmp_path: Path) -> None:
    for number, host in enumerate(sorted(registry_hosts())):
        (tmp_path / str(number)).write_text(f"see HTTPS://{host.upper()}/simple\n")

    assert len(naming(tmp_path, [file.name for file in tmp_path.iterdir()])) == len(registry_hosts()) >= 4
