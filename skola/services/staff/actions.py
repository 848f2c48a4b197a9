"""Everything that changes grants and guidelines, one function each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, Role, grant_role
from skola.services.staff import queries, rules
from skola.services.staff.models import Acknowledgement, Grant, Guideline, Version


class DecidedError(Exception):
    """The grant was decided before, or has ended."""


class SameHandError(Exception):
    """Who asked for a role, or holds it, cannot approve or review it."""


class TwiceError(Exception):
    """There is one like that already."""


@dataclass(frozen=True)
class Wanted:
    """The role that is asked for, and what for."""

    kind: str
    scope: str = ""
    scope_id: UUID | None = None
    until: datetime | None = None
    reason: str = ""


@transaction.atomic
def ask(person: Person, wanted: Wanted, *, asker: Person | None, by: str, now: datetime) -> Grant:
    """Ask that somebody gets a role. It opens nothing before somebody else approves it.

    Raises TwiceError when the same is asked already.
    """
    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                person=person,
                kind=wanted.kind,
                scope=wanted.scope,
                scope_id=wanted.scope_id,
                wanted_until=wanted.until,
                reason=wanted.reason,
                asked_by=asker,
                asked_at=now,
            )
    except IntegrityError as refused:
        raise TwiceError(_("This role is asked for already. It waits for approval.")) from refused
    audit.record("staff.grant.asked", target=grant, subject=person.pk, by=by, at=now)
    return grant


@transaction.atomic
def approve(grant: Grant, *, decider: Person, by: str, now: datetime) -> Role:
    """Give the role that was asked for; it lapses when nobody reviews it (kic-security-access).

    Where the role asks for training, it opens nothing before that is passed. Raises DecidedError,
    and SameHandError for who asked or is to hold it.
    """
    held = _undecided(grant, decider)
    rule = queries.rule(now)
    role = grant_role(
        held.person,
        held.kind,
        scope=held.scope,
        scope_id=held.scope_id,
        ends_at=rules.ends_at(queries.after(rule.review, now), held.wanted_until),
        by=by,
        now=now,
    )
    if rule.training_valid:
        Role.objects.filter(pk=role.pk).update(
            trained_until=queries.valid_until(held.person_id, now) or now
        )
    held.role, held.decided_by, held.decided_at = role, decider, now
    held.save(update_fields=["role", "decided_by", "decided_at"])
    _told("approved", held, by=by, now=now)
    return role


@transaction.atomic
def refuse(grant: Grant, *, decider: Person, by: str, now: datetime) -> None:
    """Do not give the role. Raises DecidedError, SameHandError."""
    held = _undecided(grant, decider)
    held.refused, held.decided_by, held.decided_at = True, decider, now
    held.save(update_fields=["refused", "decided_by", "decided_at"])
    _told("refused", held, by=by, now=now)


def _undecided(grant: Grant, decider: Person) -> Grant:
    held = Grant.objects.select_for_update(of=("self",)).select_related("person").get(pk=grant.pk)
    if held.decided_at is not None:
        raise DecidedError(_("Somebody has decided this already."))
    _other_hand(held, decider)
    return held


def _other_hand(grant: Grant, decider: Person) -> None:
    asked_by, holder = grant.asked_by_id, grant.person_id
    if not rules.can_decide(decider.pk, asked_by=asked_by, holder=holder):
        raise SameHandError(_("Somebody else has to do this: neither who asked nor who holds it."))


@transaction.atomic
def review(grant: Grant, *, reviewer: Person, by: str, now: datetime) -> None:
    """Say that somebody still needs a role: it goes on for another term of the policy.

    Raises DecidedError when it has ended meanwhile, SameHandError for who asked or holds it.
    """
    held = Grant.objects.select_for_update(of=("self",)).select_related("role").get(pk=grant.pk)
    if held.role is None or held.role.ends_at is None or held.role.ends_at <= now:
        raise DecidedError(_("This role has ended. Ask for it again."))
    _other_hand(held, reviewer)
    until = rules.ends_at(queries.after(queries.rule(now).review, now), held.wanted_until)
    Role.objects.filter(pk=held.role.pk).update(ends_at=until)
    held.reviewed_by, held.reviewed_at = reviewer, now
    held.save(update_fields=["reviewed_by", "reviewed_at"])
    _told("reviewed", held, by=by, now=now)


def _told(what: str, grant: Grant, *, by: str, now: datetime) -> None:
    audit.record(
        f"staff.grant.{what}",
        target=grant,
        subject=grant.person_id,
        by=by,
        at=now,
        clause="kic-security-access",
    )


@transaction.atomic
def take_over(*, by: str, now: datetime) -> int:
    """Put roles that were there without a grant under review, and return how many. Safe to repeat.

    From then on they lapse like all others, and ask for training after the term of grace.
    """
    rule = queries.rule(now)
    if rule is None:
        return 0
    known = Grant.objects.filter(role__isnull=False).values("role")
    found = list(queries.roles_of_staff(now).exclude(pk__in=known).select_for_update(of=("self",)))
    for role in found:
        grant = Grant.objects.create(
            person_id=role.person_id,
            kind=role.kind,
            scope=role.scope,
            scope_id=role.scope_id,
            wanted_until=role.ends_at,
            asked_at=now,
            decided_at=now,
            role=role,
        )
        role.ends_at = rules.ends_at(queries.after(rule.review, now), role.ends_at)
        role.trained_until = _trained_until(role, rule, now)
        role.save(update_fields=["ends_at", "trained_until"])
        _told("taken_over", grant, by=by, now=now)
    return len(found)


def _trained_until(role: Role, rule: Any, now: datetime) -> datetime | None:
    if not rule.training_valid:
        return None
    grace = queries.after(rule.training_grace, now) if rule.training_grace else now
    return queries.valid_until(role.person_id, now) or grace


@transaction.atomic
def write_guideline(title: str, text: str, *, review_on: date, by: str, now: datetime) -> Guideline:
    """Write a guideline and its first version. Raises TwiceError when another has the title."""
    try:
        with transaction.atomic():
            made = Guideline.objects.create(title=title, review_on=review_on, created_at=now)
    except IntegrityError as refused:
        raise TwiceError(_("There is a guideline of this title. Write a new version of it.")) from (
            refused
        )
    _publish(made, 1, text, by=by, now=now)
    return made


@transaction.atomic
def improve(guideline: Guideline, text: str, *, review_on: date, by: str, now: datetime) -> Version:
    """Publish the next version of a guideline, which the staff has to acknowledge anew.

    The same text twice is one version: only the day of review moves.
    """
    held = Guideline.objects.select_for_update().get(pk=guideline.pk)
    Guideline.objects.filter(pk=held.pk).update(review_on=review_on)
    latest = Version.objects.filter(guideline=held).first()
    if latest is not None and latest.text == text:
        audit.record("staff.guideline.reviewed", target=held, by=by, at=now)
        return latest
    return _publish(held, latest.number + 1 if latest else 1, text, by=by, now=now)


def _publish(guideline: Guideline, number: int, text: str, *, by: str, now: datetime) -> Version:
    made = Version.objects.create(guideline=guideline, number=number, text=text, published_at=now)
    audit.record(
        "staff.guideline.published", target=made, by=by, at=now, detail={"version": number}
    )
    return made


@transaction.atomic
def withdraw(guideline: Guideline, *, by: str, now: datetime) -> None:
    """Take a guideline out of use; who has read it stays known for the term of the policy."""
    if Guideline.objects.filter(pk=guideline.pk, withdrawn_at=None).update(withdrawn_at=now):
        audit.record("staff.guideline.withdrawn", target=guideline, by=by, at=now)


@transaction.atomic
def acknowledge(version: Version, person: Person, *, by: str, now: datetime) -> None:
    """Somebody says that they have read a version; twice is as once (kic-security-practice)."""
    made, fresh = Acknowledgement.objects.get_or_create(
        version=version, person=person, defaults={"at": now}
    )
    if fresh:
        audit.record("staff.guideline.acknowledged", target=made, subject=person.pk, by=by, at=now)
