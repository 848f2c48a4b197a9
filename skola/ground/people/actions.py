"""Everything that changes people, one function each."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.models import Account, Guardianship, Person, Role, SecurityEvent


@transaction.atomic
def register_person(
    *,
    given_name: str,
    family_name: str,
    email: str = "",
    birth_on: date | None = None,
    language: str = "en",
    source: str = "subject",
    by: str,
    now: datetime,
) -> Person:
    """Record a data subject, without an account. Source: ilearn-4.a."""
    person = Person.objects.create(
        given_name=given_name,
        family_name=family_name,
        email=email.lower(),
        birth_on=birth_on,
        language=language,
        source=source,
        created_at=now,
    )
    audit.record("people.person.registered", target=person, subject=person.pk, by=by, at=now)
    return person


@transaction.atomic
def open_account(person: Person, *, email: str, password: str | None, by: str, now: datetime) -> Account:
    """Give ``person`` an account with this address; the tenant has it at most once."""
    account = Account.objects.create_account(person, email=email, password=password, now=now)
    Person.objects.filter(pk=person.pk).update(status=Person.Status.ACTIVE)
    audit.record("people.account.opened", target=account, subject=person.pk, by=by, at=now)
    return account


@transaction.atomic
def grant_role(
    person: Person,
    kind: str,
    *,
    scope: str = "",
    scope_id: UUID | None = None,
    ends_at: datetime | None = None,
    by: str,
    now: datetime,
) -> Role:
    """Give ``person`` a role from now on, for the whole tenant or for the thing named."""
    role = Role.objects.create(
        person=person, kind=kind, scope=scope, scope_id=scope_id, starts_at=now, ends_at=ends_at
    )
    audit.record("people.role.granted", target=role, subject=person.pk, by=by, at=now)
    return role


@transaction.atomic
def end_role(role: Role, *, by: str, now: datetime) -> None:
    """End the role now; it stays on record until its term."""
    Role.objects.filter(pk=role.pk).update(ends_at=now)
    audit.record("people.role.ended", target=role, subject=role.person_id, by=by, at=now)


@transaction.atomic
def suspend_account(account: Account, *, reason: str, by: str, now: datetime) -> None:
    """Refuse further sign-ins, for a reason that the person is shown (ilearn-11.l)."""
    Account.objects.filter(pk=account.pk).update(is_active=False, suspended_because=reason)
    audit.record("people.account.suspended", target=account, subject=account.person_id, by=by, at=now)


@transaction.atomic
def verify_guardianship(link: Guardianship, *, proof: str, by: str, now: datetime) -> None:
    """Record that the link between child and guardian was proven, and how (ekool-1.4-parent)."""
    Guardianship.objects.filter(pk=link.pk).update(proof=proof, verified_at=now)
    audit.record("people.guardianship.verified", target=link, subject=link.child_id, by=by, at=now)


@transaction.atomic
def end_guardianship(link: Guardianship, *, by: str, now: datetime) -> None:
    """End the guardian's powers at once (ilearn-11.d)."""
    Guardianship.objects.filter(pk=link.pk).update(ends_at=now)
    audit.record("people.guardianship.ended", target=link, subject=link.child_id, by=by, at=now)


def security_event(
    person_id: UUID | None, kind: str, *, network: str, device: str, now: datetime
) -> SecurityEvent:
    """Note a sign-in or a failed one; ``person_id`` is None where the address is nobody's."""
    return SecurityEvent.objects.create(
        person_id=person_id, kind=kind, at=now, network=network, device=device
    )
