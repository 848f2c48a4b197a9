"""Which account somebody means, and what waits to be decided."""

from datetime import datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Trim

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Person
from skola.promises.minors.models import Report
from skola.promises.minors.rules import are_reported
from skola.promises.policy.api import in_force


def is_promised(now: datetime) -> bool:
    """Whether the policy in force lets anybody report a child (learnifier-14.c)."""
    return are_reported(in_force(now).policy)


@reading_for(RIGHTS)
def meant(account: str) -> Person | None:
    """Return whose account is meant: by its address, or by its whole name where one alone has it.

    None where it is nobody's or several people's: nobody is hidden by mistake for somebody else.
    """
    told = " ".join(account.split())
    people = Person.objects.filter(account__isnull=False)
    if "@" in told:
        return people.filter(account__email__iexact=told).first()
    name = Trim(Concat("given_name", Value(" "), "family_name"))
    found = list(people.annotate(whole=name).filter(whole__iexact=told)[:2])
    return found[0] if len(found) == 1 else None


def waiting() -> QuerySet[Report]:
    """Return the reports on which nobody has decided, the most urgent first."""
    return Report.objects.waiting().select_related("person").order_by("decide_by", "pk")


def decided() -> QuerySet[Report]:
    """Return the reports that were unfounded, latest first; the others went with their child."""
    found = Report.objects.exclude(decided_at=None).select_related("person")
    return found.order_by("-decided_at", "-pk")
