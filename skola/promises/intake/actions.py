"""Taking a message in: once, at an address that a policy names."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.tenants.api import Tenant, every_served, inside
from skola.promises.intake.bounces import failures_in
from skola.promises.intake.bounces import tell as tell_of
from skola.promises.intake.models import Arrival
from skola.promises.intake.offices import Arriving, who_wants
from skola.promises.intake.rules import Letter, read
from skola.promises.policy.api import NoPolicyError, in_force

REMEMBERED = timedelta(days=90)
"""So long a message that comes again is known; no mail server tries for longer than a week."""
BY = "skola mail"


class Fate(StrEnum):
    """What became of a message."""

    TAKEN = "taken"
    KNOWN = "known"
    """It was taken before."""
    AUTOMATIC = "automatic"
    """A machine wrote it; nobody answers it."""
    UNWANTED = "unwanted"
    """The policy lets nobody answer at this address."""
    RETURNED = "returned"
    """It tells that a mail of ours did not arrive."""


def is_sender(address: str) -> bool:
    """Whether mails of ours go out from this address: what did not arrive comes back to it."""
    return address.strip().lower() == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()


def tenant_at(address: str, *, now: datetime) -> Tenant | None:
    """Return whose address this is, by the policies in force; None where it is nobody's."""
    wanted = address.strip().lower()
    for tenant in every_served():
        with inside(tenant.pk):
            if kinds_of(wanted, now):
                return tenant
    return None


def kinds_of(address: str, now: datetime) -> frozenset[str]:
    """Return what the speaking tenant's policy names an address for."""
    try:
        contacts = in_force(now).policy.contact
    except NoPolicyError:
        return frozenset()
    return frozenset(one.kind for one in contacts if one.email.strip().lower() == address)


def deliver(raw: bytes, recipients: Iterable[str], *, now: datetime) -> dict[str, Fate | None]:
    """Take a message in for each tenant among its recipients; None for addresses of nobody.

    A tenant gets it once, though two of its addresses are named. All or nothing is taken. What
    tells that a mail did not arrive goes to the tenant that had sent it, whichever address it has.
    """
    if failures := failures_in(raw):
        with transaction.atomic():
            for failure in failures:
                if any(tenant.pk == failure.mail.tenant for tenant in every_served()):
                    with inside(failure.mail.tenant):
                        tell_of(failure, now)
        return dict.fromkeys(recipients, Fate.RETURNED)
    letter = read(raw)
    fates: dict[str, Fate | None] = {}
    with transaction.atomic():
        for address in dict.fromkeys(one.strip().lower() for one in recipients):
            tenant = tenant_at(address, now=now)
            if tenant is None:
                fates[address] = None
                continue
            with inside(tenant.pk):
                fates[address] = take(letter, address, now=now)
    return fates


@transaction.atomic
def take(letter: Letter, address: str, *, now: datetime) -> Fate:
    """Give a letter to the room that answers it, unless it was taken before.

    What a machine wrote, and what we wrote ourselves, is not taken: it would go round in circles.
    """
    kinds = kinds_of(address, now)
    if letter.is_automatic or _is_ours(letter.sender, now):
        return Fate.AUTOMATIC
    arriving = Arriving(letter, address, kinds)
    takes = who_wants(arriving, now)
    if takes is None:
        return Fate.UNWANTED
    made, is_new = Arrival.objects.get_or_create(digest=letter.digest, defaults={"arrived_at": now})
    if not is_new:
        return Fate.KNOWN
    audit.record(
        "intake.message.taken", target=made, by=BY, at=now, detail={"at": ", ".join(sorted(kinds))}
    )
    takes(arriving, now)
    return Fate.TAKEN


def _is_ours(sender: str, now: datetime) -> bool:
    return sender == settings.DEFAULT_FROM_EMAIL.lower() or bool(kinds_of(sender, now))


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Forget the numbers of messages that will not come again; return how many."""
    gone, _ = Arrival.objects.filter(arrived_at__lte=now - REMEMBERED).delete()
    return gone
