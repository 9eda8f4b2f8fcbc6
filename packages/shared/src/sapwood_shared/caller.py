"""Who asks: made once at the door from a key, then passed down as a value."""

from dataclasses import dataclass, field

from sapwood_shared.errors import Forbidden
from sapwood_shared.ids import WorkspaceId


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal acting in one workspace with the scopes of its key."""

    workspace: WorkspaceId
    principal: str
    scopes: frozenset[str] = field(default_factory=frozenset[str])

    def require(self, scope: str) -> None:
        """Raise `Forbidden` unless the caller holds `scope`."""
        if scope not in self.scopes:
            raise Forbidden(f"this needs the scope {scope!r}", hint="ask for a key that has it")
