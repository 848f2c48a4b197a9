"""Everything that changes risks and incidents, one function each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Person, language_of, post
from skola.promises.incidents.looks import touched_by
from skola.promises.incidents.models import Affected, Incident, Risk
from skola.promises.policy.api import due, in_force

LAW = "GDPR Art. 33"


class NotNowError(Exception):
    """It cannot be done at this step; the message says why and what now. Nothing changed."""


@dataclass(frozen=True)
class About:
    """A risk, as somebody judges it."""

    title: str
    likelihood: int
    impact: int
    measure: str
    review_on: date


@dataclass(frozen=True)
class Happened:
    """What happened, and when it became known here."""

    title: str
    what: str
    known_at: datetime
    is_breach: bool
    about: str = ""
    """The employee who answers for it, as a pseudonym of the audit; empty where none is named."""


@transaction.atomic
def note_risk(about: About, *, by: str, now: datetime) -> Risk:
    """Write down a risk with its measure, its owner and the day on which it is looked at again."""
    made = Risk.objects.create(
        title=about.title,
        likelihood=about.likelihood,
        impact=about.impact,
        measure=about.measure,
        owner=by,
        review_on=about.review_on,
        noted_at=now,
    )
    audit.record("incidents.risk.noted", target=made, by=by, at=now)
    return made


@transaction.atomic
def review_risk(risk: Risk, about: About, *, by: str, now: datetime) -> None:
    """Judge a risk anew. Who does it answers for it from now on."""
    held = Risk.objects.select_for_update().get(pk=risk.pk)
    held.title, held.likelihood, held.impact = about.title, about.likelihood, about.impact
    held.measure, held.review_on, held.owner = about.measure, about.review_on, by
    held.save()
    audit.record("incidents.risk.reviewed", target=held, by=by, at=now)


@transaction.atomic
def close_risk(risk: Risk, *, by: str, now: datetime) -> None:
    """The risk is no more; nothing changes where it is closed."""
    if Risk.objects.filter(pk=risk.pk, closed_at=None).update(closed_at=now):
        audit.record("incidents.risk.closed", target=risk, by=by, at=now)


@transaction.atomic
def open_incident(happened: Happened, *, by: str, now: datetime) -> Incident:
    """Write down what happened. As a breach, it starts the clock of the law.

    The time runs from when it became known, not from when it was written down. Source:
    kic-security-risk; GDPR Art. 33(1).
    """
    last = Incident.objects.select_for_update().order_by("-number").first()
    made = Incident.objects.create(
        number=last.number + 1 if last else 1,
        title=happened.title,
        what=happened.what,
        known_at=happened.known_at,
        noted_at=now,
        owner=by,
        is_breach=happened.is_breach,
        notify_by=_term(happened.known_at, now) if happened.is_breach else None,
        about=happened.about,
    )
    _record("opened", made, by, now, {"is_breach": happened.is_breach})
    return made


def _term(known_at: datetime, now: datetime) -> datetime:
    found = in_force(now)
    head = found.policy.policy
    return due(known_at, found.effective.breach_notice, ZoneInfo(head.timezone), head.calendar)


@transaction.atomic
def assess(incident: Incident, *, is_breach: bool, danger: str, by: str, now: datetime) -> None:
    """Say whether it is a breach of personal data, and how dangerous to people.

    Raises NotNowError once the authority was told: that cannot be taken back.
    """
    held = _open(incident)
    if held.notified_at is not None and not is_breach:
        raise NotNowError(_("The authority was told already."))
    held.is_breach, held.danger = is_breach, danger
    held.notify_by = _term(held.known_at, now) if is_breach else None
    held.save(update_fields=["is_breach", "danger", "notify_by"])
    _record("assessed", held, by, now, {"is_breach": is_breach, "danger": str(danger)})


@transaction.atomic
def note_measure(incident: Incident, measure: str, on: date, *, by: str, now: datetime) -> None:
    """Write down what was done against it."""
    held = _open(incident)
    held.measure, held.measure_on = measure, on
    held.save(update_fields=["measure", "measure_on"])
    _record("measure-taken", held, by, now)


@transaction.atomic
def notify(
    incident: Incident, *, notified_at: datetime, reference: str, by: str, now: datetime
) -> None:
    """Write down that the authority was told, and under which number. Raises NotNowError."""
    held = _breach(incident)
    held.notified_at, held.reference, held.not_notified_because = notified_at, reference, ""
    held.save(update_fields=["notified_at", "reference", "not_notified_because"])
    _record("authority-told", held, by, now, {"late": notified_at > _by(held)})


@transaction.atomic
def decline(incident: Incident, because: str, *, by: str, now: datetime) -> None:
    """Write down why the authority need not be told. Raises NotNowError where people are at risk.

    Source: GDPR Art. 33(1), 33(5).
    """
    held = _breach(incident)
    if held.danger != Incident.Danger.UNLIKELY:
        raise NotNowError(_("It need not be told only where a risk to people is unlikely."))
    held.not_notified_because = because
    held.save(update_fields=["not_notified_because"])
    _record("authority-not-told", held, by, now)


@transaction.atomic
def add_affected(
    incident: Incident, people: Iterable[UUID], how: str, *, by: str, now: datetime
) -> int:
    """Put people on the list of those whose data it touched; return how many are new."""
    held = _open(incident)
    known = set(held.affected.values_list("person_id", flat=True))
    fresh = [one for one in dict.fromkeys(people) if one not in known]
    there = Person.objects.filter(pk__in=fresh).values_list("pk", flat=True)
    made = [Affected(incident=held, person_id=one, how=how, found_at=now) for one in there]
    for one in made:
        one.save()
    if made:
        _record("people-found", held, by, now, {"people": len(made), "how": str(how)})
    return len(made)


def find_affected(
    incident: Incident,
    account: Account,
    since: datetime,
    until: datetime,
    *,
    by: str,
    now: datetime,
) -> int:
    """Put on the list whose data an account touched in a time, by the logs; return how many."""
    people = touched_by(account.person_id, since, until)
    return add_affected(incident, people, Affected.How.LOOKED, by=by, now=now)


@transaction.atomic
def tell_affected(incident: Incident, words: str, *, by: str, now: datetime) -> tuple[int, int]:
    """Write to those on the list who were not written to yet, in words of the officer.

    Return how many were written to, and how many have no address and need a letter. Source: GDPR
    Art. 34(2).
    """
    held = _breach(incident)
    told, without = 0, 0
    for one in (
        held.affected.filter(told_at=None).select_related("person").select_for_update(of=("self",))
    ):
        if not (address := _address(one.person)):
            without += 1
            continue
        _write(held, one.person, address, words, now)
        one.told_at = now
        one.save(update_fields=["told_at"])
        told += 1
    if told:
        held.told_at = now
        held.save(update_fields=["told_at"])
        _record("people-told", held, by, now, {"people": told})
    return told, without


@transaction.atomic
def tell_by_letter(one: Affected, *, by: str, now: datetime) -> None:
    """Write down that somebody without an e-mail address was told in another way."""
    if Affected.objects.filter(pk=one.pk, told_at=None).update(told_at=now):
        _record("people-told", one.incident, by, now, {"people": 1})


def _address(person: Person) -> str:
    account = Account.objects.filter(person=person).first()
    return account.email if account else person.email


def _write(incident: Incident, person: Person, address: str, words: str, now: datetime) -> None:
    policy = in_force(now).policy
    contact = next((c for c in policy.contact if c.kind == "data-protection"), policy.contact[0])
    zone = ZoneInfo(policy.policy.timezone)
    with translation.override(language_of(person)), timezone.override(zone):
        subject = _("%(service)s: something happened to your data") % {
            "service": policy.service.name
        }
        last = _("Questions about it: %(who)s.") % {
            "who": ", ".join(filter(None, (policy.controller.name, contact.email, contact.phone)))
        }
    post(
        person_id=person.pk,
        address=address,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{words}\n\n{last}\n",
        now=now,
        about=str(incident),
    )


@transaction.atomic
def close_incident(incident: Incident, *, by: str, now: datetime) -> None:
    """It is settled. Raises NotNowError for a breach of which nobody said what the authority knows.

    Where people are at high risk they have to be told before (GDPR Art. 34(1)).
    """
    held = _open(incident)
    if not held.measure:
        raise NotNowError(_("Say first what was done against it."))
    if held.is_breach and held.notified_at is None and not held.not_notified_because:
        raise NotNowError(_("Say first when the authority was told, or why it need not be."))
    if held.danger == Incident.Danger.HIGH and held.affected.filter(told_at=None).exists():
        raise NotNowError(_("Some of those whom it touched were not told yet."))
    held.closed_at = now
    held.save(update_fields=["closed_at"])
    _record("closed", held, by, now)


def _open(incident: Incident) -> Incident:
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if held.closed_at is not None:
        raise NotNowError(_("This incident is closed."))
    return held


def _breach(incident: Incident) -> Incident:
    held = _open(incident)
    if not held.is_breach:
        raise NotNowError(_("It is not marked as a breach of personal data."))
    return held


def _by(incident: Incident) -> datetime:
    assert incident.notify_by is not None
    return incident.notify_by


def _record(
    what: str,
    target: models.Model,
    by: str,
    now: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        f"incidents.incident.{what}", target=target, by=by, at=now, clause=LAW, detail=detail
    )
