import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tools.workspace import Member, Workspace

ROOT = Path(__file__).parents[2]
MEMBERS = [member for member in Workspace.read(ROOT).members if not member.is_root]

each_member = pytest.mark.parametrize("member", MEMBERS, ids=[member.name for member in MEMBERS])


@each_member
def test_a_member_has_what_a_stranger_looks_for(member: Member) -> None:
    folder = ROOT / member.path
    expected = ["README.md", "LICENSE", f"src/{member.module}/__init__.py", f"src/{member.module}/py.typed"]

    assert [path for path in expected if not (folder / path).is_file()] == []
    assert list((folder / "tests").rglob("test_*.py")), "a member without tests is not one yet"


@each_member
def test_a_manifest_says_who_may_use_it_and_on_what(member: Member) -> None:
    project = tomllib.loads((ROOT / member.path / "pyproject.toml").read_text())["project"]

    assert project["requires-python"] == ">=3.11"
    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE"]
    assert project["version"]
    assert project["description"].endswith(".")


@each_member
def test_a_members_coverage_has_a_floor(member: Member) -> None:
    assert member.coverage_floor > 0


@each_member
def test_what_a_member_also_reads_is_there_and_outside_it(member: Member) -> None:
    assert [path for path in member.also_reads if not (ROOT / path).exists()] == []
    assert [path for path in member.also_reads if Path(path).is_relative_to(member.path)] == []


@each_member
def test_a_dependency_from_outside_has_a_lower_and_an_upper_bound(member: Member) -> None:
    project = tomllib.loads((ROOT / member.path / "pyproject.toml").read_text())["project"]
    extras = project.get("optional-dependencies", {}).values()
    lines = [*project.get("dependencies", []), *(line for extra in extras for line in extra)]

    unbound = [
        line for line in lines if not line.startswith("sapwood") and not (">=" in line and "<" in line)
    ]

    assert [line for line in unbound if "==" not in line] == []


def test_the_root_leans_on_every_member_and_its_development_on_every_extra() -> None:
    manifest = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [Requirement(line) for line in manifest["project"]["dependencies"]]
    developed = [Requirement(line) for line in manifest["dependency-groups"]["dev"] if isinstance(line, str)]

    assert {need.name for need in needed} == {member.distribution for member in MEMBERS}
    assert set(manifest["tool"]["uv"]["sources"]) == {member.distribution for member in MEMBERS}
    for member in MEMBERS:
        had = {
            extra
            for need in [*needed, *developed]
            if need.name == member.distribution
            for extra in need.extras
        }
        assert had >= set(member.extras)


def test_the_arrows_that_the_linter_holds_name_every_member() -> None:
    linted = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    modules = {member.module for member in MEMBERS}

    assert set(linted["root_packages"]) == modules
    assert {
        name.strip() for layer in linted["contracts"][0]["layers"] for name in layer.split("|")
    } == modules
