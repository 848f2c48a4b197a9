"""Reads of the people's administration."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from skola.ground.people.api import IsReadable, Person, Role


def found(words: str, *, now: datetime) -> QuerySet[Person]:
    """Return people whose name, e-mail or phone has every one of the words, by name.

    What has ended, or is sealed, is not searched; who has nothing else is not among them.
    """
    known = Person.objects.exclude(given_name="", family_name="", email="")
    named = known.filter(Q(IsReadable("identity")) | Q(IsReadable("contact")))
    people = named.select_related("account")
    for word in words.split():
        people = people.filter(
            Q(
                IsReadable("identity"),
                Q(given_name__icontains=word) | Q(family_name__icontains=word),
            )
            | Q(IsReadable("contact"), Q(email__icontains=word) | Q(phone__icontains=word))
        )
    held = Prefetch("roles", Role.objects.held_at(now).order_by("kind"), to_attr="held")
    return people.prefetch_related(held).order_by("family_name", "given_name", "pk")
