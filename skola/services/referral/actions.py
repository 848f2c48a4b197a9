"""Inviting a friend: one mail, and nothing is kept about the friend (learnifier-6.d to 6.f)."""

from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit


class NotSentError(Exception):
    """The mail server did not take the invitation."""


@dataclass(frozen=True)
class Invitation:
    """What the friend reads. It lives as long as the request."""

    friend: str
    sender: str
    service: str
    address: str
    """Where the service is, as ``https://HOST/``."""

    @property
    def subject(self) -> str:
        return _("%(sender)s invites you to %(service)s") % {
            "sender": self.sender,
            "service": self.service,
        }

    @property
    def text(self) -> str:
        told = {"friend": self.friend, "sender": self.sender, "service": self.service}
        parts = [
            _("Hello %(friend)s,") % told,
            _("%(sender)s thinks that %(service)s may be of use to you. Have a look:") % told,
            self.address,
            _(
                "This is the only message that you get. We asked for your name and address to send"
                " it, and have kept neither."
            ),
        ]
        return "\n\n".join(parts) + "\n"


def send_invitation(
    invitation: Invitation, *, to: str, sender_id: UUID | None, by: str, now: datetime
) -> None:
    """Hand the invitation to the mail server at once, past every table and queue.

    The audit counts that somebody sent one. Raises NotSentError, and then not even that is kept;
    what the mail server said is left out, for it may name the address (learnifier-6.f).
    """
    try:
        with transaction.atomic():
            audit.record("referral.sent", by=by, at=now, subject=sender_id, clause="learnifier-6.f")
            EmailMessage(
                invitation.subject, invitation.text, settings.DEFAULT_FROM_EMAIL, [to]
            ).send()
    except (SMTPException, OSError):
        raise NotSentError from None
