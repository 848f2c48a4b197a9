"""Noting who represents a company, and writing to them with the source, one function each."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post, register_person
from skola.promises.notices.collection import notice_for
from skola.promises.origins import api as origins
from skola.promises.policy.api import in_force
from skola.services.companies import queries, wording
from skola.services.companies.models import Company, Representative

CLAUSE = "kic-source-public"
SOURCE = "public"
"""How a person is marked who was found in a public source."""
FORM = "first-message"
"""The notice that the policy has for the first message to somebody found there."""


@dataclass(frozen=True)
class Found:
    """Who was found, for which company, where, and on which day."""

    given_name: str
    family_name: str
    email: str
    company: str
    number: str
    position: str
    source: str
    found_at: str
    found_on: date


@transaction.atomic
def note(found: Found, *, language: str, by: str, now: datetime) -> Representative:
    """Note a representative of a company; from now on the term runs in which they are told.

    Who is known under the address is taken as known, and the company by its name and number.
    """
    company, _new = Company.objects.get_or_create(
        name=found.company, number=found.number, defaults={"noted_at": now}
    )
    person = Person.objects.filter(email=found.email.lower()).order_by("created_at").first()
    person = person or register_person(
        given_name=found.given_name,
        family_name=found.family_name,
        email=found.email,
        language=language,
        source=SOURCE,
        by=by,
        now=now,
    )
    made, _new = Representative.objects.get_or_create(
        person=person,
        company=company,
        defaults={
            "position": found.position,
            "source": found.source,
            "found_at": found.found_at,
            "found_on": found.found_on,
            "noted_at": now,
            "inform_by": queries.inform_by(now),
        },
    )
    kind = origins.Origin.Kind.PUBLIC
    origins.note(person.pk, kind, about=made.pk, name=found.found_at, on=found.found_on, now=now)
    audit.record(
        "companies.representative.noted",
        target=made,
        subject=person.pk,
        by=by,
        at=now,
        clause=CLAUSE,
        detail={"source": found.source},
    )
    return made


@transaction.atomic
def write(
    to: Representative, subject: str, text: str, *, notice: str, by: str, now: datetime
) -> None:
    """Write to a representative; the first message names the source, and so closes the task.

    ``notice`` is the address of the privacy policy. Source: kic-source-public; GDPR Art. 14(3)(b).
    """
    held = Representative.objects.select_for_update().get(pk=to.pk)
    person, service = held.person, in_force(now).policy.service.name
    parts = [text]
    if held.informed_at is None:
        with translation.override(language_of(person)):
            parts.append(source_text(held, notice, now=now))
    post(
        person_id=person.pk,
        address=person.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text="\n\n".join(parts) + "\n",
        now=now,
        about=f"representative {held.pk}",
    )
    _told("written", held, by=by, now=now)
    if held.informed_at is None:
        Representative.objects.filter(pk=held.pk).update(informed_at=now)
        _told("informed", held, by=by, now=now)


def source_text(to: Representative, notice: str, *, now: datetime) -> str:
    """Return what the first message says of the source, in the language that is active."""
    return wording.source_text(to, notice_for(FORM, now).text, notice, now)


def _told(what: str, to: Representative, *, by: str, now: datetime) -> None:
    audit.record(
        f"companies.representative.{what}",
        target=to,
        subject=to.person_id,
        by=by,
        at=now,
        clause=CLAUSE,
    )
