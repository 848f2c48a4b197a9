"""Makers of exams outside for tests."""

from datetime import datetime

from skola.ground.people.models import Person
from skola.promises.disclosures.models import Paper, Party
from skola.services.networks.models import Candidate, Connection, Sending


def operator(name: str, *, at: datetime) -> Party:
    """An operator in the register, not active."""
    made, _ = Party.objects.get_or_create(
        entry="recipient.exam-network",
        name=name,
        ended_at=None,
        defaults={"country": "LV", "registered_at": at, "changed_on": at.date()},
    )
    return made


def connected(name: str = "SIA Zināšanas", *, at: datetime) -> Party:
    """An operator that is active in the register and switched on."""
    party = operator(name, at=at)
    papers = {"kind": "agreement", "reference": "A-1", "recorded_at": at}
    Paper.objects.create(party=party, valid_from=at.date(), **papers)
    party.activated_at = party.active_from = at
    party.save()
    Connection.objects.create(party=party, enabled_at=at)
    return party


def candidate(person: Person, *, exam: str = "EX-1", came: bool = False, at: datetime) -> Candidate:
    """Somebody who was sent, perhaps with a result."""
    sending, _ = Sending.objects.get_or_create(
        party=operator("SIA Eksperts", at=at),
        exam=exam,
        defaults={"course_title": "Bees", "sent_at": at},
    )
    made = Candidate.objects.create(
        sending=sending, person=person, reference=f"D-{person.pk.hex[-8:]}", sent_at=at
    )
    if came:
        made.outcome, made.sat_on, made.received_at = "passed", at.date(), at
        made.save()
    return made
