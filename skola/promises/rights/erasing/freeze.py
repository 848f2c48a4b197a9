"""The freeze: from now on nobody acts in the person's name, and nobody reads their data.

It is committed before the erasure begins. A process that dies in between leaves it: a job finishes
the erasure within minutes, or an officer withdraws it first.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.api import Account, Person, end_sessions
from skola.promises.gate import api as gate
from skola.promises.retention.api import granted_at


class WithdrawnError(RuntimeError):
    """The erasure was withdrawn while it began. Nothing was erased."""


class GrantedError(RuntimeError):
    """The erasure was granted already and cannot be withdrawn. Nothing changed."""


@transaction.atomic
def freeze(person_id: UUID, *, reason: str, by: str, now: datetime) -> None:
    """End all sessions of the person, refuse new ones, and hide their data from everybody."""
    account = Account.objects.filter(person_id=person_id).first()
    if account is not None:
        Account.objects.filter(pk=account.pk).update(is_active=False)
        end_sessions(account)
    gate.freeze(person_id, reason=reason, by=by, now=now)


def is_granted(freeze_of: gate.Restriction) -> bool:
    """Whether the erasure of this freeze goes on already, table by table."""
    at = granted_at(freeze_of.person_id)
    return at is not None and at >= freeze_of.since_at


@reading_for(ENGINE)
@transaction.atomic
def withdraw_erasure(freeze_of: gate.Restriction, *, by: str, now: datetime) -> None:
    """End a freeze whose erasure was not granted yet: the person is there again as before.

    An account that was suspended before stays so. Raises GrantedError.
    """
    person_id = freeze_of.person_id
    Person.objects.select_for_update().filter(pk=person_id).first()
    if is_granted(freeze_of):
        raise GrantedError("This erasure was granted and is being carried out.")
    gate.lift_restriction(freeze_of, by=by, now=now)
    Account.objects.filter(person_id=person_id, suspended_because="").update(is_active=True)
