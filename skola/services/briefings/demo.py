"""Briefings of the invented company: most are signed by both, some by one side only."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.promises.retention.api import record_history
from skola.services.briefings.actions import Signing, statement
from skola.services.briefings.models import Agreement, Edition, Numbers, Record, Signature
from skola.services.briefings.rules.signing import Side, Way
from skola.services.briefings.sealing import seal_statement, signer_of_service
from skola.services.courses.api import questions_in
from skola.services.workforce.api import (
    INSTRUCTOR,
    Assignment,
    Charge,
    Company,
    Need,
    Post,
    Training,
    add_training,
    note_done,
    require,
    zone,
)

TITLE = "Gaisrinė sauga sandėlyje"
_TEXT = """Išgirdę signalą, iš karto nutraukite darbą ir eikite artimiausiu išėjimu.

- Nesinaudokite liftu ir negrįžkite daiktų.
- Surinkimo vieta yra {place}.
- Gaisro gesintuvas naudojamas tik tada, kai kelias už jūsų laisvas."""
_QUESTIONS = """Kur surinkimo vieta?
* Ten, kur parašyta tekste
Prie lifto

Kada naudojamas gesintuvas?
Visada
* Kai kelias už jūsų laisvas"""
HALVES = 3
WAITING = 2


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make the briefings of the company that the workforce has, if there is one."""
    company = Company.objects.first()
    if company is None or not has("workforce.briefings", now=now):
        return
    begun, local = now - timedelta(days=370), zone(now)
    training = add_training(company, title=TITLE, kind=Training.Kind.BRIEFING, by="demo", now=begun)
    editions = _editions(training, begun, now)
    require(
        training,
        position=None,
        need=Need(30, 12),
        today=begun.astimezone(local).date(),
        by="demo",
        now=begun,
    )
    _agreements(company, now)
    _signed(company, training, editions, local, random, now)


def _editions(training: Training, begun: datetime, now: datetime) -> list[Edition]:
    asked = [asdict(one) for one in questions_in(_QUESTIONS, fewest=2, most=5)]
    places = ("kieme prie vartų", "automobilių aikštelėje")
    made = [
        Edition(
            training=training,
            version=number,
            form=Edition.Form.WORKPLACE,
            title=training.title,
            text=_TEXT.format(place=place),
            questions=asked,
            change="" if number == 1 else "Pasikeitė surinkimo vieta.",
            published_at=at,
        )
        for number, (place, at) in enumerate(
            zip(places, (begun, now - timedelta(days=120)), strict=True), start=1
        )
    ]
    return Edition.objects.bulk_create(made)


def _agreements(company: Company, now: datetime) -> None:
    employments = company.employments.select_related("staff_number").order_by("pk")
    Agreement.objects.bulk_create(
        Agreement(
            employment=one,
            agreed_on=one.started_on,
            reference=f"S-{one.staff_number.shown}",
            recorded_at=now - timedelta(days=300),
        )
        for one in list(employments)[:-2]
    )


def _signed(
    company: Company,
    training: Training,
    editions: Sequence[Edition],
    local: ZoneInfo,
    random: Random,
    now: datetime,
) -> None:
    charge = Charge.objects.filter(unit__company=company, duty=INSTRUCTOR).first()
    agreements = {
        one.employment.person_id: one
        for one in Agreement.objects.select_related(
            "employment__staff_number", "employment__person"
        )
    }
    places = {
        post.employment_id: post for post in Post.objects.held().select_related("unit", "position")
    }
    tasks = Assignment.objects.filter(training=training).select_related(
        "employment__company", "employment__person", "employment__staff_number", "requirement"
    )
    instructor = charge.person if charge else None
    able = [
        task
        for task in tasks.order_by("since_on", "pk")
        if task.employment.person_id in agreements and task.employment.person != instructor
    ]
    if instructor is None or instructor.pk not in agreements:
        return
    days = sorted(random.randint(4, 300) for _ in able[WAITING:])
    moments = [now - timedelta(days=day) for day in reversed(days)]
    moments += [now - timedelta(minutes=20)] * min(WAITING, len(able))
    sealer = signer_of_service()
    numbers, records, signatures, done, acts = 0, [], [], [], []
    for task, moment in zip([*able[WAITING:], *able[:WAITING]], moments, strict=True):
        at = datetime.combine(moment.astimezone(local).date(), time(9, 30), local)
        at = max(at, datetime.combine(task.since_on, time(9, 30), local))
        at = min(at, now.astimezone(local))
        edition = next(one for one in reversed(editions) if one.published_at <= at)
        numbers += 1
        record = Record(
            company=company,
            number=numbers,
            person=task.employment.person,
            employment=task.employment,
            edition=edition,
            day=at.date(),
            opened_at=at,
        )
        records.append(record)
        is_half = len(able) - numbers < WAITING + HALVES
        if is_half and at.date() < now.astimezone(local).date():
            record.told_at = at + timedelta(days=1)
        for side in (Side.INSTRUCTED,) if is_half else tuple(Side):
            signer = task.employment.person if side is Side.INSTRUCTED else instructor
            told = Signing(task, edition, side, signer, at)
            said = statement(
                told,
                record,
                place=places[task.employment_id],
                agreement=agreements[signer.pk],
                own=agreements[signer.pk].employment,
                at=at,
            )
            sealed = seal_statement(said, Way.SIMPLE, signer=sealer)
            signatures.append(
                Signature(
                    record=record,
                    side=side,
                    person=signer,
                    signed_at=at,
                    note=sealed.note,
                    key=sealed.key,
                )
            )
        acts.append((task.employment.person_id, "task.completed", at, at))
        if not is_half:
            done.append((task, at.date(), f"{numbers}"))
    Record.objects.bulk_create(records)
    Signature.objects.bulk_create(signatures)
    Numbers.objects.create(company=company, last=numbers)
    record_history(acts)
    note_done(done, now=now)
