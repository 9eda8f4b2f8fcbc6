"""Asks whether anything in the lock has a known hole."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.lock import pins


class NotAudited(Exception):
    """The question was not answered for every package."""


def complaints(lock: Path) -> list[str]:
    """Return a line for each known hole, or one that says that the question was not answered."""
    try:
        return holes(_ask(lock), pins(lock.read_text()))
    except NotAudited as error:
        return [f"NOT AUDITED: {error}", "SAPWOOD_OFFLINE=1 says that this is meant"]


def elsewhere(locked: list[Requirement]) -> list[Requirement]:
    """Return the pins that are for another platform or Python than this one: nobody is asked about them."""
    return [pin for pin in locked if pin.marker is not None and not pin.marker.evaluate()]


def _ask(lock: Path) -> dict[str, list[dict[str, Any]]]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(lock)),
            *("--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise NotAudited(f"pip-audit gave no answer: {done.stderr.strip()[-2000:]}") from error


def holes(answer: dict[str, list[dict[str, Any]]], locked: list[Requirement]) -> list[str]:
    """Read pip-audit's JSON, which has to speak of every pin for this platform.

    A package that it skipped, or says nothing of, has not been audited, whatever its last line says.
    """
    packages = answer["dependencies"]
    skipped = [package for package in packages if "skip_reason" in package]
    if skipped or not packages:
        why = "\n".join(f"{package['name']}: {package['skip_reason']}" for package in skipped[:5])
        raise NotAudited(f"{len(skipped)} of {len(packages)} packages were skipped\n{why}")
    spoken_of = {(canonicalize_name(package["name"]), package["version"]) for package in packages}
    not_for_here = elsewhere(locked)
    missing = [
        pin
        for pin in locked
        if pin not in not_for_here and (canonicalize_name(pin.name), _version(pin)) not in spoken_of
    ]
    if missing:
        raise NotAudited(f"pip-audit says nothing of {', '.join(map(str, missing))}")
    return [
        f"{package['name']} {package['version']}: {hole['id']}, fixed in {_versions(hole['fix_versions'])}"
        for package in packages
        for hole in package["vulns"]
    ]


def _version(pin: Requirement) -> str:
    return str(pin.specifier).removeprefix("==")


def _versions(versions: list[str]) -> str:
    return ", ".join(versions) or "nothing yet"
