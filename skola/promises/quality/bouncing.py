"""Mails that come back mark the address they went to, and are a task at once (kic-accuracy)."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.intake.api import Failure, returned
from skola.promises.quality import queries
from skola.promises.quality.checks import Check, Found, check
from skola.promises.quality.models import Bounce
from skola.promises.quality.running import note


@returned
@transaction.atomic
def take(failure: Failure, now: datetime) -> None:
    """Mark the address that a mail of ours did not reach, while it is still the person's.

    The report names the mail by its signed number; so nobody marks an address by inventing one.
    """
    person = Person.objects.filter(pk=failure.mail.person).first()
    if queries.rule(now) is None or person is None or not person.email:
        return
    if person.email.lower() not in failure.addresses:
        return
    told = {"address": person.email.lower(), "status": failure.status, "said": failure.said}
    made, _new = Bounce.objects.update_or_create(person=person, defaults={**told, "at": now})
    audit.record("quality.address.bounced", target=made, subject=person.pk, by="mail", at=now)
    note(BOUNCING, _found(made), now=now)


def bouncing(now: datetime) -> Iterator[Found]:
    """Return whose mail came back from the address that they still have."""
    marked = Bounce.objects.filter(address=Lower(F("person__email")))
    return (_found(one) for one in marked)


def _found(one: Bounce) -> Found:
    said = f"{one.address}: {one.said or one.status}"
    return Found(one.person_id, said=said, since=one.at)


BOUNCING = Check(
    "contact.bouncing",
    _("Mail comes back"),
    _("Ask the person for another address, by phone for example, and enter it here."),
    find=bouncing,
    by_contact=True,
    for_person=_("Mail to your address comes back to us. Give us one that works."),
    where="account_email",
)
check(BOUNCING)
