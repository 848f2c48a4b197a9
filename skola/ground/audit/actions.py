"""Adding to the audit, and forgetting whom it is about."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from skola.ground.audit.models import Entry, SubjectKey


def record(
    kind: str,
    *,
    by: str,
    at: datetime,
    target: models.Model | None = None,
    subject: UUID | None = None,
    clause: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add an entry, in the transaction of the caller.

    ``by`` is ``"system"``, the name of a command, or the ``pseudonym`` of the person who acts.
    ``detail`` holds counts and digests, never names or texts.
    """
    return Entry.objects.create(
        at=at,
        kind=kind,
        by=by,
        subject=pseudonym(subject) if subject else "",
        target=f"{target._meta.label_lower}:{target.pk}" if target is not None else "",
        clause=clause,
        detail=detail or {},
    )


def pseudonym(person: UUID) -> str:
    """Return the name under which the audit knows this person: an HMAC under a key of their own."""
    made, _ = SubjectKey.objects.get_or_create(
        person_ref=person, defaults={"key": secrets.token_bytes(32)}
    )
    return hmac.new(bytes(made.key), person.bytes + b"audit", hashlib.sha256).hexdigest()[:40]


def forget_subject(person: UUID) -> None:
    """Destroy the key of a person: their entries stay, and tell of nobody."""
    SubjectKey.objects.filter(person_ref=person).delete()
