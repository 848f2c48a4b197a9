"""Notices to devices: an address passes the gate to whoever carries notices to that browser.

There are some where the policy names the channel, marks who carries them with the task and says on
which hosts, and somebody is active as that in the register. A browser says itself where it is
reached, so nothing is called but those hosts. Clauses: ilearn-29, ilearn-34.d.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.disclosures.api import Passing, RefusedError, Tasked, for_task, pass_on
from skola.promises.policy.api import in_force
from skola.services.reaching import webpush
from skola.services.reaching.models import Device
from skola.services.reaching.rules import host_fits

TASK = "push-notices"
CHANNEL = "push"
ENDPOINT = "reaching.device.endpoint"
MOST = 20
"""Devices of one person; a further one takes the place of the oldest."""


class NotCarriedError(Exception):
    """Nobody carries notices to this browser here, or what it told is no address with keys."""


def has_push(now: datetime) -> bool:
    """Whether the policy has notices on devices among its channels."""
    policy = in_force(now).policy
    said = policy.communication.channels if policy.communication else []
    offers = policy.marketing.channels if policy.marketing else []
    return CHANNEL in {*said, *offers}


def can_push(now: datetime) -> bool:
    """Whether notices reach devices today: besides, somebody is active as who carries them."""
    return has_push(now) and bool(for_task(TASK, now))


def carrier(endpoint: str, now: datetime) -> Tasked | None:
    """Return who is active to carry notices to an address; None where nobody is."""
    host = webpush.host_of(endpoint)
    hosts = {f"processor.{one.id}": one.hosts for one in in_force(now).policy.processor}
    for one in for_task(TASK, now) if host and has_push(now) else []:
        if host_fits(host, hosts.get(one.party.entry, [])):
            return one
    return None


@transaction.atomic
def add(person: Person, told: webpush.Browser, *, name: str, by: str, now: datetime) -> Device:
    """Let a browser show notices of this person, and of nobody else. Raises NotCarriedError.

    A browser that was somebody else's is from now on theirs who are signed in on it.
    """
    try:
        webpush.check_keys(told.p256dh, told.auth)
    except webpush.FaultyKeyError as error:
        raise NotCarriedError from error
    if carrier(told.endpoint, now) is None:
        raise NotCarriedError
    same = Device.objects.filter(endpoint=told.endpoint)
    kept = same.filter(person=person).first()
    same.exclude(person=person).delete()
    if kept is not None:
        kept.p256dh, kept.auth, kept.name = told.p256dh, told.auth, name
        kept.save(update_fields=["p256dh", "auth", "name"])
        return kept
    there = Device.objects.filter(person=person).order_by("-added_at", "-pk")
    Device.objects.filter(pk__in=[one.pk for one in there[MOST - 1 :]]).delete()
    made = Device.objects.create(
        person=person,
        name=name,
        endpoint=told.endpoint,
        p256dh=told.p256dh,
        auth=told.auth,
        added_at=now,
    )
    audit.record("reaching.device.added", target=made, subject=person.pk, by=by, at=now)
    return made


@transaction.atomic
def settle(device: Device, *, notices: bool, offers: bool, by: str, now: datetime) -> None:
    """Settle what a device shows (ilearn-34.d). It counts from the next notice on."""
    device.notices, device.offers = notices, offers
    device.save(update_fields=["notices", "offers"])
    detail = {"notices": notices, "offers": offers}
    audit.record(
        "reaching.device.settled",
        target=device,
        subject=device.person_id,
        by=by,
        at=now,
        detail=detail,
    )


@transaction.atomic
def remove(device: Device, *, by: str, now: datetime) -> None:
    """Forget a device: its owner takes it away, or it wants no more notices."""
    audit.record("reaching.device.removed", target=device, subject=device.person_id, by=by, at=now)
    device.delete()


def devices_for(people: Iterable[UUID], *, offers: bool = False) -> list[Device]:
    """Return the devices on which people want notices, or offers."""
    found = Device.objects.filter(person_id__in=list(people))
    wanted = found.filter(offers=True) if offers else found.filter(notices=True)
    return list(wanted.order_by("added_at", "pk"))


def push(device: Device, said: dict[str, str], *, key: UUID, by: str, now: datetime) -> bool:
    """Send a notice to a device, and return whether its carrier took it.

    A device that is gone is removed at once (ilearn-34.d). ``key`` names the message: again with
    the same key adds no entry to the ledger. Raises CarrierError where it can be tried again.
    """
    who = carrier(device.endpoint, now)
    if who is None:
        return False
    once = uuid5(key, str(device.pk))
    passing = Passing(
        who.party, ground=who.ground, reference=f"notice {key}", scope=(ENDPOINT,), once=once
    )
    try:
        passed = pass_on(passing, [device.person_id], records=[device], by=by, now=now)
        [told] = json.loads(passed.content)["people"][0]["records"]["reaching.device"]
        browser = webpush.Browser(told["endpoint"], device.p256dh, device.auth)
        webpush.send(browser, said, contact=_contact(now), now=now)
    except webpush.GoneError:
        remove(device, by=by, now=now)
        return False
    except (RefusedError, webpush.RejectedError):
        return False
    Device.objects.filter(pk=device.pk).update(reached_at=now)
    return True


def _contact(now: datetime) -> str:
    policy = in_force(now).policy
    return policy.controller.email or policy.contact[0].email
