"""Handing an e-mail to the municipality's mail server."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

import aiosmtplib

TIMEOUT = 20  # seconds
STARTTLS, TLS, NONE = "starttls", "tls", "off"
PERMANENT = 500  # SMTP answers from here on are final


class NotSent(Exception):
    """The server does not have it: try again."""


class Away(NotSent):
    """The server cannot be spoken to at all: the other mails have to wait as well."""


class Refused(Exception):
    """The server will not take it, now or later."""


class InDoubt(Exception):
    """The connection broke before the server's answer came."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: str = STARTTLS


def message(server: MailServer, address: str, key: str, subject: str, text: str) -> EmailMessage:
    """The e-mail. The same alert has the same id, so that a mail program shows it once."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = server.sender, address, subject
    mail["Date"] = formatdate(usegmt=True)
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{name}@{server.sender.rpartition('@')[2].strip('> ')}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence note comes back
    mail.set_content(text)
    return mail


async def hand_over(server: MailServer, mail: EmailMessage) -> None:
    """Hand one mail to the server. Raises ``NotSent`` (``Away``), ``Refused`` or ``InDoubt``."""
    client = _client(server)
    try:
        await _connect(client, server)
        await _send(client, mail)
    finally:
        client.close()


def _client(server: MailServer) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=TIMEOUT,
        use_tls=server.tls == TLS,
        start_tls=server.tls == STARTTLS,
        tls_context=ssl.create_default_context() if server.tls != NONE else None,
    )


async def _connect(client: aiosmtplib.SMTP, server: MailServer) -> None:
    try:
        await client.connect()
        if server.user:
            await client.login(server.user, server.password)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Away(type(error).__name__) from None


async def _send(client: aiosmtplib.SMTP, mail: EmailMessage) -> None:
    try:
        await client.send_message(mail)
    except aiosmtplib.SMTPNotSupported as error:  # letters of an address that it cannot take
        raise Refused(type(error).__name__) from None
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [answer.code for answer in error.recipients]
        raise (Refused if min(codes) >= PERMANENT else NotSent)(f"recipient {codes[0]}") from None
    except aiosmtplib.SMTPResponseException as error:
        raise (Refused if error.code >= PERMANENT else NotSent)(str(error.code)) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise InDoubt(type(error).__name__) from None
