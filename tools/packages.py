"""What every built package has to carry."""

import zipfile
from pathlib import Path


def incomplete(wheel: Path) -> list[str]:
    """Return a complaint for each thing that a wheel of ours should hold and this one does not."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    required = {"a py.typed": "py.typed", "its licence": "LICENSE"}
    missing = [
        f"{wheel.name} lacks {what}"
        for what, end in required.items()
        if not any(n.endswith(end) for n in names)
    ]
    stray = [
        f"{wheel.name} holds {name}" for name in names if name.startswith("tests/") or "__pycache__" in name
    ]
    return missing + stray
