"""`sapwood doctor`: what is configured, what works, what is missing and how to mend it."""

import json
import os
import platform
import shutil
import sys
from dataclasses import asdict
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from sapwood_cli.doctor_records import records_finding
from sapwood_cli.finding import Finding
from sapwood_runtime.settings import Settings, load
from sapwood_shared.errors import SapwoodError
from sapwood_storage.home import Home, current_owner, file_system_type
from sapwood_storage.tabular.sandbox.layers import LayerStatus, available

_LOW_DISK = 2 << 30


def run(*, as_json: bool) -> int:
    """Print the findings; 4 when something is broken."""
    settings = load()
    findings = [
        _versions(),
        _home(settings),
        records_finding(settings),
        _disk(settings),
        _sandbox(settings),
        _charts(),
        _size(),
    ]
    if as_json:
        print(
            json.dumps({"findings": [asdict(finding) for finding in findings], "settings": _shown(settings)})
        )
    else:
        for finding in findings:
            print(
                f"{finding.state:7} {finding.name}: {finding.text}"
                + (f"\n        {finding.mend}" if finding.mend else "")
            )
    return 4 if any(finding.state == "broken" for finding in findings) else 0


def _shown(settings: Settings) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(settings).items()}


def _versions() -> Finding:
    return Finding(
        "sapwood",
        "ok",
        f"{metadata.version('sapwood')} on Python {platform.python_version()}, {platform.platform()}",
    )


def _home(settings: Settings) -> Finding:
    try:
        home = Home.open(settings.home).writable()
    except SapwoodError as error:
        return Finding("data directory", "broken", error.message, error.hint or "")
    owner = current_owner(home.owner_lock)
    served = f", served by process {owner.pid}" if owner else ""
    return Finding("data directory", "ok", f"{home.root} on {file_system_type(home.root)}{served}")


def _disk(settings: Settings) -> Finding:
    at = next(path for path in (settings.home, *settings.home.parents) if _is_there(path))
    free = shutil.disk_usage(at).free
    text = f"{free / (1 << 30):.1f} GB free"
    if free < _LOW_DISK:
        return Finding(
            "disk", "note", text, "large files need room: sapwood data prune, or another SAPWOOD_HOME"
        )
    return Finding("disk", "ok", text)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # such a name cannot be, or we may not look
        return False


def _sandbox(settings: Settings) -> Finding:
    status = available()
    if status.complete:
        return Finding(
            "sandbox",
            "ok" if settings.sandbox else "note",
            _layers(status) if settings.sandbox else "switched off: SQL runs without Landlock and seccomp",
        )
    mend = "install libseccomp (Debian: libseccomp2) and use a kernel with Landlock (5.13 or later)"
    if sys.platform != "linux":
        mend = (
            "these layers exist on Linux only; SQL needs --unsafe-no-sandbox here, for files that you trust"
        )
    return Finding(
        "sandbox", "broken" if settings.sandbox else "note", "missing: " + "; ".join(status.missing), mend
    )


def _layers(status: LayerStatus) -> str:
    return f"SQL runs behind Landlock (ABI {status.landlock_abi}) and seccomp"


def _charts() -> Finding:
    if find_spec("vl_convert") is None:
        return Finding("charts", "note", "cannot be drawn to files", "pip install 'sapwood[charts]'")
    return Finding("charts", "ok", "PNG, SVG and HTML")


def _size() -> Finding:
    """What the installed packages take, in this environment."""
    total = 0
    for place in {Path(entry) for entry in sys.path if entry.endswith("site-packages")}:
        for root, _, files in os.walk(place):
            total += sum(os.lstat(f"{root}/{name}").st_size for name in files)
    return Finding("installed", "ok", f"{total / 1e6:.0f} MB of packages")
