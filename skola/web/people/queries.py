"""Reads of the people's administration."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from skola.ground.people.api import Person, Role


def found(words: str, *, now: datetime) -> QuerySet[Person]:
    """Return people whose name, e-mail or phone has every one of the words, by name."""
    known = Person.objects.exclude(given_name="", family_name="", email="")
    people = known.select_related("account")
    for word in words.split():
        people = people.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(email__icontains=word)
            | Q(phone__icontains=word)
        )
    held = Prefetch("roles", Role.objects.held_at(now).order_by("kind"), to_attr="held")
    return people.prefetch_related(held).order_by("family_name", "given_name", "pk")
