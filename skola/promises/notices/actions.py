"""Telling people by e-mail that the policy changes, where the policy promises it (ema-10.2)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Account, language_of, post
from skola.ground.tenants.api import site
from skola.ground.ui import formats
from skola.promises.notices.facts import versions_of
from skola.promises.notices.queries import history
from skola.promises.notices.reaching import about
from skola.promises.notices.words import change_sentence
from skola.promises.policy.api import in_force
from skola.promises.policy.catalogue import Version
from skola.promises.policy.schema import Classification

TOLD = "notices.change.told"


def tell_of_changes(now: datetime) -> int:
    """Write a mail to everybody with an account about each material change not told yet.

    Each delivery has its audit entry, so nobody is told twice, whenever this runs. Only versions
    published since the account was opened are told. Returns how many mails were written.
    """
    found = in_force(now)
    tenant = found.policy.policy.tenant
    return sum(_tell(version, now) for version in versions_of(tenant) if _is_told(version, now))


def _is_told(version: Version, now: datetime) -> bool:
    head, change = version.written.policy, version.written.change
    if head.classification is not Classification.MATERIAL or head.published > now:
        return False
    return "email" in change.also_notify


def _tell(version: Version, now: datetime) -> int:
    head = version.written.policy
    told = audit.Entry.objects.filter(kind=TOLD, detail__version=head.version)
    known = set(told.values_list("subject", flat=True))
    written = 0
    waiting = Account.objects.filter(is_active=True, created_at__lt=head.published)
    for account in waiting.select_related("person").order_by("pk"):
        if audit.pseudonym(account.person_id) not in known:
            _write(account, version, now)
            written += 1
    return written


def _said(version: Version, language: str) -> list[str]:
    """What changes for people, as a list, where anything does."""
    steps = history(version.written.policy.tenant, version.written.policy.published)
    step = next((each for each in steps if each.version.name == version.name), None)
    if step is None or not step.said:
        return []
    return ["\n".join(f"- {change_sentence(each, language)}" for each in step.said)]


@transaction.atomic
def _write(account: Account, version: Version, now: datetime) -> None:
    head = version.written.policy
    language = language_of(account.person)
    with translation.override(language):
        day = {"day": formats.day(head.effective)}
        subject = _("%(service)s: the privacy policy changes on %(day)s") % {
            "service": version.written.service.name,
            **day,
        }
        reason = head.reason.get(language) or head.reason[head.authentic]
        text = "\n\n".join(
            [
                _("The privacy policy changes on %(day)s.") % day,
                reason,
                *_said(version, language),
                _("Both versions side by side: %(address)s")
                % {"address": f"{site()}{reverse('notices:comparison')}?new={head.version}"},
            ]
        )
    controller = version.written.controller
    post(
        person_id=account.person_id,
        address=account.email,
        sender=f"{version.written.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n\n{controller.name}, {controller.address}\n",
        now=now,
        about=about(version),
    )
    clause = ", ".join(version.written.change.clause)
    note_told(account.person_id, head.version, version.hash, clause=clause, now=now)


def note_told(person_id: UUID, version: str, digest: str, *, clause: str, now: datetime) -> None:
    """Record that somebody was told of a version, by whatever mail: nobody is told twice."""
    audit.record(
        TOLD,
        by="system",
        at=now,
        subject=person_id,
        clause=clause,
        detail={"version": version, "hash": digest},
    )
