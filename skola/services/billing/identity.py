"""Who the customer is, made sure of before a contract is concluded with them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.billing.models import IdentityCheck

CAPABILITY = "billing.identity"


@transaction.atomic
def note_check(
    person: Person, *, method: str, outcome: str, by: str, now: datetime
) -> IdentityCheck:
    """Write down how somebody's identity was checked, and what came of it; the latest holds.

    Source: ilearn-8.a, ilearn-11.c.
    """
    made = IdentityCheck.objects.create(
        person=person, method=method, outcome=outcome, checked_at=now
    )
    audit.record(
        f"billing.identity.{outcome}",
        target=made,
        subject=person.pk,
        by=by,
        at=now,
        detail={"method": method},
    )
    return made


def latest_check(person_id: UUID) -> IdentityCheck | None:
    """Return the check that holds; None where nobody checked."""
    found = IdentityCheck.objects.filter(person_id=person_id)
    return found.order_by("-checked_at", "-pk").first()


def is_identified(person_id: UUID) -> bool:
    """Whether somebody is known to be who they say."""
    check = latest_check(person_id)
    return check is not None and check.outcome == IdentityCheck.Outcome.VERIFIED


def lacks_identity(person_id: UUID, *, now: datetime) -> bool:
    """Whether the policy wants the identity verified first, and it is not."""
    return has(CAPABILITY, now=now) and not is_identified(person_id)
