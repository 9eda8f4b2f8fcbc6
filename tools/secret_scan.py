"""Looks for keys and passwords in what git knows."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

_FORMS: Final = (
    *("AWSKeyDetector", "AzureStorageKeyDetector", "GitHubTokenDetector", "GitLabTokenDetector"),
    *("JwtTokenDetector", "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector"),
    *("SendGridDetector", "SlackDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector"),
)
_GUESSES: Final = ("BasicAuthDetector", "KeywordDetector")
"""Anything called a password: not looked for in tests, which have to invent some."""

_NOT_WRITTEN: Final = (".csv", ".tsv", ".parquet", "/table.json", "requirements.lock")
"""Public tables and hashes: nobody types a key into one, and reading them all takes a minute."""

_QUIET: Final = (
    "detect_secrets.filters.allowlist.is_line_allowlisted",
    "detect_secrets.filters.heuristic.is_templated_secret",
    "detect_secrets.filters.heuristic.is_indirect_reference",
    "detect_secrets.filters.heuristic.is_not_alphanumeric_string",
    "detect_secrets.filters.heuristic.is_sequential_string",
)


def secrets_in(root: Path, files: Iterable[str]) -> list[str]:
    """Return `file:line: kind` for what looks like a secret; `pragma: allowlist secret` excuses a line."""
    written = [file for file in files if not file.endswith(_NOT_WRITTEN)]
    tests = [file for file in written if "tests" in Path(file).parts]
    others = [file for file in written if "tests" not in Path(file).parts]
    return sorted([*_scan(root, tests, _FORMS), *_scan(root, others, (*_FORMS, *_GUESSES))])


def _scan(root: Path, files: list[str], detectors: tuple[str, ...]) -> list[str]:
    found = SecretsCollection(root=str(root))
    with transient_settings(
        {
            "plugins_used": [{"name": name} for name in detectors],
            "filters_used": [{"path": path} for path in _QUIET],
        }
    ):
        for file in files:
            found.scan_file(file)
    return [f"{file}:{secret.line_number}: {secret.type}" for file, secret in found]
