"""What a build server, an editor and git read: valid by schema, and run here where it can be."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from tools.workspace import Workspace

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))

# The part of the dev container specification that ours uses; anything else in the file is a mistake.
COMMAND = {"type": ["string", "array", "object"]}
DEV_CONTAINER = {
    "type": "object",
    "required": ["name", "dockerComposeFile", "service", "workspaceFolder"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "dockerComposeFile": {"type": ["string", "array"]},
        "service": {"type": "string"},
        "runServices": {"type": "array", "items": {"type": "string"}},
        "workspaceFolder": {"type": "string"},
        "postCreateCommand": COMMAND,
        "remoteEnv": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "forwardPorts": {"type": "array"},
        "customizations": {"type": "object"},
    },
}


def check(schema: str, *files: Path) -> None:
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", schema, *files],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=[file.name for file in WORKFLOWS])
def test_a_workflow_is_valid_ends_by_itself_and_is_short(workflow: Path) -> None:
    check("vendor.github-workflows", workflow)
    check("custom.github-workflows-require-timeout", workflow)

    assert len(workflow.read_text().splitlines()) <= 60


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=[file.name for file in WORKFLOWS])
def test_a_workflow_runs_nothing_that_a_contributor_cannot(workflow: Path) -> None:
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]

    strange = [line for line in commands if not re.match(r"\.ci/(run|environment)$|\.venv/bin/nox -s ", line)]

    assert strange == [line for line in commands if line.startswith("gh release create ")]


def test_the_sessions_that_the_workflows_name_exist() -> None:
    listed = subprocess.run([BIN / "nox", "-l"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    sessions = set(re.findall(r"^[*-] (\w+)", listed, re.MULTILINE))
    named = re.findall(
        r"sessions: \[(.*)\]|nox -s ([\w ]+)$", "".join(f.read_text() for f in WORKFLOWS), re.MULTILINE
    )

    assert {word for pair in named for word in re.findall(r"\w+", " ".join(pair))} <= sessions


def test_the_dev_container_is_valid_and_names_what_is_there() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    compose = ROOT / ".devcontainer" / container["dockerComposeFile"]
    services = yaml.safe_load(compose.read_text())["services"]

    jsonschema.validate(container, DEV_CONTAINER)
    check("vendor.compose-spec", compose)
    assert container["service"] in services
    assert os.access(ROOT / container["postCreateCommand"], os.X_OK)


def test_images_are_named_in_their_short_form() -> None:
    services = yaml.safe_load((ROOT / ".devcontainer/compose.yaml").read_text())["services"].values()

    assert all(re.fullmatch(r"[a-z]+:[\w.-]+", service["image"]) for service in services)


def test_the_hooks_are_valid_and_local() -> None:
    config = ROOT / ".pre-commit-config.yaml"
    subprocess.run([BIN / "pre-commit", "validate-config", config], check=True, capture_output=True)

    assert {repo["repo"] for repo in yaml.safe_load(config.read_text())["repos"]} == {"local"}


@pytest.mark.integration
def test_the_dev_containers_script_makes_a_working_shell_of_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    for path in Workspace.read(ROOT).files:
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, clone / path)
    subprocess.run(["git", "init", "--quiet", clone], check=True)
    kept = ("CI", "VIRTUAL_ENV", "UV_NO_SYNC", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in kept}

    done = subprocess.run(
        [clone / ".devcontainer/post-create"], env=environment, check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr
    hello = subprocess.run(
        [clone / ".venv/bin/sapwood", "--help"], check=True, capture_output=True, text=True
    )
    assert "Usage" in hello.stdout
    assert (clone / ".git/hooks/pre-commit").exists()
    assert (clone / ".git/hooks/pre-push").exists()
