"""E-mail over SMTP: ``smtp://user:password@host:587?from=…`` or ``smtps://`` (TLS from the start).

``smtp:`` goes over to TLS wherever the server offers it, and never says a password without.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from server.errors import marked
from server.notices.notifier import NotSent, Parcel
from server.notices.outbox import Failure

TIMEOUT_S = 15
"""For each answer of the mail server, in seconds."""

PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and in whose name."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str

    @classmethod
    def of(cls, url: str) -> MailServer:
        """Read the address of a mail server.

        Raises:
            ValueError: it lacks something; says what, without the password.
        """
        parts = urlsplit(url)
        query = parse_qs(parts.query, strict_parsing=bool(parts.query))
        sender = query.pop("from", [""])[0]
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("MOTCUA_SMTP_URL is smtp://HOST?from=ADDRESS or smtps://…")
        if "@" not in sender or query:
            raise ValueError("MOTCUA_SMTP_URL needs ?from=ADDRESS, and knows nothing else")
        return cls(
            parts.scheme,
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            sender,
        )


class Mail:
    """Hands notices to a mail server, one connection for each: a hall sends a few in an hour."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    def send(self, parcel: Parcel, now: datetime) -> None:
        """Hand over one mail. See :class:`server.notices.notifier.Notifier`."""
        message = self.message(parcel, now)
        try:
            with self._connect() as line:
                line.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotSent(_about_the_address(code, said)) from error
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError) as error:
            problem = marked("The mail server does not let us in.")
            raise NotSent(
                Failure(problem, f"{error.smtp_code} {_text(error.smtp_error)}")
            ) from error
        except smtplib.SMTPResponseException as error:
            answered = f"{error.smtp_code} {_text(error.smtp_error)}"
            never = 550 <= error.smtp_code < 560
            problem = marked("The mail server does not take this mail.")
            raise NotSent(Failure(problem, answered, final=never, everyone=not never)) from error
        except ssl.SSLError as error:
            problem = marked("The receiver's certificate is not one that we trust.")
            raise NotSent(Failure(problem, error.reason or "")) from error
        except (OSError, smtplib.SMTPException) as error:
            problem = marked("The mail server does not answer.")
            raise NotSent(Failure(problem, f"{type(error).__name__}: {error}")) from error

    def message(self, parcel: Parcel, now: datetime) -> EmailMessage:
        """The mail itself; sent twice, it has the same ``Message-ID``."""
        message = EmailMessage()
        try:
            parcel.to.encode("ascii")  # others need more of every server on the way
            message["To"] = Address(addr_spec=parcel.to)
            message["Subject"] = parcel.subject
        except (ValueError, IndexError, MessageError) as error:
            problem = marked("This is not an e-mail address.")
            raise NotSent(Failure(problem, final=True, everyone=False)) from error
        message["From"] = self.server.sender
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{parcel.ref}@{self.server.sender.rpartition('@')[2]}>"
        message["Content-Language"] = parcel.language
        message["Auto-Submitted"] = "auto-generated"  # so that no holiday reply comes back
        message.set_content(parcel.text)
        return message

    def _connect(self) -> smtplib.SMTP:
        at = self.server
        context = ssl.create_default_context()
        if at.scheme == "smtps":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                at.host, at.port, timeout=TIMEOUT_S, context=context
            )
        else:
            line = smtplib.SMTP(at.host, at.port, timeout=TIMEOUT_S)
        try:
            line.ehlo_or_helo_if_needed()
            if at.scheme == "smtp" and line.has_extn("starttls"):
                line.starttls(context=context)
                line.ehlo()
            elif at.scheme == "smtp" and at.user:
                problem = marked("The mail server offers no TLS, so it gets no password.")
                raise NotSent(Failure(problem))
            if at.user:
                line.login(at.user, at.password)
        except BaseException:
            line.close()
            raise
        return line


def _about_the_address(code: int, said: bytes) -> Failure:
    never = 500 <= code < 600
    problem = marked("The mail server does not take this address.")
    return Failure(problem, f"{code} {_text(said)}", final=never, everyone=False)


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())
