"""Warning staff while the time of a request runs out: the officer first, then administrators."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.audit import api as audit
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Account, Role, language_of, post
from skola.ground.ui import formats
from skola.promises.policy.api import has, in_force
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.requests import queries
from skola.promises.rights.requests.queries import Row

TOLD_FROM = {"officer": 75, "administrator": 90}
"""From which part of the time on which role is written to; at 50 the home page says it."""


@reading_for(RIGHTS)
@transaction.atomic
def warn_of_deadlines(*, now: datetime) -> int:
    """Write to staff about requests whose time has run further since the last time.

    Return how many there were. Each step of a request, 50, 75, 90, 100 of 100, is warned of once;
    what stands still is not. Source: promise-engine 4.12; ilearn-24.d, learnifier-10.e.
    """
    if not has("rights.requests", now=now):
        return 0
    open_ = RightsRequest.objects.open().filter(paused_at=None).select_for_update()
    rows = [queries.row_of(asked, now) for asked in open_.order_by("promised_on", "number")]
    further = [row for row in rows if row.level > row.asked.escalated]
    for row in further:
        RightsRequest.objects.filter(pk=row.asked.pk).update(escalated=row.level)
        audit.record(
            "rights.request.escalated",
            target=row.asked,
            subject=row.asked.person_id,
            by="system",
            at=now,
            detail={"level": row.level},
        )
    for role, least in TOLD_FROM.items():
        concerned = [row for row in further if row.level >= least]
        if concerned:
            _write(role, concerned, now)
    return len(further)


def _write(role: str, rows: Sequence[Row], now: datetime) -> None:
    held = Role.objects.filter(kind=role, scope="").held_at(now)
    for account in Account.objects.filter(person__in=held.values("person")).select_related(
        "person"
    ):
        policy = in_force(now).policy
        zone = ZoneInfo(policy.policy.timezone)
        with translation.override(language_of(account.person)), timezone.override(zone):
            subject = ngettext(
                "%(service)s: the time of %(count)s request runs out",
                "%(service)s: the time of %(count)s requests runs out",
                len(rows),
            ) % {"service": policy.service.name, "count": len(rows)}
            lines = [_line(row) for row in rows]
        post(
            person_id=account.person_id,
            address=account.email,
            sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
            subject=subject,
            text="\n".join([*lines, ""]),
            now=now,
        )


def _line(row: Row) -> str:
    """A request as a mail to staff names it: without whom it concerns."""
    said = {"number": row.asked.label, "day": formats.day(row.asked.promised_on)}
    if row.late:
        return _("%(number)s is late: an answer was promised by %(day)s.") % said
    return _("%(number)s: an answer is promised by %(day)s.") % said
