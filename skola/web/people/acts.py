"""What staff do to somebody's account, and the mail that tells the person of it (ilearn-11.l)."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from skola.ground.people.api import (
    Account,
    Finding,
    Guardianship,
    Person,
    end_guardianship,
    grant_role,
    has_guardian,
    open_account,
    register_person,
    reinstate_account,
    suspend_account,
    verify_guardianship,
)
from skola.promises.retention.api import clock_of
from skola.services.customers.api import register_customer
from skola.services.staff.api import Wanted, ask, asks_for
from skola.web.signup import find_fault, judge_age, put_right


@transaction.atomic
def invite(
    request: HttpRequest,
    *,
    given_name: str,
    family_name: str,
    email: str,
    language: str,
    kind: str,
    asker: Person | None = None,
    by: str,
    now: datetime,
) -> Person:
    """Open an account without a password; the mail leads to a code that lets the person in."""
    person = open_account_for(
        given_name=given_name,
        family_name=family_name,
        email=email,
        language=language,
        kind=kind,
        by=by,
        now=now,
    )
    if kind:
        give(person, Wanted(kind), asker=asker, by=by, now=now)
    link = request.build_absolute_uri(reverse("account_request_login_code"))
    get_adapter().send_mail("web/mail/invited", email, {"link": link, "name": person.given_name})
    return person


@transaction.atomic
def open_account_for(
    *,
    given_name: str,
    family_name: str,
    email: str,
    language: str,
    kind: str = "",
    by: str,
    now: datetime,
) -> Person:
    """Open an account without a password for somebody who did not ask for it themselves.

    ``kind`` is the role that they are to hold, which says whether they become a customer.
    """
    person = register_person(
        given_name=given_name,
        family_name=family_name,
        email=email,
        language=language,
        source="invited",
        by=by,
        now=now,
    )
    account = open_account(person, email=email, password=None, by=by, now=now)
    register_customer(person.pk, kind, by=by, now=now)
    EmailAddress.objects.create(user=account, email=email, primary=True, verified=False)
    return person


@transaction.atomic
def give(person: Person, wanted: Wanted, *, asker: Person | None, by: str, now: datetime) -> None:
    """Give a role, or ask for it where somebody else has to approve it (kic-security-access).

    Raises TwiceError when it is asked for already.
    """
    if asks_for(wanted.kind, now=now):
        ask(person, wanted, asker=asker, by=by, now=now)
        return
    grant_role(
        person,
        wanted.kind,
        scope=wanted.scope,
        scope_id=wanted.scope_id,
        ends_at=wanted.until,
        by=by,
        now=now,
    )


@transaction.atomic
def suspend(account: Account, *, reason: str, words: str, by: str, now: datetime) -> None:
    """Close sign-in and end all sessions; the person gets the reason by mail."""
    suspend_account(account, reason=reason, words=words, by=by, now=now)
    told = {"reason": Account.Reason(reason).label, "words": words}
    get_adapter().send_mail("web/mail/suspended", account.email, told)


@transaction.atomic
def reinstate(account: Account, *, by: str, now: datetime) -> None:
    """Open sign-in again and tell the person."""
    reinstate_account(account, by=by, now=now)
    get_adapter().send_mail("web/mail/reinstated", account.email, {})


@transaction.atomic
def find(person: Person, kind: str, *, reason: str, by: str, now: datetime) -> Finding:
    """Record what is wrong with a registration; the person is told what goes when (ilearn-20.j)."""
    found = find_fault(person, kind, reason=reason, by=by, now=now)
    if person.email:
        clock = clock_of(person, now=now, category="identity")
        told = {"reason": reason, "kind": kind, "at": clock.at if clock else None}
        get_adapter().send_mail("web/mail/found", person.email, told)
    return found


@transaction.atomic
def correct(found: Finding, *, by: str, now: datetime) -> None:
    """The registration is right now: nothing goes for its sake any more (ilearn-20.j)."""
    put_right(found, by=by, now=now)
    if found.person.email:
        get_adapter().send_mail("web/mail/corrected", found.person.email, {"kind": found.kind})


@transaction.atomic
def prove(link: Guardianship, *, proof: str, by: str, now: datetime) -> None:
    """Verify a guardian: what was closed to the child opens, and its clock stops (ilearn-20.k)."""
    verify_guardianship(link, proof=proof, by=by, now=now)
    for found in Finding.objects.filter(
        person_id=link.child_id, kind=Finding.Kind.MINOR, closed_at=None
    ):
        correct(found, by=by, now=now)


@transaction.atomic
def part(link: Guardianship, *, by: str, now: datetime) -> None:
    """End a guardian's powers at once; a minor left alone is found so again (ilearn-11.d)."""
    end_guardianship(link, by=by, now=now)
    if not has_guardian(link.child, now=now):
        judge_age(link.child, by=by, now=now)
