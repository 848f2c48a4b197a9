"""Telling a person something about their request, by the way they wished."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.people.api import Account, Guardianship, Person, post
from skola.promises.policy.api import in_force
from skola.promises.rights.models import RequestMessage, RightsRequest
from skola.promises.rights.models.request import ASKS

Reply = RightsRequest.Reply
MAILED = "rights.request"


def tell(
    asked: RightsRequest,
    kind: str,
    body: str,
    *,
    author: Person | None = None,
    now: datetime,
) -> RequestMessage:
    """Keep what is said, and send it: in the transaction of what it tells of.

    In the account it is there at once, and a mail without content says so. A letter waits in the
    print queue until it is posted. Source: ilearn-24.e, ema-9.1.3-notify.
    """
    goes_now = asked.reply_by in (Reply.ACCOUNT, Reply.EMAIL)
    message = RequestMessage.objects.create(
        request=asked,
        kind=kind,
        body=body,
        author=author,
        said_at=now,
        route=asked.reply_by,
        sent_at=now if goes_now else None,
    )
    if goes_now:
        _mail(asked, message, now)
    return message


def reader_of(asked: RightsRequest, now: datetime) -> UUID:
    """Return whom the answer is for: the guardian who asks for a child, while they may."""
    if asked.guardian_id is not None:
        link = Guardianship.objects.filter(
            child=asked.person_id, guardian=asked.guardian_id
        ).first()
        if link is not None and link.stands_at(now) and ASKS in link.powers:
            return asked.guardian_id
    return asked.person_id


def address_of(asked: RightsRequest, now: datetime) -> str:
    """Return where mail about a request goes; empty where no address is known."""
    if asked.reply_by == Reply.EMAIL and asked.email:
        return asked.email
    account = Account.objects.filter(person_id=reader_of(asked, now)).first()
    if account is not None:
        return account.email
    person = Person.objects.filter(pk=asked.person_id).first()
    return asked.email or (person.email if person else "")


def _mail(asked: RightsRequest, message: RequestMessage, now: datetime) -> None:
    address = address_of(asked, now)
    if not address:
        return
    policy = in_force(now).policy
    zone = ZoneInfo(policy.policy.timezone)
    with translation.override(asked.language), timezone.override(zone):
        subject = _("%(service)s: your request %(number)s") % {
            "service": policy.service.name,
            "number": asked.label,
        }
        text = message.body
        if asked.reply_by == Reply.ACCOUNT:
            text = _("There is news about your request %(number)s. Sign in to read it.") % {
                "number": asked.label
            }
    post(
        person_id=reader_of(asked, now),
        address=address,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
        about=f"{MAILED}:{message.pk}",
    )
