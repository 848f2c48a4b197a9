"""National codes of participants: asked with a reason, sealed, and shown in full with an entry.

Keeps kic-cat-identity. A code is held for a seat and goes with it, and sooner where its reason
goes: the seat is freed, the group is cancelled, or the programme asks for codes no more.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files.api import open_text, seal_text
from skola.ground.ids import uuid7
from skola.ground.tenants.api import current_id
from skola.services.groups import rules
from skola.services.groups.models import Participant, ParticipantCode, Programme, Run


class NotAskedError(Exception):
    """Nothing asks for a code of this participant."""


@transaction.atomic
def enter_code(participant: Participant, code: str, *, by: str, now: datetime) -> None:
    """Hold a participant's national code, sealed; a later one takes the place of an earlier one.

    Raises NotAskedError where the programme gives no reason or the seat was freed.
    """
    held = Participant.objects.select_for_update(of=("self",)).select_related("run__programme")
    seat = held.get(pk=participant.pk)
    if not seat.run.programme.code_reason or seat.run.cancelled_at or seat.left_at:
        raise NotAskedError(_("No national code is needed for this seat."))
    ParticipantCode.objects.filter(participant=seat).delete()
    key = uuid7()
    ParticipantCode.objects.create(
        pk=key,
        participant=seat,
        sealed=seal_text(rules.plain_code(code), tenant=current_id(), row=key),
        entered_at=now,
    )
    audit.record("groups.code.entered", target=seat, subject=seat.person_id, by=by, at=now)


@transaction.atomic
def show_code(participant: Participant, *, by: str, now: datetime) -> str:
    """Return a participant's code in full, and record that it was shown.

    Raises ParticipantCode.DoesNotExist where none is held.
    """
    held = ParticipantCode.objects.get(participant=participant)
    audit.record(
        "groups.code.shown", target=participant, subject=participant.person_id, by=by, at=now
    )
    return open_text(bytes(held.sealed), tenant=current_id(), row=held.pk)


@transaction.atomic
def forget_code(participant: Participant, *, by: str, now: datetime) -> None:
    """Erase the code of a participant; nothing happens where none is held."""
    if ParticipantCode.objects.filter(participant=participant).delete()[0]:
        audit.record(
            "groups.code.erased", target=participant, subject=participant.person_id, by=by, at=now
        )


def forget_codes(of: Programme | Run, *, by: str, now: datetime) -> None:
    """Erase the codes of all participants of a programme, or of one run of it."""
    where = {"run": of} if isinstance(of, Run) else {"run__programme": of}
    for participant in Participant.objects.filter(**where, identity_code__isnull=False):
        forget_code(participant, by=by, now=now)
