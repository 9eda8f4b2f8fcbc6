"""The channels of an installation, by name; specs name them, and hold none of their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from sapwood_shared import InvalidInput
from sapwood_shared.plain_yaml import PlainLoader
from sapwood_workflows.notify.message import Channel

_NAME: Final = r"^[a-z][a-z0-9_-]{0,63}$"


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SmtpSettings(_Settings):
    """A mail server, and who gets what is sent there."""

    kind: Literal["smtp"]
    host: str
    port: int = Field(default=587, ge=1, le=65_535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    sender: str
    to: tuple[str, ...] = Field(min_length=1)
    timeout_s: float = Field(default=20.0, gt=0, le=300)
    ca_file: Path | None = Field(default=None, description="Certificates to trust beside the system's.")


class WebhookSettings(_Settings):
    """An address that takes signed events (Standard Webhooks); every one of the secrets signs."""

    kind: Literal["webhook"]
    url: SecretStr
    secrets: tuple[SecretStr, ...] = Field(min_length=1)
    event: str = "sapwood.notification"
    allow_private: bool = Field(default=False, description="Allow addresses of this machine and network.")
    timeout_s: float = Field(default=20.0, gt=0, le=300)


class SlackSettings(_Settings):
    """An incoming webhook of Slack, or of what speaks as it does (Mattermost, Rocket.Chat)."""

    kind: Literal["slack"]
    url: SecretStr
    allow_private: bool = False
    timeout_s: float = Field(default=20.0, gt=0, le=300)


Settings = Annotated[SmtpSettings | WebhookSettings | SlackSettings, Field(discriminator="kind")]
_ALL: Final[TypeAdapter[dict[str, Settings]]] = TypeAdapter(
    dict[Annotated[str, Field(pattern=_NAME)], Settings]
)


class Channels:
    """The channels by name."""

    def __init__(self, settings: Mapping[str, SmtpSettings | WebhookSettings | SlackSettings]) -> None:
        self._settings = dict(settings)

    @classmethod
    def read(cls, given: Any, *, source: str = "the channels") -> Channels:
        """From plain data; `InvalidInput` says what is wrong, and quotes no value."""
        try:
            return cls(_ALL.validate_python(given or {}))
        except ValidationError as error:
            said = "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
                for each in error.errors(include_url=False, include_input=False)
            )
            raise InvalidInput(f"{source} are wrong: {said}", hint="see docs/workflows.md") from None

    @classmethod
    def from_file(cls, path: Path) -> Channels:
        """From a file in YAML."""
        try:
            written = yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506 - a SafeLoader
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{path} cannot be read: {error}", hint="give a file in YAML") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f" in line {mark.line + 1}" if mark else ""
            raise InvalidInput(f"{path} is no YAML{line}", hint="mend it there") from None
        return cls.read(written, source=str(path))

    def get(self, name: str) -> Channel:
        """The channel; `InvalidInput` names those that there are."""
        settings = self._settings.get(name)
        if settings is None:
            known = ", ".join(sorted(self._settings)) or "none: SAPWOOD_NOTIFY names the file of channels"
            raise InvalidInput(f"there is no channel {name!r}", hint=f"there are: {known}")
        match settings:
            case SmtpSettings():
                from sapwood_workflows.notify.smtp import SmtpChannel

                return SmtpChannel(settings)
            case WebhookSettings():
                from sapwood_workflows.notify.webhook import WebhookChannel

                return WebhookChannel(settings)
            case SlackSettings():
                from sapwood_workflows.notify.slack import SlackChannel

                return SlackChannel(settings)
