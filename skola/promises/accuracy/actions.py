"""Inviting people to check their data, and taking their answers, one function each."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, change_profile, language_of, post
from skola.ground.tenants.api import site
from skola.promises.accuracy import queries
from skola.promises.accuracy.links import address_of
from skola.promises.accuracy.models import Invitation
from skola.promises.rights.api import Asked, Asker, receive_request

TOGETHER = 500
"""How many are invited in one run; the others wait for the next one."""


class AnsweredError(Exception):
    """The invitation was answered before."""


def invite_who_is_due(*, by: str, now: datetime) -> int:
    """Invite everybody whose period has passed, and return how many. Safe to repeat.

    Nobody is invited twice within the period of the policy (kic-accuracy-invite).
    """
    found = queries.due(now, limit=TOGETHER)
    for person in found:
        _invite(person, by=by, now=now)
    return len(found)


@transaction.atomic
def _invite(person: Person, *, by: str, now: datetime) -> Invitation:
    made = Invitation.objects.create(person=person, asked_at=now)
    with translation.override(language_of(person)):
        subject = _("Are your data right?")
        text = _(
            "Once in a while we ask whether what we hold of you is still right."
            " One click confirms it, or you correct it:"
        )
    post(
        person_id=person.pk,
        address=person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{text}\n{site()}{address_of(made)}\n",
        now=now,
    )
    audit.record("accuracy.person.invited", target=made, subject=person.pk, by=by, at=now)
    return made


@transaction.atomic
def confirm(invitation: Invitation, *, by: str, now: datetime) -> None:
    """The person says that everything is right. Raises AnsweredError when they answered before."""
    _answer(invitation, Invitation.Answer.CONFIRMED, by=by, now=now)


@transaction.atomic
def correct(
    invitation: Invitation,
    values: Mapping[str, str],
    *,
    words: str,
    by: str,
    now: datetime,
) -> None:
    """The person corrects their data: phone and address at once, the rest as a request.

    What only ``words`` tell, such as another name, becomes a request for rectification with the
    deadline of the policy. Raises AnsweredError, and changes nothing, when they answered before.
    """
    _answer(invitation, Invitation.Answer.CORRECTED, by=by, now=now)
    person = invitation.person
    change_profile(person, values, by=by, now=now)
    if words:
        asked = Asked(
            kind="rectification",
            channel="link",
            reply_by="email",
            words=words,
            language=language_of(person),
        )
        asker = Asker(email=person.email)
        receive_request(asked, asker, person=person, received_at=now, by=by, now=now)


def _answer(invitation: Invitation, answer: str, *, by: str, now: datetime) -> None:
    held = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if held.answered_at is not None:
        raise AnsweredError(_("You have answered already. Thank you."))
    invitation.answer, invitation.answered_at = answer, now
    invitation.save(update_fields=["answer", "answered_at"])
    audit.record(
        f"accuracy.data.{answer}",
        target=invitation,
        subject=invitation.person_id,
        by=by,
        at=now,
    )
