"""Which licences may be installed beside Sapwood."""

import json
import re
import subprocess
import sys
from typing import Final, TypedDict

_BINDING: Final = re.compile(
    r"\bA?GPL|\bGNU (Affero )?General Public|\bSSPL|\bBUSL|Commons Clause", re.IGNORECASE
)
_ASKS_NOTHING: Final = frozenset(
    {
        *("mit", "mit-0", "mit license", "isc", "isc license (iscl)"),
        *("bsd-2-clause", "bsd-3-clause", "0bsd", "bsd license"),
        *("apache-2.0", "apache software license"),
        *("psf-2.0", "python software foundation license"),
        # Bound to their own files or library, not to what stands beside them.
        *("mpl-2.0", "mozilla public license 2.0 (mpl 2.0)"),
        *("lgpl-2.1-only", "lgpl-2.1-or-later", "lgpl-3.0-only", "lgpl-3.0-or-later"),
        "gnu lesser general public license v3 or later (lgplv3+)",
        *("gpl-3.0-or-later with gcc-exception-3.1", "apache-2.0 with llvm-exception"),
    }
)
"""Texts that may stand where a package states its licence; whoever adds one has read what it stands for."""

_UNSTATED: Final = ("", "UNKNOWN")
_SHOWN: Final = 80
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
    """Return a complaint for each package that may not be here, or of which nobody knows whether it may.

    A choice between licences (`A OR B`) is read as the better one, and of `A AND B` each has to be on the
    list. `known` holds the licences of packages whose metadata states none, as read in their source.
    """
    complaints: list[str] = []
    for package in packages:
        who = f"{package['Name']} {package['Version']}"
        licence = known.get(package["Name"], package["License"]).strip()
        if licence in _UNSTATED:
            complaints.append(f"{who} states no licence")
        elif not any(map(_asks_nothing, _choices(licence))):
            complaints.append(f"{who} is under {_shown(licence)}")
    return complaints


def _asks_nothing(licence: str) -> bool:
    return all(
        part.strip() in _ASKS_NOTHING or part.strip(" ()") in _ASKS_NOTHING
        for part in licence.casefold().split(" and ")
    )


def _choices(licence: str) -> list[str]:
    # Names that have been in use for long may hold an `or` of their own: "version 3 or later".
    return [licence, *re.split(r"\bOR\b|;| or ", licence)]


def _shown(licence: str) -> str:
    short = licence if len(licence) <= _SHOWN else f"{' '.join(licence.split())[:_SHOWN]}…"
    if _BINDING.search(licence):
        return short
    return f"{short}, which is on no list: read it, and add it to tools/licences.py if it may be here"
