"""Consents that a new version of the policy leaves without what they were given to.

A consent is given to one controller, for one purpose, with the recipients that were named. Where a
version changes any of these, the consents given before end when it takes effect and are asked anew;
the others stand. Those in a browser end by themselves: the choice carries a digest of what was
asked (``cookies``). Here end those that are kept about people.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from django.db import transaction

from skola.ground.audit import api as audit
from skola.promises.notices.facts import versions_of
from skola.promises.policy.api import ended_consents, in_force, stale_consents
from skola.promises.policy.catalogue import Version
from skola.promises.retention.api import open_states, record_state

LAPSED = "notices.consent.lapsed"


def lapsing(tenant: str, now: datetime) -> Iterator[tuple[Version, frozenset[str]]]:
    """Return each version in force by ``now`` with the purposes whose consents it ended."""
    for before, version in pairwise(versions_of(tenant)):
        if version.written.policy.effective <= now:
            old, new = before.effective.policy, version.effective.policy
            yield version, frozenset(stale_consents(old, new) | ended_consents(old, new))


def lapse_consents(now: datetime) -> int:
    """End the consents that were given before a change of what they were given to.

    Each ends as of the moment at which the version took effect, with an audit entry about its
    person. Safe to repeat: what was given since stands. Returns how many ended.
    """
    ended = 0
    for version, purposes in lapsing(in_force(now).policy.policy.tenant, now):
        head = version.written.policy
        for purpose in sorted(purposes):
            for person in open_states(f"consent:{purpose}", before=head.effective):
                with transaction.atomic():
                    record_state(person, f"consent:{purpose}", is_open=False, at=head.effective)
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
