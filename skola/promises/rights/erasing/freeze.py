"""The freeze: from now on nobody acts in the person's name."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.people.api import Account, end_sessions


@transaction.atomic
def freeze(person_id: UUID, *, by: str, now: datetime) -> None:
    """End all sessions of the person and refuse new ones; holds while an erasure goes on."""
    account = Account.objects.filter(person_id=person_id).first()
    if account is not None:
        Account.objects.filter(pk=account.pk).update(is_active=False)
        end_sessions(account)
