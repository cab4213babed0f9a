"""Settings: read once from the environment, checked, frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.files import ROOT

PREFIX = "SILTA_"


class SettingError(Exception):
    """A setting is wrong. The message names the setting and says what it takes."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{PREFIX}{name}: {problem}")


class Secret(str):
    """A text that does not show itself where settings are printed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"


NO_SECRET = Secret("")


@dataclass(frozen=True)
class Settings:
    """All settings of the service. docs/settings.md describes each; a test compares the two."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = "http://localhost:8080"
    municipality: str = "kajaani"
    database: str = f"sqlite:///{ROOT / 'var' / 'silta.db'}"
    models: Path = ROOT / "models"
    retention_days: int = 7
    draft_hours: int = 24
    sent_days: int = 30
    imported_days: int = 14
    talk_days: int = 14
    talk_late_minutes: int = 10
    talk_away_minutes: int = 30
    responsible_person: str = ""
    translation_url: str = ""
    translation_key: Secret = NO_SECRET
    keys: Secret = NO_SECRET
    key_file: Path = ROOT / "var" / "keys"
    session_turns: int = 25
    max_message: int = 2000
    max_waiting: int = 200
    nlu_threads: int = 2
    log_level: str = "INFO"
    frame_ancestors: str = "*"
    desk: str = "on"
    desk_idle_minutes: int = 30
    desk_session_hours: int = 10
    proxies: int = 0
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: str = "starttls"
    smtp_user: str = ""
    smtp_password: Secret = NO_SECRET
    smtp_from: str = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: Secret = NO_SECRET
    oidc_claim: str = "preferred_username"
    oidc_acr: str = ""
    log_years: int = 0
    messaging_lease: int = 60
    metrics_token: Secret = NO_SECRET
    telegram_token: Secret = NO_SECRET
    telegram_updates: str = "webhook"
    telegram_api: str = "https://api.telegram.org"
    gateway_secret: Secret = NO_SECRET
    gateway_url: str = ""
    whatsapp_token: Secret = NO_SECRET
    whatsapp_app_secret: Secret = NO_SECRET
    whatsapp_verify_token: Secret = NO_SECRET
    whatsapp_number: str = ""
    whatsapp_template: str = ""
    messenger_token: Secret = NO_SECRET
    messenger_app_secret: Secret = NO_SECRET
    messenger_verify_token: Secret = NO_SECRET
    viber_token: Secret = NO_SECRET
    twilio_account: str = ""
    twilio_token: Secret = NO_SECRET
    twilio_number: str = ""


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises ``SettingError``, also for a misspelt name."""
    given = {k.removeprefix(PREFIX): v for k, v in environ.items() if k.startswith(PREFIX)}
    given = _with_files(given)
    known = {name.upper() for name in Settings.__dataclass_fields__}
    for name in given:
        if name not in known | RESERVED:
            raise SettingError(name, f"no such setting; there are: {', '.join(sorted(known))}")
    chosen = {name.lower(): _convert(name, value) for name, value in given.items() if name in known}
    for needed, needing in NEEDED:
        if needing in chosen and needed not in chosen:
            raise SettingError(needed.upper(), f"is needed with {PREFIX}{needing.upper()}")
    return Settings(**chosen)  # type: ignore[arg-type]  # _convert gives each field its own type


# What makes no sense alone: (the setting that is needed, the one that needs it).
NEEDED = (
    ("smtp_from", "smtp_host"),
    ("public_url", "smtp_host"),  # alerts lead to the desk
    ("smtp_password", "smtp_user"),
    ("oidc_client", "oidc_issuer"),
    ("oidc_secret", "oidc_issuer"),
    ("public_url", "oidc_issuer"),  # the way back
)


# Read by other parts (tests, benchmark), not by the service.
RESERVED = frozenset({"PYTHON", "TEST_POSTGRES", "REQUIRE", "UPDATE_GOLDEN"})
# What may also stand in a file: SILTA_TELEGRAM_TOKEN_FILE names it.
SECRETS = frozenset(
    {
        *("TRANSLATION_KEY", "METRICS_TOKEN"),
        "DATABASE",  # its address may hold a password
        *("SMTP_PASSWORD", "OIDC_SECRET"),
        *("TELEGRAM_TOKEN", "GATEWAY_SECRET", "VIBER_TOKEN", "TWILIO_TOKEN"),
        *("WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"),
        *("MESSENGER_TOKEN", "MESSENGER_APP_SECRET", "MESSENGER_VERIFY_TOKEN"),
    }
)
_RANGES = {
    "PORT": (1, 65535),
    "RETENTION_DAYS": (1, 365),
    "DRAFT_HOURS": (1, 24),
    "SENT_DAYS": (1, 30),
    "IMPORTED_DAYS": (1, 14),
    "TALK_DAYS": (1, 30),
    "TALK_LATE_MINUTES": (1, 240),
    "TALK_AWAY_MINUTES": (5, 240),
    "SESSION_TURNS": (5, 1000),
    "MAX_MESSAGE": (50, 20000),
    "MAX_WAITING": (1, 100000),
    "NLU_THREADS": (1, 64),
    "DESK_IDLE_MINUTES": (1, 120),
    "DESK_SESSION_HOURS": (1, 24),
    "PROXIES": (0, 5),
    "SMTP_PORT": (1, 65535),
    "LOG_YEARS": (0, 50),
    "MESSAGING_LEASE": (1, 600),
}
_CHOICES = {"LOG_LEVEL": ("DEBUG", "INFO", "WARNING", "ERROR"), "DESK": ("on", "off")}
_CHOICES["SMTP_TLS"] = ("starttls", "tls", "off")
# How an address may begin, and what it is. Only on this machine a provider may be without TLS.
_BEGINNINGS = {
    "DATABASE": (("sqlite:///", "postgresql://"), "sqlite:///path or postgresql://host/name"),
    "PUBLIC_URL": (("http://", "https://"), "the address of the chat page, https://…"),
    "OIDC_ISSUER": (
        ("https://", "http://127.0.0.1:", "http://localhost:"),
        "the address of the provider, https://…",
    ),
}
_CHOICES["TELEGRAM_UPDATES"] = ("webhook", "polling")


def _with_files(given: Mapping[str, str]) -> dict[str, str]:
    """Secrets that stand in files are read from there."""
    read = dict(given)
    for name in SECRETS:
        path = read.pop(f"{name}_FILE", None)
        if path is not None:
            try:
                read[name] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise SettingError(f"{name}_FILE", f"cannot read {path}") from None
    return read


def _convert(name: str, value: str) -> str | int | Path:
    if name in _RANGES:
        low, high = _RANGES[name]
        if not value.isdecimal() or not low <= int(value) <= high:
            raise SettingError(name, f"a whole number from {low} to {high}, not {value!r}")
        return int(value)
    if value not in _CHOICES.get(name, (value,)):
        raise SettingError(name, f"one of {', '.join(_CHOICES[name])}, not {value!r}")
    beginnings, meaning = _BEGINNINGS.get(name, (("",), ""))
    if not value.startswith(beginnings):
        raise SettingError(name, meaning)
    if not value:
        raise SettingError(name, "empty")
    if name == "KEYS" or name in SECRETS:
        return Secret(value)
    return Path(value) if name in ("MODELS", "KEY_FILE") else value
