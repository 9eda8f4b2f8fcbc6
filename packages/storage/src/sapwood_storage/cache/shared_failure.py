"""An error on its way to those who waited in other processes: as JSON, since a pickle would be code."""

import json

from sapwood_shared.errors import SapwoodError


def dump_failure(error: Exception) -> bytes:
    """Return the error as text; one that is not of our tree keeps its words and loses its type."""
    if isinstance(error, SapwoodError):
        fields = {"code": error.code, "message": error.message, "hint": error.hint}
    else:
        fields = {"code": SapwoodError.code, "message": f"{type(error).__name__}: {error}", "hint": None}
    return json.dumps(fields).encode()


def load_failure(text: bytes) -> SapwoodError:
    """Return the error again, of the class that has its code."""
    fields = json.loads(text)
    return _class_of(fields["code"], SapwoodError)(fields["message"], hint=fields["hint"])


def _class_of(code: str, root: type[SapwoodError]) -> type[SapwoodError]:
    for kind in root.__subclasses__():
        if kind.code == code:
            return kind
        if (found := _class_of(code, kind)) is not SapwoodError:
            return found
    return SapwoodError
