"""Telling somebody something, and entering what came of it: one function each."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.api import Person, language_of, post
from skola.promises.disclosures.api import text as send_text
from skola.promises.policy.api import has, in_force
from skola.services.reaching import pushing, queries, rules, webpush
from skola.services.reaching.models import Channel, Delivery, Notice

PUSH = "reaching.push"
CLAUSE = "ilearn-29"
State = Delivery.State


class NoWayError(Exception):
    """The channel that was asked for does not reach this person; nothing was written."""


@transaction.atomic
def reach(
    person: Person,
    title: str,
    text: str,
    *,
    about: str,
    channel: str = "",
    by: str,
    now: datetime,
) -> Notice | None:
    """Tell one person something by the first channel that reaches them, or by this ``channel``.

    Of the same thing (``about``) nobody is told twice. Where no channel reaches them the notice
    stands in the office. Where the policy has no notices it is a mail, if there is an address, and
    None comes back. Raises NoWayError for a ``channel``. Source: ilearn-29.
    """
    if not has(queries.CAPABILITY, now=now):
        if person.email:
            _mail(person, title, text, about=about, now=now)
        return None
    if channel and channel not in _open(person, now):
        raise NoWayError(channel)
    notice, is_new = Notice.objects.get_or_create(
        person=person, about=about, defaults={"title": title, "text": text, "written_at": now}
    )
    if is_new:
        audit.record(
            "reaching.notice.written",
            target=notice,
            subject=person.pk,
            by=by,
            at=now,
            clause=CLAUSE,
        )
        go_on(notice, channel=channel, by=by, now=now)
    return notice


def _open(person: Person, now: datetime) -> list[str]:
    there = queries.addresses(person, now)
    return [one for one in queries.permitted(now) if one in there]


def go_on(notice: Notice, *, channel: str = "", by: str, now: datetime) -> str:
    """Try the next channel, and return which; empty where none is left or it was read."""
    if notice.read_at is not None:
        return ""
    tried = set(notice.deliveries.values_list("channel", flat=True))
    there = queries.addresses(notice.person, now)
    chosen = channel or rules.next_channel(queries.permitted(now), there, tried)
    if chosen:
        step = len(tried) + 1
        made = Delivery.objects.create(notice=notice, step=step, channel=chosen, queued_at=now)
        audit.record(
            "reaching.delivery.begun",
            target=made,
            subject=notice.person_id,
            by=by,
            at=now,
            detail={"channel": chosen},
        )
        _begin(made, by=by, now=now)
    return chosen


def _begin(made: Delivery, *, by: str, now: datetime) -> None:
    """Hand a notice to what carries it; a call and a letter wait for staff."""
    notice, person = made.notice, made.notice.person
    if made.channel == Channel.EMAIL:
        made.reference = _mail(person, notice.title, notice.text, about=notice.about, now=now)
    elif made.channel == Channel.SMS:
        told = send_text(
            person, _in_short(notice, now), about=f"notice:{notice.pk}", by=by, now=now
        )
        if told is None:
            settle(made, State.FAILED, by=by, now=now)
            return
        made.reference = told.pk
    elif made.channel == Channel.PUSH:
        jobs.enqueue(PUSH, delivery=made.pk)
    elif made.channel == Channel.ACCOUNT:
        settle(made, State.DELIVERED, by=by, now=now)
    made.save(update_fields=["reference"])


def _mail(person: Person, title: str, text: str, *, about: str, now: datetime) -> UUID:
    service = in_force(now).policy.service.name
    return post(
        person_id=person.pk,
        address=person.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=f"{service}: {title}",
        text=f"{text}\n",
        now=now,
        about=about,
    ).pk


def _in_short(notice: Notice, now: datetime) -> str:
    policy = in_force(now).policy
    service = policy.service.name
    with translation.override(language_of(notice.person)):
        otherwise = _("%(service)s: %(title)s. The rest stands in your account; or call %(phone)s.")
        words = {
            "service": service,
            "title": notice.title,
            "phone": policy.controller.phone or policy.contact[0].phone,
        }
        return rules.in_short(f"{service}: {notice.title}. {notice.text}", otherwise % words)


@transaction.atomic
def settle(made: Delivery, state: str, *, note: str = "", by: str, now: datetime) -> None:
    """Enter what came of a delivery; where it failed, the next channel is tried."""
    made.state, made.settled_at, made.note = state, now, note
    made.save(update_fields=["state", "settled_at", "note"])
    audit.record(
        f"reaching.delivery.{state}",
        target=made,
        subject=made.notice.person_id,
        by=by,
        at=now,
        detail={"channel": made.channel},
    )
    if state == State.FAILED:
        go_on(made.notice, by=by, now=now)


@transaction.atomic
def push(delivery_id: UUID, *, by: str, now: datetime) -> None:
    """Send a notice to the devices on which its person wants notices; twice is as once.

    What is shown says that something waits, not what: it is read after signing in. Raises
    CarrierError, and changes nothing, where no carrier answers and none took it.
    """
    held = Delivery.objects.select_for_update(of=("self",)).select_related("notice__person")
    made = held.filter(pk=delivery_id, state=State.WAITING).first()
    if made is None:
        return
    notice = made.notice
    with translation.override(language_of(notice.person)):
        said = {
            "title": in_force(now).policy.service.name,
            "text": _("A notice for you. Sign in to read it."),
            "url": f"/account/notices/{notice.pk}/",
        }
    taken, late = 0, None
    for device in pushing.devices_for([notice.person_id]):
        try:
            taken += pushing.push(device, said, key=made.pk, by=by, now=now)
        except webpush.CarrierError as error:
            late = error
    if late is not None and not taken:
        raise late
    settle(made, State.SENT if taken else State.FAILED, by=by, now=now)


@transaction.atomic
def mark_read(notice: Notice, *, now: datetime) -> None:
    """Remember that its person opened a notice; when somebody reads is no entry in the audit."""
    Notice.objects.unread().filter(pk=notice.pk).update(read_at=now)


@transaction.atomic
def enter(made: Delivery, *, reached: bool, note: str, by: str, now: datetime) -> bool:
    """Enter what came of a call or a letter; False where it was entered before."""
    held = Delivery.objects.select_for_update(of=("self",)).by_hand().filter(pk=made.pk)
    one = held.select_related("notice__person").first()
    if one is None:
        return False
    done = State.SENT if one.channel == Channel.POST else State.DELIVERED
    settle(one, done if reached else State.FAILED, note=note, by=by, now=now)
    return True
