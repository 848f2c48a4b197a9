"""Everything that changes what is held about pupils as persons, one function each."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files.api import seal_text, text_digest
from skola.ground.ids import uuid7
from skola.ground.people.api import Person, change_profile
from skola.ground.tenants.api import current_id
from skola.services.pupils import rules
from skola.services.pupils.models import ContactSight, NationalCode
from skola.services.school import api as school


class CodeTakenError(Exception):
    """Another person has this national code."""


def change_contacts(
    person: Person,
    values: Mapping[str, str],
    *,
    author: Person,
    source: str,
    by: str,
    now: datetime,
) -> None:
    """Change phone, e-mail and address, and say from whom they are (ekool-4.1, ekool-8.5-edit)."""
    change_profile(
        person, values, fields=rules.CONTACTS, author=author, source=source, by=by, now=now
    )


@transaction.atomic
def set_sight(
    person: Person, *, phone_for: str, email_for: str, by: str, now: datetime
) -> ContactSight:
    """Say who sees somebody's phone and e-mail from now on (ekool-3.1.2)."""
    values = {"phone_for": phone_for, "email_for": email_for}
    made, _new = ContactSight.objects.update_or_create(
        person=person, defaults=values, create_defaults={**values, "set_at": now}
    )
    audit.record("pupils.contact.opened", subject=person.pk, by=by, at=now, detail=values)
    return made


@transaction.atomic
def correct_official(
    pupil: school.Pupil,
    *,
    given_name: str,
    family_name: str,
    birth_on: date | None,
    by: str,
    now: datetime,
) -> None:
    """The school corrects what only it may: name and date of birth."""
    person = pupil.person
    person.given_name, person.family_name, person.birth_on = given_name, family_name, birth_on
    person.save(update_fields=["given_name", "family_name", "birth_on"])
    audit.record("pupils.official.corrected", target=pupil, subject=person.pk, by=by, at=now)


@transaction.atomic
def set_code(person: Person, code: str, *, by: str, now: datetime) -> None:
    """Enter a pupil's national code, sealed. Raises CodeTakenError where another person has it."""
    tenant, plain = current_id(), rules.plain(code)
    key = uuid7()
    NationalCode.objects.filter(person=person).delete()
    try:
        with transaction.atomic():
            NationalCode.objects.create(
                pk=key,
                person=person,
                sealed=seal_text(plain, tenant=tenant, row=key),
                digest=text_digest(plain, tenant=tenant),
                entered_at=now,
            )
    except IntegrityError as problem:
        raise CodeTakenError(_("Another person has this code.")) from problem
    audit.record("pupils.code.entered", subject=person.pk, by=by, at=now)


def note_reveal(person: Person, *, by: str, now: datetime) -> None:
    """Record that somebody was shown a national code in full."""
    audit.record("pupils.code.shown", subject=person.pk, by=by, at=now)


def note_reading(where: school.School, purpose: str, count: int, *, by: str, now: datetime) -> None:
    """Record that pupils of a school were read for a purpose, and how many."""
    detail = {"purpose": purpose, "pupils": count}
    audit.record("pupils.register.read", target=where, by=by, at=now, detail=detail)
