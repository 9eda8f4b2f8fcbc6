"""What can be checked about prose: its links lead somewhere, and its examples are marked to be run."""

import re
from pathlib import Path
from typing import Final

_FENCED: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FRAGMENT: Final = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md")


def block(document: str, mark: str) -> str | None:
    """Return what stands in the fenced block after the comment `<!-- mark -->`."""
    found = re.search(
        rf"^<!-- {re.escape(mark)} -->\s*^```\w*\n(.*?)^```", document, re.MULTILINE | re.DOTALL
    )
    return None if found is None else found.group(1)


def broken_links(root: Path, document: str) -> list[str]:
    """Return a complaint for each relative link in `document` that leads nowhere."""
    text = _FENCED.sub("", (root / document).read_text())
    complaints: list[str] = []
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (root / document).parent / path if path else root / document
        if not file.exists():
            complaints.append(f"{document}: {target} does not exist")
        elif anchor and anchor not in _anchors(file):
            complaints.append(f"{document}: {path or document} has no heading #{anchor}")
    return complaints


def misnamed_fragments(names: list[str]) -> list[str]:
    """Return a complaint for each change note that a release could not sort in."""
    return [
        f"changelog.d/{name}: call it <what>.<added|changed|fixed|removed|security>.md"
        for name in names
        if name != "README.md" and not _FRAGMENT.fullmatch(name)
    ]


def _anchors(file: Path) -> set[str]:
    headings = _HEADING.findall(_FENCED.sub("", file.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
