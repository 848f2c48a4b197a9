"""Makers of training groups for tests: plain functions with honest defaults."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from skola.ground.people.api import Person
from skola.services.groups import actions, companies, identity, trainers
from skola.services.groups.models import (
    Application,
    Booking,
    Cooperation,
    Meeting,
    Participant,
    Programme,
    Run,
)
from skola.services.groups.rules import Learner

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")


def programme(*, title: str = "Bookkeeping", at: datetime = A_DAY) -> Programme:
    """A programme, made once however often it is asked for."""
    known = Programme.objects.filter(title=title).first()
    facts = actions.ProgrammeFacts(title, "Books and **taxes**.", 40, 38_000, "Pay in 14 days.")
    return known or actions.write_programme(facts, by="office", now=at)


def run(
    what: Programme | None = None,
    *,
    seats: int = 10,
    starts_on: date | None = None,
    days: int = 30,
    published: bool = True,
    at: datetime = A_DAY,
) -> Run:
    """A group that begins in a fortnight and runs for a month."""
    first = starts_on or (at + timedelta(days=14)).date()
    facts = actions.RunFacts(
        code=f"B-{Run.objects.count() + 1}",
        place="Brīvības iela 1, Rīga",
        starts_on=first,
        ends_on=first + timedelta(days=days),
        apply_until=first,
        seats=seats,
    )
    made = actions.plan_run(what or programme(at=at), facts, by="office", now=at)
    if published:
        actions.publish_run(made, by="office", now=at)
    return made


def meeting(of: Run, on: date | None = None) -> Meeting:
    """A meeting in the evening, on the first day unless another is named."""
    day = on or of.starts_on
    actions.add_meetings(
        of, [day], begins=time(17, 30), ends=time(20, 45), topic="", by="office", now=A_DAY
    )
    return Meeting.objects.get(run=of, on=day)


def application(
    to: Run | None = None,
    who: Person | None = None,
    *,
    family_name: str = "Ozols",
    at: datetime = A_DAY,
    **more: Any,
) -> Application:
    """An application; without a person it is of somebody who has no account."""
    sent = actions.Sent(Application.Source.SITE, "2018-05-25", words="I know a little.", **more)
    applicant = actions.Applicant("Jānis", family_name, f"{family_name.lower()}@example.org")
    return actions.apply(
        to or run(at=at), who or applicant, sent, today=at.date(), by="visitor", now=at
    )


def participant(
    of: Run | None = None,
    who: Person | None = None,
    *,
    family_name: str = "Ozols",
    contract: bool = True,
    at: datetime = A_DAY,
) -> Participant:
    """Somebody who was admitted, with a contract on offer."""
    applied = application(of, who, family_name=family_name, at=at)
    return actions.admit(applied, with_contract=contract, by="office", now=at)


def code(of: Participant, told: str = "320000-12345", *, at: datetime = A_DAY) -> None:
    """A participant's national code, with the reason for which the programme asks for it."""
    Programme.objects.filter(runs=of.run_id).update(code_reason="The law asks for it.")
    identity.enter_code(of, told, by="visitor", now=at)


def booking(
    of: Run | None = None, *, names: tuple[str, ...] = ("Kalns",), at: datetime = A_DAY
) -> Booking:
    """Seats for the people of a company, with its contract on offer."""
    facts = companies.CompanyFacts(
        "SIA Ozols",
        "Lielā iela 1, Rīga",
        "Dace",
        "Liepa",
        "dace@ozols.example",
        38_000,
        Decimal(21),
    )
    learners = [Learner("Jānis", name, f"{name.lower()}@ozols.example") for name in names]
    return companies.book(
        of or run(at=at),
        facts,
        learners,
        language="en",
        notice_version="2018-05-25",
        by="office",
        now=at,
    )


def cooperation(
    who: Person,
    *,
    days: int = 300,
    verdict: str = "fit",
    at: datetime = A_DAY,
) -> Cooperation:
    """A cooperation contract with an external trainer, evaluated unless ``verdict`` is empty."""
    facts = trainers.CooperationFacts(
        "SIA Prasme", "C-7", at.date(), at.date() + timedelta(days=days)
    )
    made = trainers.record_cooperation(who, facts, by="office", now=at)
    if verdict:
        trainers.evaluate(
            made,
            verdict=verdict,
            findings="References, contract, data protection.",
            again_on=at.date() + timedelta(days=365),
            today=at.date(),
            by="office",
            now=at,
        )
    return made


def trainer(of: Run, who: Person, *, days: int = 300, at: datetime = A_DAY) -> Cooperation:
    """Somebody from outside who leads a run under a cooperation contract."""
    made = cooperation(who, days=days, at=at)
    trainers.let_in(of, who, zone=RIGA, by="office", now=at)
    return made
