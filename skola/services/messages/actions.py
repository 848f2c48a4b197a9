"""Everything that changes private messages, one function each."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.people.api import Person, language_of, post
from skola.promises.policy.api import in_force
from skola.services.messages import queries
from skola.services.messages.models import Conversation, Message

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    Upload = UploadedFile[Any]

ATTACHMENT = "messages.attachment"
TWICE = timedelta(minutes=2)
"""The same words to the same person within this time are one message: a button pressed twice."""


class NotNearError(Exception):
    """The two have nothing to do with each other, or no longer; nothing was sent."""


@transaction.atomic
def write(
    author: Person,
    recipient: Person,
    *,
    title: str,
    body: str,
    upload: "Upload | None" = None,
    link: str = "",
    by: str,
    now: datetime,
) -> Message:
    """Begin a conversation (ema-1.1.1-messages). Raises NotNearError, files.RefusedError."""
    _demand_near(author, recipient, now)
    same = Message.objects.filter(author=author, recipient=recipient, title=title, body=body)
    sent = same.filter(sent_at__gt=now - TWICE).first()
    if sent is not None:
        return sent
    conversation = Conversation.objects.create(opened_at=now)
    return _send(conversation, author, recipient, title, body, upload, link, by, now)


@transaction.atomic
def answer(
    conversation: UUID,
    author: Person,
    recipient: Person,
    *,
    body: str,
    upload: "Upload | None" = None,
    link: str = "",
    by: str,
    now: datetime,
) -> Message:
    """Write on in a conversation. Raises NotNearError where the two have no more to do."""
    _demand_near(author, recipient, now)
    held = Conversation.objects.select_for_update().get(pk=conversation)
    same = held.messages.filter(author=author, body=body, sent_at__gt=now - TWICE).first()
    if same is not None:
        return same
    return _send(held, author, recipient, "", body, upload, link, by, now)


def _demand_near(author: Person, recipient: Person, now: datetime) -> None:
    if queries.near(author, recipient.pk, now) is None:
        raise NotNearError(_("You can no longer write to each other here."))


def _send(
    conversation: Conversation,
    author: Person,
    recipient: Person,
    title: str,
    body: str,
    upload: "Upload | None",
    link: str,
    by: str,
    now: datetime,
) -> Message:
    stored = None
    if upload is not None:
        stored = files.store(upload, kind=ATTACHMENT, person_id=None, by=by, now=now)
    waits = conversation.messages.unread_by(recipient).exists()
    made = Message.objects.create(
        conversation=conversation,
        author=author,
        recipient=recipient,
        title=title,
        body=body,
        attachment=stored,
        sent_at=now,
    )
    audit.record("messages.message.sent", target=made, subject=author.pk, by=by, at=now)
    if not waits:
        _tell(recipient, author, link, now)
    return made


def _tell(recipient: Person, author: Person, link: str, now: datetime) -> None:
    """Mail that a message waits: from whom and where, not what. Once until it is read."""
    if not recipient.email:
        return
    service = in_force(now).policy.service.name
    with translation.override(language_of(recipient)):
        subject = _("A message from %(name)s") % {"name": author.name}
        text = _("You have a new message in %(service)s. Sign in to read it:") % {
            "service": service
        }
    post(
        person_id=recipient.pk,
        address=recipient.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n{link}\n",
        now=now,
    )


def mark_read(found: Iterable[Message], reader: Person, *, now: datetime) -> int:
    """Remember that somebody opened what was written to them; return how many were new.

    One statement, and no entry in the audit: when somebody reads is between the two.
    """
    new = [one.pk for one in found if one.recipient_id == reader.pk and one.read_at is None]
    if not new:
        return 0
    return Message.objects.filter(pk__in=new).unread_by(reader).update(read_at=now)
