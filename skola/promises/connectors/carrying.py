"""By whom mails leave and where files lie, tenant by tenant.

Mails leave by the server of who sends them for this tenant, where one is set and switched on, and
of a mail goes what the policy lists; otherwise the installation's own server sends them. Files stay
on this machine where the cloud office is switched off.
"""

from typing import Any
from urllib.parse import urlsplit

from django.core.mail import EmailMessage, get_connection

from skola.ground import clock
from skola.ground.files.api import at_home
from skola.ground.people.api import carried_by
from skola.promises.connectors import queries
from skola.promises.connectors.models import Connection
from skola.promises.connectors.payloads import Letter, cut
from skola.promises.connectors.sending import SECONDS, Address
from skola.promises.policy.api import NoPolicyError

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@carried_by
def by_processor(message: EmailMessage) -> EmailMessage | None:
    """Return the mail as the processor's server is given it; None where our own server sends it."""
    now = clock.now()
    try:
        to = queries.connector(queries.MAIL, now)
    except NoPolicyError:
        return None
    if to is None or not to.sends or to.address is None or not to.address.is_mail_server:
        return None
    letter = Letter(
        address=message.to[0],
        sender=str(message.from_email),
        subject=str(message.subject),
        text=str(message.body),
        number=str(message.extra_headers.get("Message-ID", "")),
    )
    told = cut(letter, to.processor.sends)
    number = told.get("number")
    return EmailMessage(
        told["subject"],
        told["text"],
        told["sender"],
        [told["address"]],
        headers={"Message-ID": number} if number else {},
        connection=get_connection(SMTP, **_server(to.address)),
    )


def _server(address: Address) -> dict[str, Any]:
    parts = urlsplit(address.url)
    user, _, password = address.key.partition(":")
    is_tls = parts.scheme == "smtps"
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if is_tls else 25),
        "username": user,
        "password": password,
        "use_ssl": is_tls,
        "timeout": SECONDS,
    }


@at_home
def without_cloud() -> bool:
    """Whether the speaking tenant has its new files on this machine, and in no bucket."""
    return Connection.objects.filter(task=queries.OFFICE, is_on=False).exists()
