"""Facts about the instant tier, apart from its code so that a cached answer costs no import."""

from typing import Final

ENGINE_VERSION: Final = "16"
"""Raise it when the same question on the same data may give another answer."""

LONGEST_QUESTION: Final = 2_000
"""Characters; what is longer is no question about one table."""
