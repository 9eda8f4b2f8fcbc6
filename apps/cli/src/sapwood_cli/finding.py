"""What `sapwood doctor` says of one thing that it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is ok, note or broken."""

    name: str
    state: str
    text: str
    mend: str = ""
