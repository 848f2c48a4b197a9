"""What stands in the file that a person takes along."""

import json
from collections.abc import Iterator
from datetime import datetime

from skola.ground.people.api import Person
from skola.ground.tenants.api import site
from skola.promises.policy.api import has, in_force
from skola.services.certificates import api as certificates
from skola.services.records import queries

STATEMENTS = "learning/statements.json"
BADGES = "learning/badges/"


def statements(person: Person, now: datetime) -> Iterator[tuple[str, bytes]]:
    """The learning record as xAPI gives it, and the badges that were brought here."""
    found = {"statements": queries.record_of(person, now=now), "more": ""}
    yield STATEMENTS, json.dumps(found, ensure_ascii=False, indent=1).encode()
    for one in queries.badges_of(person):
        yield f"{BADGES}{one.pk}.jwt", one.content.encode()


def badges(person: Person, now: datetime) -> Iterator[tuple[str, bytes]]:
    """The certificates that were issued here, as signed Open Badges."""
    if not has(certificates.CAPABILITY, now=now):
        return
    policy = in_force(now).policy
    for document in certificates.standing_of(person):
        signed = certificates.badge(document, policy=policy, site=site())
        yield f"{BADGES}{document.pk}.jwt", signed.encode()
