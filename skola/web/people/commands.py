"""``skola role``: a role given or ended from a terminal."""

import sys
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from skola.ground.people.api import Account, Person, Role, end_role, grant_role
from skola.ground.tenants.api import Tenant, by_host, inside
from skola.promises.policy.api import NoPolicyError, in_force
from skola.web.people.acts import open_account_for

BY = "skola role"


class _RefusedError(Exception):
    """Why nothing was done, and what now."""


def role(
    email: str,
    kind: str,
    *,
    tenant: str | None,
    host: str | None,
    new: tuple[str, str] | None = None,
    end: bool = False,
    now: datetime,
) -> int:
    """Give a role to the owner of an account, or end it; return the exit code.

    ``new`` are the given and the family name for an account that is opened where there is none.
    0 when it was done or was so already; 2 when there is no such tenant, account or role.
    """
    try:
        if kind not in Role.Kind.values:
            known = ", ".join(Role.Kind.values)
            raise _RefusedError(f'There is no role "{kind}". Known are: {known}.')
        with inside(_tenant(tenant, host).pk), transaction.atomic():
            print(_end(email, kind, now) if end else _give(email, kind, new, now))
    except (_RefusedError, NoPolicyError) as problem:
        print(f"skola: {problem}", file=sys.stderr)
        return 2
    return 0


def _give(email: str, kind: str, new: tuple[str, str] | None, now: datetime) -> str:
    person, opened = _person(email), ""
    if person is None:
        person = _opened(email, kind, new, now)
        page = reverse("account_request_login_code")
        opened = f" The account is new: a code for it comes from {page}."
    if _held(person, kind, now):
        return f"{email} has the role {kind} already."
    grant_role(person, kind, by=BY, now=now)
    return f"{email} has the role {kind} from now on.{opened}"


def _end(email: str, kind: str, now: datetime) -> str:
    person = _person(email)
    held = _held(person, kind, now) if person is not None else []
    if not held:
        raise _RefusedError(f"{email} has no role {kind} here.")
    for one in held:
        end_role(one, by=BY, now=now)
    return f"{email} has the role {kind} no longer."


def _opened(email: str, kind: str, new: tuple[str, str] | None, now: datetime) -> Person:
    if new is None:
        raise _RefusedError(f"{email} has no account here. Open one with --new GIVEN FAMILY.")
    try:
        validate_email(email)
    except ValidationError:
        raise _RefusedError(f'"{email}" is no e-mail address.') from None
    return open_account_for(
        given_name=new[0],
        family_name=new[1],
        email=email.lower(),
        kind=kind,
        language=in_force(now).policy.policy.authentic,
        by=BY,
        now=now,
    )


def _person(email: str) -> Person | None:
    account = Account.objects.select_related("person").filter(email=email.lower()).first()
    return account.person if account is not None else None


def _held(person: Person, kind: str, now: datetime) -> list[Role]:
    running = Q(ends_at=None) | Q(ends_at__gt=now)
    return list(Role.objects.filter(running, person=person, kind=kind, scope=""))


def _tenant(slug: str | None, host: str | None) -> Tenant:
    found = by_host(host) if host is not None else Tenant.objects.filter(slug=slug).first()
    if found is None:
        raise _RefusedError(
            f"There is no tenant {slug or host!r}: `skola policy publish` makes one."
        )
    return found
