"""Consents that a new version of the policy leaves without what they were given to.

A consent is given to one controller, for one purpose, with the recipients that were named. Where a
version changes any of these, the consents given before end when it takes effect and are asked anew;
the others stand. Those in a browser end by themselves: the choice carries a digest of what was
asked (``cookies``). Here end those that are kept about people.
"""

from datetime import datetime

from django.db import transaction

from skola.ground.audit import api as audit
from skola.promises.consents import api as consents
from skola.promises.policy.api import in_force

LAPSED = "notices.consent.lapsed"


def lapse_consents(now: datetime) -> int:
    """End the consents that were given before a change of what they were given to.

    Each ends as of the moment at which the version took effect, with an audit entry about its
    person. Safe to repeat: what was given since stands. Returns how many ended.
    """
    ended = 0
    for version, purposes in consents.lapsing(in_force(now).policy.policy.tenant, now):
        head = version.written.policy
        for purpose in sorted(purposes):
            for person in consents.given_before(purpose, head.effective):
                with transaction.atomic():
                    consents.end_changed(person, purpose, at=head.effective)
                    audit.record(
                        LAPSED,
                        by="system",
                        at=now,
                        subject=person,
                        clause=", ".join(version.written.change.clause),
                        detail={"purpose": purpose, "version": head.version},
                    )
                ended += 1
    return ended
