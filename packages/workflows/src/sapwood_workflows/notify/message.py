"""What is told, and the port to those who tell it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """`id` is the same however often a step is tried, so that who gets it twice can drop it."""

    model_config = ConfigDict(frozen=True)

    id: str
    subject: str
    text: str
    html: str | None = None
    data: dict[str, Any] = Field(default_factory=dict[str, Any])
    at: datetime


class Channel(Protocol):
    """One way to one audience."""

    async def send(self, message: Message) -> None:
        """Hand it over; `DependencyFailed` when that is worth another try, `InvalidInput` when it is not."""
        ...
