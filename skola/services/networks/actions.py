"""Switching an operator on and off, sending candidates, and taking in results."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.promises.disclosures.api import Ground, Party, Passing, RefusedError, pass_on
from skola.services.billing.api import zone
from skola.services.courses.api import Course
from skola.services.networks import queries
from skola.services.networks.models import Candidate, Connection, Sending
from skola.services.networks.rules import FaultyError, results_in

CLAUSE = "ilearn-17.b"


class NotNamedError(Exception):
    """No text that was accepted names the operator."""


class NotOnError(Exception):
    """The exchange with this operator is not switched on."""


class NobodyError(Exception):
    """Somebody of these cannot be sent, or nobody was chosen."""


def enable(party: Party, *, by: str, now: datetime) -> None:
    """Switch the exchange with an operator on (ilearn-17.b).

    Raises NotNamedError, and the refusal is in the audit, while no running contract or terms that a
    learner accepted name it; NotOnError where the register does not have it as active.
    """
    if party not in queries.operators(now):
        raise NotOnError(_("This operator is not active in the register of recipients."))
    if not queries.accepted_naming(party.name).exists():
        audit.record("networks.connection.refused", target=party, clause=CLAUSE, by=by, at=now)
        raise NotNamedError(
            _(
                "No contract or terms that a learner accepted name %(name)s. Name it in your"
                " contracts or terms of use; it can be switched on when the first learner has"
                " accepted them."
            )
            % {"name": party.name}
        )
    with transaction.atomic():
        made, is_new = Connection.objects.get_or_create(
            party=party, ended_at=None, defaults={"enabled_at": now}
        )
        if is_new:
            audit.record("networks.connection.enabled", target=made, clause=CLAUSE, by=by, at=now)


@transaction.atomic
def end(party: Party, *, by: str, now: datetime) -> None:
    """Switch the exchange with an operator off; results of what was sent still come in."""
    for one in Connection.objects.select_for_update().filter(party=party, ended_at=None):
        one.ended_at = now
        one.save(update_fields=["ended_at"])
        audit.record("networks.connection.ended", target=one, clause=CLAUSE, by=by, at=now)


def send(
    party: Party, course: Course, exam: str, people: Sequence[UUID], *, by: str, now: datetime
) -> bytes:
    """Hand candidates to an operator, and return the file with everybody sent for this exam.

    Each has the entry in their ledger, once. Raises NotOnError; NobodyError, and sends nobody,
    when somebody is not of the course or accepted no text that names the operator, or when the
    exam is one of another course; RefusedError of the gate, and the refusal is in the audit.
    """
    try:
        return _send(party, course, exam, people, by, now)
    except RefusedError as error:
        audit.record(
            "networks.candidates.refused",
            target=party,
            clause=CLAUSE,
            by=by,
            at=now,
            detail={"why": str(error.why), "people": len(people)},
        )
        raise


@transaction.atomic
def _send(
    party: Party, course: Course, exam: str, people: Sequence[UUID], by: str, now: datetime
) -> bytes:
    if queries.connected(party.pk, now) is None:
        raise NotOnError(_("The exchange with this operator is not switched on."))
    allowed = {one.person_id: one for one in queries.may_be_sent(party, course)}
    if not people or not set(people) <= set(allowed):
        raise NobodyError(_("Choose candidates whose contract or terms name the operator."))
    sending, _new = Sending.objects.select_for_update(of=("self",)).get_or_create(
        party=party,
        exam=exam,
        defaults={"course": course, "course_title": course.title, "sent_at": now},
    )
    if sending.course_id != course.pk:
        raise NobodyError(_("Under this reference learners of another course were sent."))
    before = set(sending.candidates.values_list("person_id", flat=True))
    chosen = [one for pk, one in allowed.items() if pk in before | set(people)]
    passing = Passing(party, Ground.CONTRACT, reference=exam, once=sending.pk)
    passed = pass_on(
        passing,
        [one.person_id for one in chosen],
        records=[*chosen, *(one.person for one in chosen)],
        by=by,
        now=now,
    )
    fresh = [one for one in passed.entries if one.person_id not in before]
    Candidate.objects.bulk_create(
        Candidate(sending=sending, person_id=one.person_id, reference=one.label, sent_at=now)
        for one in fresh
    )
    sending.sent_at = now
    sending.save(update_fields=["sent_at"])
    audit.record(
        "networks.candidates.sent",
        target=sending,
        clause=CLAUSE,
        by=by,
        at=now,
        detail={"candidates": len(passed.entries), "new": len(fresh)},
    )
    return passed.content


def receive(sending: Sending, content: bytes, *, by: str, now: datetime) -> int:
    """Take in the results of an exam and return how many; of a faulty file nothing is taken.

    Raises FaultyError, and the refusal is in the audit.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        return _take(sending, content, digest, by, now)
    except FaultyError as error:
        audit.record(
            "networks.results.refused",
            target=sending,
            clause=CLAUSE,
            by=by,
            at=now,
            detail={"sha256": digest, "faults": len(error.faults)},
        )
        raise


@transaction.atomic
def _take(sending: Sending, content: bytes, digest: str, by: str, now: datetime) -> int:
    Sending.objects.select_for_update(of=("self",)).get(pk=sending.pk)
    sent = {one.reference: one for one in sending.candidates.all()}
    found = results_in(
        content.decode(errors="replace"),
        exam=sending.exam,
        candidates={key: one.received_at is not None for key, one in sent.items()},
        today=now.astimezone(zone(now)).date(),
    )
    for result in found:
        one = sent[result.reference]
        one.outcome, one.points, one.sat_on = result.outcome, result.points, result.sat_on
        one.received_at = now
    changed = [sent[result.reference] for result in found]
    Candidate.objects.bulk_update(changed, ["outcome", "points", "sat_on", "received_at"])
    audit.record(
        "networks.results.received",
        target=sending,
        clause=CLAUSE,
        by=by,
        at=now,
        detail={"sha256": digest, "results": len(found)},
    )
    return len(found)
