"""A mail; its Message-ID is the message's, so that a mail box that gets it twice shows it once."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from sapwood_shared import DependencyFailed, InvalidInput
from sapwood_workflows.notify.channels import SmtpSettings
from sapwood_workflows.notify.message import Message


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    """One mail server."""

    settings: SmtpSettings

    async def send(self, message: Message) -> None:
        """Hand the mail over; some of its receivers may be refused only together."""
        chosen = self.settings
        password = chosen.password.get_secret_value() if chosen.password is not None else None
        try:
            await aiosmtplib.send(
                _mail(chosen, message),
                hostname=chosen.host,
                port=chosen.port,
                use_tls=chosen.tls == "tls",
                start_tls=chosen.tls == "starttls",
                username=chosen.username,
                password=password,
                timeout=chosen.timeout_s,
                tls_context=_trust(chosen) if chosen.tls != "none" else None,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(chosen, max(each.code for each in error.recipients)) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(chosen, error.code) from None
        except (aiosmtplib.SMTPTimeoutError, TimeoutError):
            raise DependencyFailed(f"{chosen.host} did not answer within {chosen.timeout_s:g} s") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
                raise InvalidInput(
                    f"{chosen.host} shows a certificate that is not trusted",
                    hint="set its ca_file",
                ) from None
            raise DependencyFailed(f"{chosen.host} cannot be reached: {type(error).__name__}") from None


def _refused(settings: SmtpSettings, code: int) -> InvalidInput | DependencyFailed:
    """4yz may pass another time, 5yz will not (RFC 5321, 4.2.1)."""
    if code >= 500:
        return InvalidInput(
            f"{settings.host} refused the mail for good ({code})",
            hint="look at its addresses and login",
        )
    return DependencyFailed(f"{settings.host} refused the mail for now ({code})")


def _trust(settings: SmtpSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise InvalidInput(f"{settings.ca_file} holds no certificates", hint="give a .pem") from error
    return context


def _mail(settings: SmtpSettings, message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = settings.sender
    mail["To"] = ", ".join(settings.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.id}@{settings.sender.rpartition('@')[2].strip('<> ') or 'sapwood'}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that nobody's absence answers (RFC 3834)
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail
