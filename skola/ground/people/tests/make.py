"""Makers of people for tests: plain functions with honest defaults."""

from datetime import UTC, datetime
from functools import lru_cache
from itertools import count

from django.contrib.auth.hashers import make_password

from skola.ground.people.models import Account, Person, Role

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_numbers = count(1)


def person(
    *,
    given_name: str = "Ilze",
    family_name: str = "Kalniņa",
    email: str = "",
    language: str = "en",
    created_at: datetime = A_DAY,
) -> Person:
    """A data subject without an account."""
    return Person.objects.create(
        given_name=given_name,
        family_name=family_name,
        email=email or f"person{next(_numbers)}@example.org",
        language=language,
        created_at=created_at,
    )


def account(
    *, email: str = "", password: str | None = "a long enough one", created_at: datetime = A_DAY
) -> Account:
    """A person with an account."""
    made = person(email=email, created_at=created_at)
    return Account.objects.create(
        person=made, email=made.email, password=_hashed(password), created_at=created_at
    )


@lru_cache
def _hashed(password: str | None) -> str:
    """Hashing is slow on purpose, and tests make accounts by the thousand."""
    return make_password(password)


def role(holder: Person, kind: str, *, starts_at: datetime = A_DAY) -> Role:
    """A role for the whole tenant, from ``starts_at`` on."""
    return Role.objects.create(person=holder, kind=kind, starts_at=starts_at)
