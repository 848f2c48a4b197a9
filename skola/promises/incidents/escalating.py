"""Warning staff while the time to tell the authority runs out."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Role, language_of, post
from skola.ground.tenants.api import site
from skola.ground.ui import formats
from skola.promises.incidents import rules
from skola.promises.incidents.models import Incident
from skola.promises.policy.api import in_force

TOLD_FROM = {"officer": 50, "administrator": 75}
"""From which part of the time on which role is written to."""


@transaction.atomic
def warn_of_breaches(*, now: datetime) -> int:
    """Write to staff about breaches whose time has run further since the last time.

    Each step of a breach, 50, 75, 90, 100 of 100, is warned of once. Return how many there were.
    Source: kic-security-risk.
    """
    found = Incident.objects.to_notify().select_for_update()
    further = []
    for one in found.order_by("notify_by"):
        assert one.notify_by is not None
        reached = rules.level(one.known_at, one.notify_by, now)
        if reached > one.escalated:
            one.escalated = reached
            one.save(update_fields=["escalated"])
            detail = {"level": reached}
            audit.record(
                "incidents.incident.escalated", target=one, by="system", at=now, detail=detail
            )
            further.append(one)
    for role, least in TOLD_FROM.items():
        concerned = [one for one in further if one.escalated >= least]
        if concerned:
            _write(role, concerned, now)
    return len(further)


def write_of_alarm(alarm: Incident, *, now: datetime) -> None:
    """Write to officers and administrators that the software noticed something, and where."""
    service = in_force(now).policy.service.name
    held = Role.objects.filter(kind__in=TOLD_FROM, scope="").held_at(now)
    staff = Account.objects.filter(person__in=held.values("person"))
    for account in staff.select_related("person"):
        with translation.override(language_of(account.person)):
            subject = _("%(service)s: an alarm, %(number)s") % {
                "service": service,
                "number": alarm.label,
            }
            text = (
                f"{alarm.get_alarm_display()}\n{site()}{reverse('incidents:one', args=[alarm.pk])}"
            )
        post(
            person_id=account.person_id,
            address=account.email,
            sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
            subject=subject,
            text=f"{text}\n",
            now=now,
        )


def _write(role: str, breaches: Sequence[Incident], now: datetime) -> None:
    held = Role.objects.filter(kind=role, scope="").held_at(now)
    policy = in_force(now).policy
    for account in Account.objects.filter(person__in=held.values("person")).select_related(
        "person"
    ):
        zone = ZoneInfo(policy.policy.timezone)
        with translation.override(language_of(account.person)), timezone.override(zone):
            subject = _("%(service)s: the authority has to be told of a breach") % {
                "service": policy.service.name
            }
            lines = [_line(one) for one in breaches]
        post(
            person_id=account.person_id,
            address=account.email,
            sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
            subject=subject,
            text="\n".join([*lines, ""]),
            now=now,
        )


def _line(one: Incident) -> str:
    said = {"number": one.label, "moment": formats.moment(one.notify_by, "medium")}
    if one.escalated == rules.LATE:
        return _("%(number)s is late: the authority was to be told by %(moment)s.") % said
    return _("%(number)s: the authority is to be told by %(moment)s.") % said
