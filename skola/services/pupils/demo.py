"""Contacts, invented: every third pupil has a phone, and half of those let the class see it."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.pupils.models import ContactSight
from skola.services.pupils.rules import Audience
from skola.services.school import api as school


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Give some pupils of the speaking tenant's schools a phone, as far as there are any."""
    if not has("diary.school", now=now):
        return
    pupils = school.Pupil.objects.select_related("person").order_by("pk")
    with_phone = [one.person for one in pupils][::3]
    for number, person in enumerate(with_phone):
        person.phone = f"+372 5550 {number:04}"
    Person.objects.bulk_update(with_phone, ["phone"], batch_size=500)
    ContactSight.objects.bulk_create(
        ContactSight(person=person, phone_for=Audience.CLASS, set_at=now)
        for person in with_phone[::2]
    )
