"""Operators, whom they may be sent, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from skola.promises.disclosures.api import Party, for_task
from skola.services.billing.api import Contract
from skola.services.courses.api import Course, Enrolment
from skola.services.networks.models import Connection, Sending
from skola.services.networks.rules import naming

CAPABILITY = "exams.network"
TASK = "exam-network"


def operators(now: datetime) -> list[Party]:
    """Return the operators that the register of recipients has as active, by name."""
    return [one.party for one in for_task(TASK, now)]


def accepted_naming(operator: str) -> QuerySet[Contract]:
    """Return the running contracts whose accepted text names an operator (ilearn-17.b).

    What is ordered in the shop is a contract whose text are the terms that were accepted.
    """
    return Contract.objects.running().filter(text__iregex=naming(operator))


@dataclass(frozen=True)
class Known:
    """An operator of the register, and whether the exchange with it is switched on."""

    party: Party
    connection: Connection | None


def known(now: datetime) -> list[Known]:
    """Return every active operator with its connection."""
    on = {one.party_id: one for one in Connection.objects.filter(ended_at=None)}
    return [Known(one, on.get(one.pk)) for one in operators(now)]


def connected(pk: UUID, now: datetime) -> Party | None:
    """Return an active operator with which the exchange is switched on."""
    return next((one.party for one in known(now) if one.party.pk == pk and one.connection), None)


def learners(course: Course) -> QuerySet[Enrolment]:
    """Return who takes a course, by name."""
    taking = Enrolment.objects.filter(course=course).select_related("person")
    return taking.order_by("person__family_name", "person__given_name", "pk")


def may_be_sent(party: Party, course: Course) -> QuerySet[Enrolment]:
    """Return who takes a course and accepted a text that names the operator."""
    return learners(course).filter(person__in=accepted_naming(party.name).values("person"))


def sendings() -> QuerySet[Sending]:
    """Return the exams outside with how many went out and came in, latest first."""
    counted = Sending.objects.select_related("party").annotate(
        went=Count("candidates"),
        came=Count("candidates", filter=Q(candidates__received_at__isnull=False)),
    )
    return counted.order_by("-sent_at", "pk")
