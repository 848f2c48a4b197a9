"""The checks of what is held of every person, whatever the rooms."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Person
from skola.promises.accuracy.api import last_signs
from skola.promises.quality import queries, rules
from skola.promises.quality.checks import Check, Found, check
from skola.promises.quality.needless import is_listed, needless
from skola.promises.retention.api import people_in

RELATION = "client.active"


def without_contact(now: datetime) -> Iterator[Found]:
    """Return clients who cannot be reached: no address, no phone, no account."""
    nothing = Q(email="", phone="", address="", account=None)
    found = Person.objects.filter(nothing, pk__in=people_in(RELATION)).exclude(given_name="")
    return (Found(key) for key in found.values_list("pk", flat=True))


def outdated(now: datetime) -> Iterator[Found]:
    """Return people of whose contact nothing has been heard for the term of the policy."""
    term = queries.rule(now).outdated
    lately = now - (queries.after(term, now) - now) - timedelta(days=1)
    for person, last in last_signs(now, before=lately):
        if queries.after(term, last) <= now:
            yield Found(person, since=queries.after(term, last))


def duplicates(now: datetime) -> Iterator[Found]:
    """Return people who are likely here twice (ilearn-9.d)."""
    people = Person.objects.exclude(family_name="").values_list(
        "pk", "given_name", "family_name", "birth_on", "email", "phone"
    )
    faces = (
        rules.Face(key, f"{given} {family}", birth_on, email, phone)
        for key, given, family, birth_on, email, phone in people.iterator()
    )
    return (Found(one, other) for one, other in rules.duplicates(faces))


def without_ground(now: datetime) -> Iterator[Found]:
    """Return people of whom nothing is needed any more; the rule of the policy ends them."""
    found: list[UUID] = needless(now)
    return (Found(key) for key in found)


check(
    Check(
        "contact.missing",
        _("No contact"),
        _("Ask whoever deals with the person for an address or phone, and enter it here."),
        find=without_contact,
        by_contact=True,
    )
)
check(
    Check(
        "contact.outdated",
        _("Contact out of date"),
        _("Ask the person whether it is right still. Enter what is new, or say that it is right."),
        find=outdated,
        by_contact=True,
        for_person=_("Your contact data are old. Say whether they are right still."),
        where="web:contact",
        applies=lambda now: bool(queries.rule(now) and queries.rule(now).outdated),
    )
)
check(
    Check(
        "person.duplicate",
        _("Twice the same person?"),
        _("Compare the two. Make them one, or say that they are two people."),
        find=duplicates,
    )
)
check(
    Check(
        "person.needless",
        _("Nothing needs these data"),
        _("They are on the list of deletions. Do nothing, and they go on the day that it says."),
        find=without_ground,
        applies=is_listed,
    )
)
