"""Which licences may be installed beside Sapwood."""

import json
import re
import subprocess
import sys
from typing import Final, TypedDict

_COPYLEFT: Final = re.compile(
    r"\bA?GPL|\bGNU (Affero )?General Public|\bSSPL|\bBUSL|Commons Clause", re.IGNORECASE
)
_LESSER: Final = re.compile(r"\bLGPL|Lesser General Public", re.IGNORECASE)
_EXCEPTION: Final = re.compile(r"\bWITH\b.*exception", re.IGNORECASE)
_UNSTATED: Final = ("", "UNKNOWN")
READ_IN_SOURCE: Final[dict[str, str]] = {}
"""Licences of packages whose metadata states none, as read in their source."""


class Licensed(TypedDict):
    """One line of what pip-licenses prints."""

    Name: str
    Version: str
    License: str


def installed(python: str = sys.executable) -> list[Licensed]:
    """Return what is installed beside `python` and the licence its metadata states."""
    printed = subprocess.run(
        [
            sys.executable,
            "-m",
            "piplicenses",
            "--python",
            python,
            "--from=mixed",
            "--format=json",
            "--with-system",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return json.loads(printed)


def refused(packages: list[Licensed], *, known: dict[str, str]) -> list[str]:
    """Return a complaint for each package that may not be here.

    A choice between licences (`A OR B`) is read as the better one. `known` holds the licences of packages
    whose metadata states none, as read in their source.
    """
    complaints: list[str] = []
    for package in packages:
        licence = known.get(package["Name"], package["License"])
        if licence.strip() in _UNSTATED:
            complaints.append(f"{package['Name']} {package['Version']} states no licence")
        elif all(_is_copyleft(choice) for choice in re.split(r"\bOR\b|;| or ", licence)):
            complaints.append(f"{package['Name']} {package['Version']} is under {licence}")
    return complaints


def _is_copyleft(licence: str) -> bool:
    if _LESSER.search(licence) or _EXCEPTION.search(licence):
        return False
    return _COPYLEFT.search(licence) is not None
