"""Foreseeing what comes due: the yardstick of the breaker, and what the officer sees each evening.

A forecast of an earlier day is never changed: whatever becomes of the policy or of the data today,
today's sweeps are measured by what yesterday foresaw.
"""

from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Q

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.tenants.api import current_id
from skola.promises.retention import statements
from skola.promises.retention.actions.clocks import any_holds, stale
from skola.promises.retention.actions.facts import unseen
from skola.promises.retention.live import clockworks, promises_in_force
from skola.promises.retention.models import Forecast
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Promises

AHEAD = 14
"""Days after today that are foreseen, so that a service may stand still for two weeks."""
FRESH = timedelta(hours=1)
KEPT = timedelta(days=60)


@reading_for(ENGINE)
def foresee(*, now: datetime) -> None:
    """Write down what will come due today and on the days after it, by rule, table and category.

    Where another version begins with the next day, it is foreseen as well, for the officer's
    evening; it is no yardstick: only a release lets a new version erase more than the old one.
    """
    promises = promises_in_force(now)
    today = now.astimezone(promises.zone).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), promises.zone)
    found = _foreseen(promises, now, now, changed={*stale(now), *unseen(now)})
    for one in found:
        one.is_yardstick = one.day > today
    coming = promises_in_force(midnight)
    if coming is not promises:
        found += _foreseen(coming, midnight, now, changed=set(clockworks(coming)))
    with transaction.atomic():
        Forecast.objects.filter(Q(made_on=today) | Q(day__lt=today - KEPT)).delete()
        Forecast.objects.bulk_create(found, ignore_conflicts=True)  # another sweep's are as good


def foresee_if_old(*, now: datetime) -> None:
    """Foresee anew when the last time was an hour ago, or on another day."""
    promises = promises_in_force(now)
    today = now.astimezone(promises.zone).date()
    newest = Forecast.objects.filter(made_on=today, made_at__lte=now).order_by("-made_at").first()
    if newest is None or newest.made_at <= now - FRESH:
        foresee(now=now)


def _foreseen(
    promises: Promises, begin: datetime, now: datetime, *, changed: set[Clockwork]
) -> list[Forecast]:
    """Return what comes due by these terms; what is due before ``begin`` counts to its day."""
    today = now.astimezone(promises.zone).date()
    until = datetime.combine(today + timedelta(days=AHEAD + 1), time(), promises.zone)
    holds = any_holds()
    found = []
    with connection.cursor() as cursor:
        for work in clockworks(promises):
            anew = work in changed
            text = statements.foresee(work, current_id(), begin, until, holds=holds, anew=anew)
            cursor.execute(text)
            for rule, day, count, at_midnight, oldest, sample in cursor.fetchall():
                found.append(
                    Forecast(
                        day=day,
                        made_on=today,
                        made_at=now,
                        is_yardstick=False,
                        rule=rule,
                        table=work.declaration.table,
                        category=work.part.category,
                        count=count,
                        at_midnight=at_midnight,
                        oldest=oldest,
                        sample=sample,
                    )
                )
    return found
