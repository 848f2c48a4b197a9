"""People of whom nothing is needed any more: they meet an event, and the policy's rule ends them.

Nothing stands for a person who has no account, of whom no state is open, and about whom no room
holds a record that is theirs. Source: kic-accuracy.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from skola.ground.people.api import Person
from skola.ground.tenants.api import current_id
from skola.promises.policy.api import in_force
from skola.promises.policy.schema import Latest
from skola.promises.retention.api import (
    literal,
    people_who_met,
    people_with_states,
    record_event,
    withdraw_event,
)
from skola.promises.rights.api import Relation, plan, where

EVENT = "ground.ended"
ABOUT_THE_DATA = frozenset(
    {
        "accuracy_invitation",
        "audit_subjectkey",
        "disclosures_disclosure",
        "emergency_emergency",
        "incidents_affected",
        "origins_origin",
        "people_informed",
        "people_mail",
        "people_person",
        "people_preferences",
        "people_profilechange",
        "people_securityevent",
        "people_textmessage",
        "pupils_contactsight",
        "pupils_nationalcode",
        "quality_bounce",
        "quality_flaw",
        "quality_merge",
        "retention_fact",
        "retention_hold",
        "retention_release",
        "retention_statefact",
        "rights_export",
        "visits_interest",
        "visits_pageread",
    }
)
"""Tables whose rows need nobody: they are about what is held, or about how it is used."""
NEED = (Relation.OWNER, Relation.AUTHOR, Relation.COUNTERPART)
A_WHILE = 500


def is_listed(now: datetime) -> bool:
    """Whether a rule of the policy ends what nothing is needed for any more."""
    return any(
        EVENT in (_events(one.at_most.after) if one.at_most else ())
        for one in in_force(now).policy.retention
    )


def _events(after: str | Latest) -> Iterable[str]:
    return after.latest if isinstance(after, Latest) else (after,)


def needless(now: datetime) -> list[UUID]:
    """Return of whom nothing is needed, after telling the engine who that is, and who is no more.

    Whom the engine knows already stays on its list from the day that it was told first.
    """
    listed = set(people_who_met(EVENT))
    idle = set(_idle())
    for key in sorted(listed - idle):
        withdraw_event(key, EVENT, at=now)
    for key in sorted(idle - listed):
        record_event(key, EVENT, at=now)
    return sorted(idle)


def _idle() -> list[UUID]:
    people = Person.objects.filter(account=None).exclude(pk__in=people_with_states())
    keys, found = list(people.order_by("pk").values_list("pk", flat=True)), list[UUID]()
    for start in range(0, len(keys), A_WHILE):
        some = keys[start : start + A_WHILE]
        found += set(some) - _needed(some)
    return found


def _needed(people: list[UUID]) -> set[UUID]:
    """Return those about whom some room holds a record."""
    tenant = literal(current_id())
    tests = [
        f'select 1 from "{step.table}" where '
        + where(step.declaration, link, tenant=tenant, person="k.person")
        for step in plan()
        for link in step.links
        if link.relation in NEED and step.table not in ABOUT_THE_DATA
    ]
    anything = " or ".join(f"exists ({test})" for test in tests)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select k.person from unnest(%s::uuid[]) as k (person) where {anything}", [people]
        )
        return {row[0] for row in cursor.fetchall()}
