"""Watching for abuse: what is unusual becomes an incident, and officers are written to.

Nothing is blocked by an alarm: a person looks. Clauses: ilearn-11.o, kic-security-monitoring.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import IntegerField, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.audit.api import Entry
from skola.ground.people.api import SecurityEvent
from skola.promises.incidents import rules
from skola.promises.incidents.actions import Happened, open_incident
from skola.promises.incidents.escalating import write_of_alarm
from skola.promises.incidents.models import Incident

EXPORTED = "incidents.records.exported"
SYSTEM = "system"


@transaction.atomic
def watch_sign_in(person_id: UUID, *, now: datetime) -> Incident | None:
    """After a sign-in: raise an alarm where the account comes from many networks (ilearn-11.o)."""
    found = SecurityEvent.objects.filter(
        person_id=person_id,
        kind=SecurityEvent.Kind.SIGNED_IN,
        at__gt=now - rules.WITHIN,
        at__lte=now,
    ).exclude(network="")
    networks = found.values("network").distinct().count()
    if not rules.is_spread(networks):
        return None
    return _raise(
        Incident.Alarm.SPREAD,
        audit.pseudonym(person_id),
        _("One account is signed in from many addresses"),
        _("Within an hour from %(count)s networks. It may be shared, or its password be known.")
        % {"count": networks},
        now,
    )


@transaction.atomic
def note_export(what: str, count: int, *, by: str, now: datetime) -> Incident | None:
    """Write down that records of people were given out as a file; many at once are an alarm.

    ``what`` names the list, as a word without names. Source: kic-security-monitoring.
    """
    audit.record(EXPORTED, by=by, at=now, detail={"what": what, "count": count})
    if not rules.is_too_much(_exported(by, now)):
        return None
    return _raise(
        Incident.Alarm.VOLUME,
        by,
        _("Many records were exported at once"),
        _("Within a minute one account exported %(most)s records or more.")
        % {"most": rules.VOLUME},
        now,
    )


def _exported(by: str, now: datetime) -> int:
    since = now - rules.AT_ONCE
    entries = Entry.objects.filter(kind=EXPORTED, by=by, at__gt=since, at__lte=now)
    counts = Cast(KeyTextTransform("count", "detail"), IntegerField())
    total: int | None = entries.aggregate(total=Sum(counts))["total"]
    return total or 0


def _raise(alarm: str, about: str, title: str, what: str, now: datetime) -> Incident:
    """Open an incident, once while it is open for the same account, and write to officers."""
    known = Incident.objects.open().filter(alarm=alarm, about=about).first()
    if known is not None:
        return known
    made = open_incident(Happened(title, what, now, is_breach=False), by=SYSTEM, now=now)
    made.alarm, made.about = alarm, about
    made.save(update_fields=["alarm", "about"])
    write_of_alarm(made, now=now)
    return made
