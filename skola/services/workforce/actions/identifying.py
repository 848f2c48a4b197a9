"""By what a company knows its people: sealed where it tells more than who they are (ema-2.1.10)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.files.api import open_text, seal_text
from skola.ground.tenants.api import current_id
from skola.services.workforce import queries
from skola.services.workforce.models import Company, Employment, StaffNumber
from skola.services.workforce.rules import identifiers

BATCH = 2_000


class IncompleteError(Exception):
    """Somebody who works there has no new identifier, one is no such thing, or stands twice.

    ``numbers`` has the old ones of the lines that are wrong, ``missing`` how many are not listed.
    """

    def __init__(self, numbers: list[str], missing: int) -> None:
        super().__init__(f"{len(numbers)} lines are wrong, {missing} people are missing.")
        self.numbers, self.missing = numbers, missing


def identify(number: StaffNumber, said: str) -> StaffNumber:
    """Put what a company calls somebody into its row, which is not saved, and return the row."""
    kind = number.company.identifier
    value = identifiers.plain(kind, said)
    is_sealed = kind != identifiers.Identifier.STAFF
    number.value = "" if is_sealed else value
    number.sealed = seal_text(value, tenant=current_id(), row=number.pk) if is_sealed else None
    number.digest = queries.key_of(number.company, said) if is_sealed else ""
    return number


@transaction.atomic
def show(employment: Employment, *, by: str, now: datetime) -> str:
    """Return a birth date or personal code in full, and record that it was shown.

    Raises StaffNumber.DoesNotExist where nothing is sealed.
    """
    held = StaffNumber.objects.exclude(sealed=None).get(employment=employment)
    audit.record(
        "workforce.identifier.shown",
        target=held,
        subject=employment.person_id,
        by=by,
        at=now,
        clause="ema-2.1.10",
    )
    return open_text(bytes(held.sealed or b""), tenant=current_id(), row=held.pk)


@transaction.atomic
def change_all(
    company: Company, kind: str, told: Mapping[str, str], *, by: str, now: datetime
) -> int:
    """Let a company know all of its people by another kind of identifier; return how many.

    ``told`` has the new one of everybody who works there by the old one. Of who left nothing stays;
    with the same e-mail address they are known again. Raises IncompleteError, and changes nothing.
    """
    held = Company.objects.select_for_update().get(pk=company.pk)
    numbers = StaffNumber.objects.filter(company=held).select_for_update()
    working = {one.key: one for one in numbers.filter(employment__ended_on=None)}
    fresh = {queries.key_of(held, old): (old, new) for old, new in told.items()}
    held.identifier = kind
    keys = [queries.key_of(held, new) for _old, new in fresh.values()]
    wrong = [
        old
        for (known, (old, _new)), key in zip(fresh.items(), keys, strict=True)
        if known not in working or not key or keys.count(key) > 1
    ]
    missing = len(set(working) - set(fresh))
    if wrong or missing:
        raise IncompleteError(wrong, missing)
    held.save(update_fields=["identifier"])
    numbers.update(value="", sealed=None, digest="")
    changed = []
    for known, (_old, new) in fresh.items():
        working[known].company = held
        changed.append(identify(working[known], new))
    StaffNumber.objects.bulk_update(changed, ["value", "sealed", "digest"], batch_size=BATCH)
    detail = {"kind": str(kind), "people": len(changed)}
    audit.record(
        "workforce.identifiers.changed",
        target=held,
        by=by,
        at=now,
        clause="ema-2.1.10",
        detail=detail,
    )
    return len(changed)
