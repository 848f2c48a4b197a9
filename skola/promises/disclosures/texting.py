"""Text messages to people's phones: number and text pass the gate to whoever carries them.

There are some where the policy names the channel, marks who carries them with the task, somebody
is active as that in the register, and a gateway is set up. Clauses: ekool-5.2.1, ema-2.1-contact.
"""

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.api import GatewayError, NumberError, Person, TextMessage, international
from skola.ground.people.api import gateway as gateway_of
from skola.promises.disclosures.passing import Passing, RefusedError, pass_on
from skola.promises.disclosures.queries import for_task
from skola.promises.policy.api import in_force

TASK = "text-messages"
CHANNEL = "sms"
SEND = "disclosures.send_text"
PHONE = "people.person.phone"
GIVEN_UP = timedelta(days=1)
"""A message that did not leave by then, with all tries of the queue, has failed."""
ASKED_FOR = timedelta(days=3)
"""For so long the gateway is asked what became of a message; then nobody will know."""


def has_texts(now: datetime) -> bool:
    """Whether the policy has text messages among its channels, and a gateway is set up."""
    said = in_force(now).policy.communication
    return said is not None and CHANNEL in said.channels and gateway_of() is not None


def can_text(now: datetime) -> bool:
    """Whether text messages leave today: besides, somebody is active as who carries them."""
    return has_texts(now) and bool(for_task(TASK, now))


@transaction.atomic
def text(person: Person, words: str, *, about: str, by: str, now: datetime) -> TextMessage | None:
    """Write a text message and queue it; of the same thing nobody is told twice.

    None, and nothing is written, where there are no text messages or this person has no number
    that a gateway takes.
    """
    if not international(person.phone) or not can_text(now):
        return None
    made, is_new = TextMessage.objects.get_or_create(
        person=person, about=about, defaults={"text": words[:480], "created_at": now}
    )
    if is_new:
        audit.record("disclosures.text.written", target=made, subject=person.pk, by=by, at=now)
        jobs.enqueue(SEND, text=made.pk)
    return made


@transaction.atomic
def send(text_id: UUID, *, by: str, now: datetime) -> None:
    """Hand a message that waits to the gateway, and forget its words; twice is as once.

    What goes out is what the gate lets pass. Where it refuses, or the number is none, the message
    has failed. Raises GatewayError, and changes nothing, where the gateway does not answer.
    """
    held = TextMessage.objects.select_for_update(of=("self",)).select_related("person")
    made = held.filter(pk=text_id, state=TextMessage.State.WAITING).first()
    if made is None:
        return
    gateway, found = gateway_of(), for_task(TASK, now) if has_texts(now) else []
    if gateway is None or not found:
        _became(made, TextMessage.State.FAILED, by=by, now=now)
        return
    who = found[0]
    passing = Passing(
        who.party, ground=who.ground, reference=str(made), scope=(PHONE,), once=made.pk
    )
    try:
        passed = pass_on(passing, [made.person_id], records=[made.person], by=by, now=now)
        said = json.loads(passed.content)["people"][0]["records"]
        number = international(said["people.person"][0]["phone"])
        if not number:
            raise NumberError("This is no number.")
        made.reference = gateway.send(number, made.text)
    except (RefusedError, NumberError):
        _became(made, TextMessage.State.FAILED, by=by, now=now)
    else:
        _became(made, TextMessage.State.SENT, by=by, now=now)


def _became(made: TextMessage, state: str, *, by: str, now: datetime) -> None:
    made.state, made.told_at, made.text = state, now, ""
    made.save(update_fields=["state", "told_at", "text", "reference"])
    audit.record(f"disclosures.text.{state}", target=made, subject=made.person_id, by=by, at=now)


def follow(*, by: str, now: datetime) -> None:
    """Ask the gateway what became of messages that it took; give up what did not leave.

    A gateway that does not answer is asked again in the next round.
    """
    gateway = gateway_of()
    since = now - ASKED_FOR
    for made in TextMessage.objects.open().order_by("created_at"):
        if made.state == TextMessage.State.WAITING:
            if now >= made.created_at + GIVEN_UP:
                _end(made, TextMessage.State.FAILED, by=by, now=now)
            continue
        try:
            became = gateway.status(made.reference) if gateway else made.state
        except GatewayError:
            became, gateway = made.state, None
        if became == made.state and made.created_at < since:
            became = TextMessage.State.UNKNOWN
        if became != made.state:
            _end(made, became, by=by, now=now)


@transaction.atomic
def _end(made: TextMessage, state: str, *, by: str, now: datetime) -> None:
    held = TextMessage.objects.select_for_update().filter(pk=made.pk, state=made.state).first()
    if held is not None:
        _became(held, state, by=by, now=now)
