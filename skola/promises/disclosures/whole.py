"""A service goes over whole: the new controller stands in the register, and everybody has a line.

What passes is the archive of a hand-over, made by its own room, with everything that is held about
everybody but those who objected. Sources: learnifier-15, ema-7.3.2; GDPR Art. 15(1)(c).
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.ids import uuid7
from skola.ground.tenants.api import current_id
from skola.promises.disclosures import queries
from skola.promises.disclosures.actions import activate, register
from skola.promises.disclosures.models import WHOLE, Party
from skola.promises.disclosures.passing import demand_fit
from skola.promises.disclosures.queries import BUYER
from skola.promises.disclosures.rules import Ground
from skola.promises.policy.api import in_force


def taker_of(name: str) -> Party | None:
    """Return the new controller of that name, as it stands in the register."""
    return Party.objects.there().filter(entry=BUYER, name=name).first()


@transaction.atomic
def admit(name: str, *, country: str, number: str, email: str, by: str, now: datetime) -> Party:
    """Return the new controller in the register, entered and activated where it is not yet.

    Raises NotFitError where the policy does not let it receive, RefusedError where it lost that.
    """
    policy = in_force(now).policy
    party = taker_of(name)
    if party is None:
        day = queries.today(policy, now)
        told = {"country": country, "number": number, "email": email}
        party = register(BUYER, name, **told, changed_on=day, by=by, now=now)
    activate(party, by=by, now=now)
    demand_fit(queries.stands(policy, party, now))
    return party


@transaction.atomic
def pass_whole(
    party: Party,
    *,
    without: Collection[UUID],
    reference: str,
    digest: str,
    once: UUID,
    by: str,
    now: datetime,
) -> int:
    """Let the archive ``digest`` pass to the new controller; return for how many it was written.

    Everybody has a line but those ``without``; the same hand-over (``once``) adds none a second
    time. One statement at any size. Raises RefusedError, and nothing is written.
    """
    demand_fit(queries.stands(in_force(now).policy, party, now))
    count = _lines(party, without, reference=reference, digest=digest, once=once, at=now, now=now)
    if count:
        detail = {"people": count, "fields": WHOLE, "ground": str(Ground.INTEREST)}
        audit.record("disclosures.data.passed", target=party, by=by, at=now, detail=detail)
    return count


@transaction.atomic
def arrived_whole(
    name: str, *, reference: str, digest: str, once: UUID, passed_at: datetime, now: datetime
) -> int:
    """At the new controller: everybody who came has the line that the giver wrote; how many.

    It is no recipient any more, but who holds the data: the register says so.
    """
    party = taker_of(name)
    if party is None:
        return 0
    count = _lines(party, (), reference=reference, digest=digest, once=once, at=passed_at, now=now)
    Party.objects.filter(pk=party.pk).update(ended_at=now)
    return count


@reading_for(ENGINE)
def _lines(
    party: Party,
    without: Collection[UUID],
    *,
    reference: str,
    digest: str,
    once: UUID,
    at: datetime,
    now: datetime,
) -> int:
    """Write the lines of everybody in one statement; ids begin with the moment, as all do."""
    policy = in_force(now).policy
    with translation.override(policy.policy.authentic):
        purpose = _("Handing the service over to a new controller")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into disclosures_disclosure (id, tenant_id, person_id, party_id, recipient,"
            " country, safeguard, third, ground, purpose, reference, note, form, fields, records,"
            " digest, at, once)"
            " select overlay(overlay(gen_random_uuid()::text placing %s from 1 for 13)"
            " placing '7' from 15 for 1)::uuid,"
            " %s, person.id, %s, %s, %s, %s, true, %s, %s, %s, '', %s, '[]', 0, %s, %s, %s"
            " from people_person person where person.id <> all (%s) on conflict do nothing",
            [
                str(uuid7())[:13],
                current_id(),
                party.pk,
                party.name,
                party.country,
                queries.safeguard_of(policy, party, queries.today(policy, now)),
                str(Ground.INTEREST),
                purpose[:200],
                reference[:200],
                WHOLE,
                digest,
                at,
                once,
                list(without),
            ],
        )
        return int(cursor.rowcount)
