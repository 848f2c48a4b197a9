"""Fields that an academy makes for its own people, and their answers (learnifier-3.2.b, 3.2.h)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.academies import rules
from skola.services.academies.models import Instruction, OwnAnswer, OwnField


class SensitiveError(Exception):
    """The agreement forbids what a field asks for; ``kind`` says what it is. Nothing was made."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class DeclarationError(Exception):
    """A national identification number is asked for, and no law is named. Nothing was made."""


class TakenError(Exception):
    """There is a running field with these words."""


@dataclass(frozen=True)
class Wished:
    """A field as its maker wishes it."""

    label: str
    purpose: str
    days: int
    law: str = ""


def make_field(wished: Wished, *, person: Person, by: str, now: datetime) -> OwnField:
    """Ask the people of the academy something besides, for a purpose and a term.

    What is sensitive is refused, and the attempt is in the audit, without its words. Raises
    SensitiveError, DeclarationError and TakenError.
    """
    words = (wished.label, wished.purpose)
    kind = rules.sensitive_kind(*words)
    number = rules.asks_for_number(*words)
    refused = kind or ("number" if number and not wished.law else "")
    if refused:
        audit.record(
            "academies.field.refused",
            subject=person.pk,
            by=by,
            at=now,
            clause="learnifier-3.2.h",
            detail={"kind": refused},
        )
        raise SensitiveError(kind) if kind else DeclarationError
    return _make(wished, number=number, person=person, by=by, now=now)


@transaction.atomic
def _make(wished: Wished, *, number: bool, person: Person, by: str, now: datetime) -> OwnField:
    try:
        with transaction.atomic():
            made = OwnField.objects.create(
                label=wished.label,
                purpose=wished.purpose,
                days=wished.days,
                law=wished.law if number else "",
                made_at=now,
            )
    except IntegrityError as error:
        raise TakenError(_("There is such a field already.")) from error
    kind = Instruction.Kind.FIELD
    Instruction.objects.create(person=person, kind=kind, words=f"+ {made.label}", at=now)
    audit.record(
        "academies.field.made",
        target=made,
        by=by,
        at=now,
        clause="learnifier-3.2.b",
        detail={"days": made.days, "declared": number},
    )
    return made


@transaction.atomic
def end_field(field: OwnField, *, person: Person, by: str, now: datetime) -> None:
    """Ask it no more: the answers go with it. Twice changes nothing."""
    if not OwnField.objects.filter(pk=field.pk, ended_at=None).update(ended_at=now):
        return
    OwnAnswer.objects.filter(field=field).delete()
    kind = Instruction.Kind.FIELD
    Instruction.objects.create(person=person, kind=kind, words=f"− {field.label}", at=now)
    audit.record("academies.field.ended", target=field, by=by, at=now)


@transaction.atomic
def answer(person: Person, told: Mapping[OwnField, str], *, by: str, now: datetime) -> None:
    """Keep what somebody answered, each for its term from now; an empty answer is taken back."""
    kept = {one.field_id: one for one in OwnAnswer.objects.filter(person=person)}
    for field, words in told.items():
        before = kept.get(field.pk)
        if not words:
            OwnAnswer.objects.filter(person=person, field=field).delete()
        elif before is None or before.answer != words:
            OwnAnswer.objects.update_or_create(
                person=person,
                field=field,
                defaults={
                    "asked": field.label,
                    "answer": words,
                    "answered_at": now,
                    "ends_at": now + timedelta(days=field.days),
                },
            )
    audit.record("academies.fields.answered", subject=person.pk, by=by, at=now)
