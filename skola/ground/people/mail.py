"""Mails to people: written in the transaction of what they tell of, sent by the queue.

A request never waits for the mail server, so an address that is known here and one that is not take
the same time. The queue carries the id of the row, never an address or a code.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Min

from skola.ground.audit import api as audit
from skola.ground.db.purposes import SIGN_IN, reading_for
from skola.ground.jobs import api as jobs
from skola.ground.people.models import Mail, Person, Preferences
from skola.ground.people.numbers import number_for

Carrier = Callable[[EmailMessage], EmailMessage | None]
_carriers: list[Carrier] = []


def carried_by(carrier: Carrier) -> Carrier:
    """Have a room say by which server a mail leaves: the mail as it goes there, or None."""
    _carriers.append(carrier)
    return carrier


SEND = "people.send_mail"
REFUSED = 500
"""Answers of a mail server from here on are for good (RFC 5321, 4.2.1)."""
DELIVERED = "people.mail.delivered"


@transaction.atomic
def post(
    *,
    person_id: UUID | None,
    address: str,
    sender: str,
    subject: str,
    text: str,
    now: datetime,
    about: str = "",
) -> Mail:
    """Write a mail and queue it. ``person_id`` is None where the address is nobody's.

    Without an address it goes nowhere: that is written where nobody is known, to cost the same.
    A mail that is ``about`` something has an entry in the audit when the mail server took it.
    """
    mail = Mail.objects.create(
        person_id=person_id,
        address=address,
        sender=sender,
        subject=subject[:200],
        text=text,
        created_at=now,
    )
    if about:
        jobs.enqueue(SEND, mail=mail.pk, about=about)
    else:
        jobs.enqueue(SEND, mail=mail.pk)
    return mail


@reading_for(SIGN_IN)
@transaction.atomic
def send(mail_id: UUID, *, about: str = "", now: datetime | None = None) -> bool:
    """Send a mail and remove it; False where it is gone. Raises what the mail server says.

    Where it is ``about`` something, the audit says that the server took it, and when.
    It goes to its person, so no restriction hides it here: nobody else could have written it.
    """
    mail = Mail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None:
        return False
    if not mail.address:
        mail.delete()
        return False
    own = EmailMessage(
        mail.subject, mail.text, mail.sender, [mail.address], headers=number_of(mail)
    )
    carried = (found for carrier in _carriers if (found := carrier(own)) is not None)
    next(carried, own).send()
    if about and now is not None:
        detail = {"about": about}
        audit.record(DELIVERED, by="system", at=now, subject=mail.person_id, detail=detail)
    mail.delete()
    return True


def is_away(error: BaseException) -> bool:
    """Whether the mail server is away or busy, so that what it did not take is worth keeping.

    What it refuses for good (an address that is none) is tried a few times and no more.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return any(code < REFUSED for code, _said in error.recipients.values())
    if isinstance(error, SMTPResponseException) and not isinstance(error, SMTPAuthenticationError):
        return error.smtp_code < REFUSED
    return isinstance(error, OSError)


@reading_for(SIGN_IN)
def lag(now: datetime) -> timedelta:
    """Return how long the oldest mail to somebody has waited for the mail server."""
    waiting = Mail.objects.exclude(address="").aggregate(first=Min("created_at"))["first"]
    return max(now - waiting, timedelta()) if waiting else timedelta()


def number_of(mail: Mail) -> dict[str, str]:
    """Return the head by which a mail is known again when it comes back."""
    if mail.person_id is None:
        return {}
    return {"Message-ID": number_for(mail.person_id, mail.sender)}


def language_of(person: Person) -> str:
    """Return the language in which ``person`` is written to."""
    chosen = Preferences.objects.filter(person=person).values_list("language", flat=True).first()
    return chosen or person.language
