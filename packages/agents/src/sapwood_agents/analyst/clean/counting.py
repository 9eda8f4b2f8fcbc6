"""Counts in words."""


def counted(count: int, what: str) -> str:
    """Return "1 row" or "2 rows"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
