"""Refusals that come as mail: applied at once, or on record with the day by which they are.

Who writes that they want no more is not asked to prove anything: what is stopped are messages to
the address that asked. What goes out is the same whether an address is known here or not.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.people.api import post
from skola.ground.ui.api import day
from skola.promises.intake.api import Arriving
from skola.promises.policy.api import has, in_force
from skola.promises.policy.schema import Policy
from skola.promises.rights.api import speaks_of_data
from skola.services.campaigns import reading, refusing, rules
from skola.services.campaigns.digests import digest
from skola.services.campaigns.models import Refusal
from skola.services.campaigns.queries import CAPABILITY

BY = "mail"
MAILBOX = "unsubscribe"
"""How a policy calls an address to which people write that they want no more."""
LONGEST = 2_000


def wants(arriving: Arriving, now: datetime) -> bool:
    """Whether a letter is a refusal: it came where only these go, or it says so.

    What names personal data or an account is a request about rights, which goes further.
    """
    if MAILBOX not in arriving.kinds or not has(CAPABILITY, now=now):
        return False
    if arriving.kinds == {MAILBOX}:
        return True
    words = arriving.letter.words
    return reading.opts_out(words) and not speaks_of_data(words)


def take(arriving: Arriving, now: datetime) -> None:
    """Apply a refusal, or put it on record with its day; and confirm it.

    Where the policy promises it at once, everybody known under the address gets no more from this
    second on, and nobody of the staff does anything; the address alone is remembered where nobody
    is known, and who it was is a task. Where the policy gives itself days, it is a case for staff,
    which applies itself on its last day. Source: ilearn-34.c, ilearn-35, learnifier-9.c.
    """
    letter, policy = arriving.letter, in_force(now).policy
    at_once = refusing.is_at_once(policy)
    known = refusing.people_at(letter.sender)
    if at_once:
        for person in known:
            refusing.refuse(person, rules.DIRECT, way=Refusal.Way.EMAIL, by=BY, now=now)
        refusing.suppress([digest(letter.sender)], rules.DIRECT, now=now)
    made = None
    if not (at_once and known):
        made = refusing.receive(
            letter.sender,
            words=letter.words[:LONGEST],
            apply_by=refusing.last_day(now) if at_once else None,
            told_at=now,
            by=BY,
            now=now,
        )
    _confirm(policy, letter.sender, None if at_once else made, now)


def _confirm(policy: Policy, address: str, case: Refusal | None, now: datetime) -> None:
    """Tell the address what becomes of it."""
    zone = ZoneInfo(policy.policy.timezone)
    with translation.override(policy.policy.languages[0]), timezone.override(zone):
        if case is None:
            said = _("We send no more offers to this address.")
        else:
            said = _("You will get no more offers at this address, from %(day)s at the latest.") % {
                "day": day(case.apply_by)
            }
        more = _(
            "Messages about your account, your orders and your questions go on. If you are known"
            " here under another address as well, write to us from there, too."
        )
        subject = _("%(service)s: you refused offers") % {"service": policy.service.name}
    post(
        person_id=None,
        address=address,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{said}\n\n{more}\n",
        now=now,
    )
