"""The people of the demo: personas with an account each, and a crowd with two years of history."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from skola.ground.people.api import Account, Guardianship, Person, Role
from skola.web.demo.tenants import Persona, Service

TWO_YEARS = timedelta(days=730)
_ASCII = str.maketrans(
    "āčēģīķļņšūžąęėįųäöõüåéĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲÄÖÕÜÅÉ", "acegiklnsuzaeeiuaoouaeACEGIKLNSUZAEEIUAOOUAE"
)


def mail_name(given: str, family: str) -> str:
    """Return the part before the @ of an invented address: letters of ASCII only."""
    return f"{given}.{family}".translate(_ASCII).lower()


def address_of(persona: Persona) -> str:
    """Return the address of a persona; people of the crowd have a number in theirs."""
    return f"{mail_name(persona.given_name, persona.family_name)}@example.org"


def make_personas(service: Service, now: datetime) -> list[Person]:
    """Make the people that a visitor can enter as, each with an account and their roles."""
    begun = now - timedelta(days=400)
    made = []
    for persona in service.personas:
        person = _person(service, persona.given_name, persona.family_name, begun, number=0)
        made.append(person)
    Person.objects.bulk_create(made)
    _open_accounts(made)
    Role.objects.bulk_create(
        Role(person=person, kind=kind, starts_at=begun)
        for person, persona in zip(made, service.personas, strict=True)
        for kind in persona.roles
    )
    _tie_families(service.personas, made, begun)
    return made


def make_crowd(
    service: Service, *, size: int, chance: Random, now: datetime, after: int = 0
) -> list[Person]:
    """Make ``size`` people who came over the last two years; ``after`` so many others."""
    made = []
    for number in range(after + 1, after + size + 1):
        given, family = service.names.draw(chance)
        came = now - TWO_YEARS * chance.random() ** 0.8
        made.append(_person(service, given, family, came, number=number))
    Person.objects.bulk_create(made)
    _open_accounts(made)
    return made


def _person(service: Service, given: str, family: str, came: datetime, *, number: int) -> Person:
    return Person(
        given_name=given,
        family_name=family,
        email=f"{mail_name(given, family)}{number or ''}@example.org",
        language=service.language,
        status=Person.Status.ACTIVE,
        created_at=came,
    )


def _open_accounts(people: Sequence[Person]) -> None:
    nobody_knows = make_password(None)
    accounts = [
        Account(
            person=person, email=person.email, password=nobody_knows, created_at=person.created_at
        )
        for person in people
    ]
    Account.objects.bulk_create(accounts)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=account, email=account.email, verified=True, primary=True)
        for account in accounts
    )


def _tie_families(personas: Sequence[Persona], people: Sequence[Person], at: datetime) -> None:
    pupils = {
        p.family_name: person
        for p, person in zip(personas, people, strict=True)
        if "pupil" in p.does
    }
    for persona, person in zip(personas, people, strict=True):
        child = pupils.get(persona.family_name)
        if child is not None and child is not person:
            Guardianship.objects.create(
                child=child,
                guardian=person,
                powers=["see", "marks", "excuse", "request", "consent", "message"],
                proof=Guardianship.Proof.SCHOOL,
                verified_at=at,
                starts_at=at,
            )


def ids(people: Sequence[Person]) -> list[UUID]:
    """Return the ids, for rooms that need no more."""
    return [person.pk for person in people]
