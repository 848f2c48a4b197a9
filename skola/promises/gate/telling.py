"""Telling a person, by the channel they have, that their restriction is going to be lifted."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.api import Account, Person, language_of, post
from skola.ground.ui import formats
from skola.promises.gate.actions import record_telling
from skola.promises.gate.models import Restriction
from skola.promises.policy.api import in_force


class NoChannelError(LookupError):
    """No e-mail of the person is known: they have to be told in another way. Nothing changed."""


@reading_for(ENGINE)
def address_of(restriction: Restriction) -> str:
    """Return the e-mail address at which the person is told; empty where none is known."""
    account = Account.objects.filter(person_id=restriction.person_id).first()
    person = Person.objects.filter(pk=restriction.person_id).first()
    return account.email if account else person.email if person else ""


@reading_for(ENGINE)
@transaction.atomic
def tell(restriction: Restriction, *, by: str, now: datetime) -> None:
    """Write to the person that the restriction is going to be lifted; once, whatever happens.

    It may be lifted when a mail server has taken the mail. Raises NoChannelError. Source: GDPR
    Art. 18(3); ilearn-23.d.
    """
    address = address_of(restriction)
    if not address:
        raise NoChannelError("No e-mail address of this person is known.")
    if not record_telling(restriction, how=Restriction.Told.MAIL, by=by, now=now):
        return
    policy = in_force(now).policy
    person = Person.objects.get(pk=restriction.person_id)
    zone = ZoneInfo(policy.policy.timezone)
    with translation.override(language_of(person)), timezone.override(zone):
        subject = _("%(service)s: your data will be used again") % {"service": policy.service.name}
        said = [
            _("Since %(day)s your data are restricted: they are stored, and nobody reads them.")
            % {"day": formats.day(restriction.since_at)},
            str(restriction.get_ground_display()),
            _("This restriction is going to be lifted soon. If you disagree, answer us before."),
        ]
    controller = policy.controller
    reached = controller.email or policy.contact[0].email
    text = "\n\n".join([*(each for each in said if each), f"{controller.name}, {reached}"])
    post(
        person_id=restriction.person_id,
        address=address,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
        about=restriction.about,
    )
