"""The receipt: a film is gone, its key destroyed in every copy, and the candidate is told."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import language_of, post
from skola.ground.ui import formats
from skola.services.exams.models import Receipt


def tell_receipts(*, by: str, now: datetime) -> int:
    """Send every candidate whose film is gone the receipt, and return how many. Safe to repeat.

    The receipt itself was written by the database, in the transaction in which the film went.
    """
    done = 0
    for key in list(Receipt.objects.filter(told_at=None).values_list("pk", flat=True)):
        with transaction.atomic():
            found = (
                Receipt.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("attempt__person", "attempt__sitting__exam")
                .filter(pk=key, told_at=None)
                .first()
            )
            if found is None:
                continue
            entry = audit.record(
                "exams.receipt.issued",
                target=found.attempt,
                subject=found.attempt.person_id,
                by=by,
                at=now,
                clause="ilearn-40.a",
                detail={"parts": found.parts, "seal": found.seal},
            )
            found.told_at, found.entry = now, entry.pk
            found.save(update_fields=["told_at", "entry"])
            _post(found, now)
            done += 1
    return done


def _post(receipt: Receipt, now: datetime) -> None:
    """Write the mail that says that a film is gone, with what the receipt says."""
    person = receipt.attempt.person
    if not person.email:
        return
    with translation.override(language_of(person)):
        title = receipt.attempt.sitting.exam.title
        subject = _("The film of your exam is gone: %(title)s") % {"title": title}
        body = _(
            "Its key was destroyed on %(when)s, so nobody can see it any more, in no copy and no "
            "backup. It had %(parts)s parts; its seal was %(seal)s. The receipt also stands in "
            "your account, under Exams."
        ) % {
            "when": formats.moment(receipt.gone_at),
            "parts": receipt.parts,
            "seal": receipt.seal,
        }
    post(
        person_id=person.pk,
        address=person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{body}\n",
        now=now,
    )
