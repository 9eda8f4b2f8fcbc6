"""Remembers which checks passed on which content, so that an unchanged member is not checked twice."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Results:
    """A folder with a file for each check, holding the fingerprint of its last success."""

    folder: Path

    def passed(self, session: str, member: str, fingerprint: str) -> bool:
        """Say whether this check has passed on exactly this content."""
        try:
            return self._file(session, member).read_text() == fingerprint
        except FileNotFoundError:
            return False

    def record(self, session: str, member: str, fingerprint: str) -> None:
        """Remember that this check passed on this content."""
        file = self._file(session, member)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fingerprint)

    def _file(self, session: str, member: str) -> Path:
        return self.folder / session / member
