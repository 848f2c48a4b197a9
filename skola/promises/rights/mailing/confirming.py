"""The known address says whether it asked: only then is a case somebody's."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import drop_lead, post
from skola.promises.policy.api import in_force
from skola.promises.rights.mailing import links
from skola.promises.rights.mailing.knowing import people_under
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.requests import actions, following, terms
from skola.promises.rights.requests.rules import Proof, Step


def ask_address(asked: RightsRequest, address: str, *, now: datetime) -> bool:
    """Write to an address that is known here, with the link that confirms; whether it is known.

    To one that is not known nothing goes. The queue sends it, so nobody learns it from the time.
    """
    known = people_under(address)
    if not known:
        return False
    policy = in_force(now).policy
    with (
        translation.override(asked.language),
        timezone.override(ZoneInfo(policy.policy.timezone)),
    ):
        subject = _("%(service)s: did you ask this?") % {"service": policy.service.name}
        said = [
            _("Somebody, perhaps you, asks us this about your data: “%(kind)s”.")
            % {"kind": asked.get_kind_display()},
            _("If it is you, confirm it here, within 14 days: %(link)s")
            % {"link": links.confirmation(asked, address, now=now)},
            _("If it was not you, do nothing, or say so there. Nothing happens without you."),
        ]
    post(
        person_id=known[0],
        address=address,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text="\n\n".join(said) + "\n",
        now=now,
    )
    return True


@reading_for(RIGHTS)
@transaction.atomic
def confirm(asked: RightsRequest, address: str, *, by: str, now: datetime) -> None:
    """Who reads the mail of this address asked: the case is theirs, and answers go there.

    Where the policy takes a link as a proof, it is one; else who asks has to show it in another
    way. Raises RefusedError once it is decided. Source: learnifier-10.c, ema-intro.b.
    """
    held = actions.locked(asked, Step.IDENTITY, Step.DECIDE)
    known = people_under(address)
    held.email, held.reply_by, held.confirmed_at = address, RightsRequest.Reply.EMAIL, now
    held.save(update_fields=["email", "reply_by", "confirmed_at"])
    if known and held.person_id not in known:
        before = held.person_id
        held.person_id = known[0]
        held.save(update_fields=["person"])
        following.handed_over(held, before, by=by, now=now)
        drop_lead(before, source="request")
    actions.record("confirmed", held, by, now)
    if not held.proof and Proof.CODE in terms.proofs(in_force(now).policy):
        actions.prove(held, actions.Shown(Proof.CODE), by=by, now=now)


@transaction.atomic
def deny(asked: RightsRequest, *, by: str, now: datetime) -> None:
    """It was somebody else: the case is closed, and nothing was done. Raises RefusedError."""
    actions.withdraw(asked, by=by, now=now)
