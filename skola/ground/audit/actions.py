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
    ``detail`` holds counts and digests, never names or texts. The log holds a commitment to it
    only, and it is forgotten with the key of ``subject``.
    """
    about = pseudonym(subject) if subject else ""
    return Entry.objects.create(
        at=at,
        kind=kind,
        by=by,
        subject=about,
        target=_named(target, subject, about) if target is not None else "",
        clause=clause,
        detail=detail or {},
    )


def _named(target: models.Model, subject: UUID | None, about: str) -> str:
    """What was acted on; the person concerned stands there as a pseudonym, too."""
    key = about if target.pk == subject else target.pk
    return f"{target._meta.label_lower}:{key}"


def pseudonym(person: UUID) -> str:
    """Return the name under which the audit knows this person: an HMAC under a key of their own."""
    key = secrets.token_bytes(32)
    name = hmac.new(key, person.bytes + b"audit", hashlib.sha256).hexdigest()[:40]
    made, _ = SubjectKey.objects.get_or_create(
        person_ref=person, defaults={"key": key, "pseudonym": name}
    )
    return made.pseudonym


def pseudonym_of(person: UUID) -> str | None:
    """Return the same without making one: None while the audit knows nothing of this person."""
    found = SubjectKey.objects.filter(person_ref=person).values_list("pseudonym", flat=True)
    return found.first()


def forget_subject(person: UUID) -> None:
    """Destroy the key of a person: their entries stay, and tell of nobody.

    The database forgets the details of those entries in the same transaction.
    """
    SubjectKey.objects.filter(person_ref=person).delete()
