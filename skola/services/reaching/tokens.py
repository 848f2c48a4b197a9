"""Keys for apps: each opens what its owner learns and was told, to read, until it is taken back.

The service keeps a digest, so nobody can read a key here. Clause: ilearn-6.c.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.db.purposes import SIGN_IN, reading_for
from skola.ground.people.api import Account, Person
from skola.services.reaching.models import Token

PREFIX = "skola_"
"""By this a key is known that somebody left lying about."""
MOST = 20
"""Keys of one person."""
SEEN_EVERY = timedelta(hours=1)
"""Use is noted no more often than this."""


class TooManyError(Exception):
    """The person has as many keys as one may have; one has to be taken back first."""


def digest(key: str) -> str:
    """Return how a key is remembered. It has 256 random bits, so it needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make(person: Person, name: str, *, by: str, now: datetime) -> tuple[Token, str]:
    """Make a key for an app, and return it with its words, which are never shown again.

    Raises TooManyError.
    """
    if Token.objects.filter(person=person).count() >= MOST:
        raise TooManyError
    key = PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(person=person, name=name, digest=digest(key), made_at=now)
    audit.record("reaching.token.made", target=made, subject=person.pk, by=by, at=now)
    return made, key


@transaction.atomic
def take_back(token: Token, *, by: str, now: datetime) -> None:
    """Take a key back; from this second on it opens nothing."""
    audit.record("reaching.token.removed", target=token, subject=token.person_id, by=by, at=now)
    token.delete()


@reading_for(SIGN_IN)
def opened_by(key: str, *, now: datetime) -> Token | None:
    """Return the key with its owner; None where there is none, or their account is closed."""
    if not key.startswith(PREFIX):
        return None
    found = Token.objects.select_related("person").filter(digest=digest(key)).first()
    if found is None:
        return None
    account = Account.objects.filter(person=found.person_id, is_active=True).first()
    if account is None or (account.closes_at is not None and account.closes_at <= now):
        return None
    if found.used_at is None or found.used_at <= now - SEEN_EVERY:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    return found
