"""The version of the instant tier, apart from its code so that a cache key costs no import."""

from typing import Final

ENGINE_VERSION: Final = "1"
"""Raise it when the same question on the same data may give another answer."""
