"""Who works at a school that requires it comes in with a second factor only.

Somebody without one has a session in which nothing is open but their account, where they set one
up; from then on each sign-in asks for it. Clause: ekool-2.2-security.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q, QuerySet

from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Role
from skola.services.school.models import CLASS, GROUP, SCHOOL, Group, School, SchoolClass

BLOCK = "second-factor"
"""Why the features are closed to an account."""
PROVES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@transaction.atomic
def require_second_factor(school: School, *, needed: bool, by: str, now: datetime) -> None:
    """Require a second factor of everybody who works at a school, or no longer; at once."""
    School.objects.filter(pk=school.pk).update(needs_second_factor=needed)
    school.needs_second_factor = needed
    detail = {"needed": needed}
    audit.record("school.second_factor.required", target=school, by=by, at=now, detail=detail)
    people = _roles_at([school.pk], now).values_list("person_id", flat=True)
    for account in Account.objects.filter(person__in=list(people)):
        close_without_second_factor(account, now=now)


def close_without_second_factor(account: Account, *, now: datetime) -> bool:
    """Close the features to an account that lacks what its school requires, or open them again.

    Return whether they are closed for this. What is closed for another reason stays so.
    """
    lacks = _is_required(account.person_id, now) and not _has_one(account)
    was, block = account.blocked_for, BLOCK if lacks else ""
    if was in ("", BLOCK) and was != block:
        Account.objects.filter(pk=account.pk).update(blocked_for=block)
        account.blocked_for = block
    return account.blocked_for == BLOCK


def _has_one(account: Account) -> bool:
    return bool(Authenticator.objects.filter(user_id=account.pk, type__in=PROVES).exists())


def _is_required(person_id: UUID, now: datetime) -> bool:
    strict = list(School.objects.filter(needs_second_factor=True).values_list("pk", flat=True))
    return bool(strict) and _roles_at(strict, now).filter(person=person_id).exists()


def _roles_at(schools: Sequence[UUID], now: datetime) -> QuerySet[Role]:
    classes = SchoolClass.objects.filter(year__school__in=schools).values("pk")
    groups = Group.objects.filter(school_class__year__school__in=schools).values("pk")
    return Role.objects.held_at(now).filter(
        Q(scope=SCHOOL, scope_id__in=schools)
        | Q(scope=CLASS, scope_id__in=classes)
        | Q(scope=GROUP, scope_id__in=groups)
    )
