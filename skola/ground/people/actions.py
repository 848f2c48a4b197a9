"""Everything that changes people, one function each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.models import (
    Account,
    Finding,
    Guardianship,
    Informed,
    Person,
    ProfileChange,
    Role,
    SecurityEvent,
)

EDITABLE = ("phone", "address")
"""What people change themselves; the rest is put right on request."""


@transaction.atomic
def register_person(
    *,
    given_name: str,
    family_name: str,
    email: str = "",
    phone: str = "",
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
        phone=phone,
        birth_on=birth_on,
        language=language,
        source=source,
        created_at=now,
    )
    audit.record("people.person.registered", target=person, subject=person.pk, by=by, at=now)
    return person


@transaction.atomic
def drop_lead(person_id: UUID, *, source: str) -> bool:
    """Delete a person without an account who was made for one record, which has just gone.

    Return whether there was one. The row alone is deleted from here; what hangs on it follows by
    the foreign keys in the database, also where the application itself may not delete.
    """
    lead = Person.objects.filter(pk=person_id, source=source, status=Person.Status.LEAD)
    return bool(lead._raw_delete(lead.db))


@transaction.atomic
def open_account(
    person: Person, *, email: str, password: str | None, by: str, now: datetime
) -> Account:
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
    """Give ``person`` a role from now on, for the whole tenant or for the thing named.

    What a room asks for before a role opens anything is asked in the same transaction.
    """
    role = Role.objects.create(
        person=person, kind=kind, scope=scope, scope_id=scope_id, starts_at=now, ends_at=ends_at
    )
    audit.record("people.role.granted", target=role, subject=person.pk, by=by, at=now)
    for ask in _GRANTED:
        ask(role, now)
    return role


_GRANTED: list[Callable[[Role, datetime], None]] = []


def when_granted(ask: Callable[[Role, datetime], None]) -> None:
    """Have this called with each role that is granted; a room says it once, when it is ready."""
    if ask not in _GRANTED:
        _GRANTED.append(ask)


@transaction.atomic
def end_role(role: Role, *, by: str, now: datetime) -> None:
    """End the role now; it stays on record until its term."""
    Role.objects.filter(pk=role.pk).update(ends_at=now)
    audit.record("people.role.ended", target=role, subject=role.person_id, by=by, at=now)


@transaction.atomic
def suspend_account(
    account: Account, *, reason: str, words: str = "", by: str, now: datetime
) -> None:
    """End all sessions and refuse sign-in, for a reason that the person is shown (ilearn-11.l).

    ``reason`` is of the closed list ``Account.Reason``, which the audit repeats; ``words`` are for
    the person only.
    """
    Account.objects.filter(pk=account.pk).update(
        is_active=False, suspended_because=reason, suspended_words=words
    )
    end_sessions(account)
    security_event(account.person_id, SecurityEvent.Kind.SUSPENDED, now=now)
    audit.record(
        "people.account.suspended",
        target=account,
        subject=account.person_id,
        by=by,
        at=now,
        detail={"reason": reason},
    )


@transaction.atomic
def reinstate_account(account: Account, *, by: str, now: datetime) -> None:
    """Let the person sign in again (ilearn-11.l)."""
    Account.objects.filter(pk=account.pk).update(
        is_active=True, suspended_because="", suspended_words=""
    )
    security_event(account.person_id, SecurityEvent.Kind.REINSTATED, now=now)
    audit.record(
        "people.account.reinstated", target=account, subject=account.person_id, by=by, at=now
    )


@transaction.atomic
def plan_closing(account: Account, closes_at: datetime, *, by: str, now: datetime) -> None:
    """Set the moment at which an account closes for good; until then it can be kept.

    Source: learnifier-10.d.
    """
    Account.objects.filter(pk=account.pk).update(closes_at=closes_at)
    account.refresh_from_db()
    audit.record(
        "people.account.closing",
        target=account,
        subject=account.person_id,
        by=by,
        at=now,
        detail={"closes_at": closes_at.isoformat()},
    )


@transaction.atomic
def keep_account(account: Account, *, by: str, now: datetime) -> None:
    """The account stays after all; twice changes nothing."""
    waiting = Account.objects.filter(pk=account.pk, is_active=True, closes_at__gt=now)
    if waiting.update(closes_at=None):
        audit.record(
            "people.account.kept", target=account, subject=account.person_id, by=by, at=now
        )


@transaction.atomic
def close_account(account: Account, *, now: datetime) -> bool:
    """Refuse sign-in for good once the moment has come; False where that was done before."""
    waiting = Account.objects.filter(pk=account.pk, closes_at__lte=now)
    done = waiting.exclude(suspended_because=Account.Reason.CLOSED).update(
        is_active=False, suspended_because=Account.Reason.CLOSED, suspended_words=""
    )
    if done:
        end_sessions(account)
        audit.record(
            "people.account.closed",
            target=account,
            subject=account.person_id,
            by="system",
            at=now,
            clause="learnifier-10.d",
        )
    return bool(done)


def end_sessions(account: Account) -> int:
    """End every session of the account at once and return how many there were."""
    sessions = list(UserSession.objects.filter(user_id=account.pk))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def secure_account(account: Account, *, by: str, now: datetime) -> None:
    """Its owner says "it was not me": all sessions end, and the password must be set anew.

    Source: ema-6.3-password.
    """
    account.set_unusable_password()
    account.save(update_fields=["password"])
    end_sessions(account)
    security_event(account.person_id, SecurityEvent.Kind.SECURED, now=now)
    audit.record("people.account.secured", target=account, subject=account.person_id, by=by, at=now)


@transaction.atomic
def name_guardian(
    child: Person, guardian: Person, *, powers: Sequence[str], by: str, now: datetime
) -> Guardianship:
    """Record who says to stand for ``child``; nothing is open to them before it is proven.

    A link that ended begins anew, without its old proof.
    """
    link, _ = Guardianship.objects.update_or_create(
        child=child,
        guardian=guardian,
        defaults={
            "powers": list(powers),
            "proof": "",
            "verified_at": None,
            "starts_at": now,
            "ends_at": None,
            "grown_up_allows_at": None,
        },
    )
    audit.record("people.guardianship.named", target=link, subject=child.pk, by=by, at=now)
    return link


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


@transaction.atomic
def allow_guardian(link: Guardianship, *, allowed: bool, by: str, now: datetime) -> None:
    """The child, grown up, lets the guardian go on seeing, or no longer (ekool-1.4-parent)."""
    at = now if allowed else None
    Guardianship.objects.filter(pk=link.pk).update(grown_up_allows_at=at)
    word = "allowed" if allowed else "disallowed"
    audit.record(f"people.guardianship.{word}", target=link, subject=link.child_id, by=by, at=now)


@transaction.atomic
def open_finding(person: Person, kind: str, *, reason: str, by: str, now: datetime) -> Finding:
    """Record that a registration is false or its person a minor alone; once while it is open.

    The event from which the policy counts is recorded by who calls this. Source: ilearn-20.j, 20.k.
    """
    found, made = Finding.objects.get_or_create(
        person=person, kind=kind, closed_at=None, defaults={"reason": reason, "found_at": now}
    )
    if made:
        if kind == Finding.Kind.MINOR:
            Account.objects.filter(person=person).update(blocked_for=kind)
        audit.record(f"people.finding.{kind}", target=found, subject=person.pk, by=by, at=now)
    return found


@transaction.atomic
def close_finding(found: Finding, *, by: str, now: datetime) -> None:
    """The registration was put right, or a guardian proven: what was closed opens again."""
    Finding.objects.filter(pk=found.pk, closed_at=None).update(closed_at=now)
    if found.kind == Finding.Kind.MINOR:
        Account.objects.filter(person_id=found.person_id).update(blocked_for="")
    audit.record("people.finding.closed", target=found, subject=found.person_id, by=by, at=now)


@transaction.atomic
def change_profile(
    person: Person,
    values: Mapping[str, str | date | None],
    *,
    fields: Iterable[str] = EDITABLE,
    author: Person | None = None,
    source: str = "subject",
    ground: str = "",
    by: str,
    now: datetime,
) -> list[ProfileChange]:
    """Use the new contacts at once and keep the old ones in the history (ilearn-22.b).

    Each change says from whom the new value is, and who entered it (ekool-4.1, ekool-8.5-edit).
    """
    changes = []
    for field in fields:
        before = getattr(person, field)
        if field in values and values[field] != before:
            setattr(person, field, values[field])
            changes.append(
                ProfileChange(
                    person=person,
                    field=field,
                    before=_written(before),
                    by=by,
                    author=author,
                    source=source,
                    ground=ground,
                    changed_at=now,
                )
            )
    if changes:
        person.save(update_fields=[change.field for change in changes])
        ProfileChange.objects.bulk_create(changes)
        audit.record(
            "people.profile.changed",
            target=person,
            subject=person.pk,
            by=by,
            at=now,
            detail={"fields": [change.field for change in changes]},
        )
    return changes


@transaction.atomic
def take_back_change(change: ProfileChange, *, by: str, now: datetime) -> bool:
    """Put back what a contact detail was before a change; False where it was taken back before."""
    held = ProfileChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if held.taken_back_at is not None or not held.field:
        return False
    setattr(held.person, held.field, _read(held.field, held.before))
    held.person.save(update_fields=[held.field])
    held.taken_back_at = now
    held.save(update_fields=["taken_back_at"])
    detail = {"field": held.field}
    audit.record(
        "people.profile.taken_back",
        target=held.person,
        subject=held.person_id,
        by=by,
        at=now,
        detail=detail,
    )
    return True


def _written(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def _read(field: str, written: str) -> str | date | None:
    if field != "birth_on":
        return written
    return date.fromisoformat(written) if written else None


@transaction.atomic
def record_informed(person_id: UUID, *, version: str, digest: str, now: datetime) -> Informed:
    """Record which version of the policy the person was shown; the first time counts.

    Source: ema-intro.c, ema-intro.e.
    """
    shown, _ = Informed.objects.get_or_create(
        person_id=person_id, digest=digest, defaults={"version": version, "at": now}
    )
    return shown


def security_event(
    person_id: UUID | None, kind: str, *, network: str = "", device: str = "", now: datetime
) -> SecurityEvent:
    """Note a sign-in or a failed one; ``person_id`` is None where the address is nobody's."""
    return SecurityEvent.objects.create(
        person_id=person_id, kind=kind, at=now, network=network, device=device
    )
