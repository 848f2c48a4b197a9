"""Two years at the desk, invented: enquiries of every channel, calls, and what is due tonight."""

import io
import math
import wave
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from skola.ground.files import api as files
from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.promises.retention.api import record_state
from skola.services.billing.api import Contract
from skola.services.desk import queries, rules
from skola.services.desk.calling import AUDIO
from skola.services.desk.demo_words import TASKS, WORDS
from skola.services.desk.models import Call, CallTask, Enquiry, Line, Message, Numbers, Recording

RECORDINGS_KEPT = {"ilearn": 92, "ema": 1096}
"""Days that recordings are kept by the bundled policies; some calls are made a little older."""
ENQUIRIES_KEPT = {"kic": 365, "learnifier": 365}
"""The same for enquiries after their end; half a year where nothing is said here."""
FRESH = 4
"""Enquiries of the last day, which nobody has answered."""
SOUNDS_AT_MOST = 24
_CHANNELS = ("web", "web", "web", "account", "account", "email", "phone", "in-person", "post")


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Fill the desk of the speaking tenant, as far as its policy switches the desk on."""
    staff = _staff(now)
    asking = [person for person in people if person.pk not in {one.pk for one in staff}]
    if not asking:
        return
    if has("desk.enquiries", now=now):
        _enquiries(ENQUIRIES_KEPT.get(tenant_slug, 183), asking, staff, random, now)
    if has("desk.calls", now=now):
        _calls(RECORDINGS_KEPT.get(tenant_slug, 90), asking, staff, random, now)


def _staff(now: datetime) -> list[Person]:
    held = Role.objects.filter(kind=Role.Kind.SUPPORT).held_at(now).select_related("person")
    return [role.person for role in held]


def _enquiries(
    kept: int, asking: Sequence[Person], staff: Sequence[Person], random: Random, now: datetime
) -> None:
    count = max(12, min(len(asking) // 4, 5_000))
    received = sorted(
        now - timedelta(days=_age(kept, random), minutes=random.randint(0, 600))
        for _ in range(count - FRESH)
    )
    received += [now - timedelta(hours=4 * left) for left in range(FRESH, 0, -1)]
    zone, version = queries.zone(now), queries.notice_version(now)
    leads, enquiries, messages = [], [], []
    for number, came in enumerate(sorted(received), start=1):
        who = random.choice(asking)
        channel = random.choice(_CHANNELS)
        person = who
        if channel != "account":
            person = Person(language=who.language, source="enquiry", created_at=came)
            leads.append(person)
        enquiry, said = _enquiry(who, person, channel, number, came, staff, random, now)
        enquiry.answer_by = rules.answer_by(enquiry.topic, came, zone)
        enquiry.notice_version = version if channel in ("web", "account") else ""
        enquiries.append(enquiry)
        messages += said
    Person.objects.bulk_create(leads, batch_size=1_000)
    Enquiry.objects.bulk_create(enquiries, batch_size=1_000)
    Message.objects.bulk_create(messages, batch_size=1_000)
    Numbers.objects.create(last=count)


def _age(kept: int, random: Random) -> int:
    """Days since an enquiry came: mostly weeks; one in fourteen is past its term by some days."""
    if random.random() < 0.07:
        return kept + random.randint(12, 30)
    return int((kept - 20) * random.random() ** 2)


def _enquiry(
    who: Person,
    person: Person,
    channel: str,
    number: int,
    came: datetime,
    staff: Sequence[Person],
    random: Random,
    now: datetime,
) -> tuple[Enquiry, list[Message]]:
    topic, question, reply = random.choice(WORDS.get(who.language, WORDS["en"]))
    reachable = channel in ("web", "account", "email")
    enquiry = Enquiry(
        person=person,
        number=number,
        channel=channel,
        topic=topic,
        given_name=who.given_name,
        family_name=who.family_name,
        email=who.email if reachable else "",
        phone="" if reachable else f"+000 {random.randint(2_000_000, 2_999_999)}",
        language=who.language,
        received_at=came,
        last_message_at=came,
    )
    said = [Message(enquiry=enquiry, kind=Message.Kind.QUESTION, body=question, sent_at=came)]
    answered = came + timedelta(hours=random.randint(2, 60))
    fresh = came > now - timedelta(days=1)
    if answered < now and not fresh and (random.random() < 0.7 or came < now - timedelta(days=9)):
        by = random.choice(staff) if staff else None
        mailed = answered if reachable else None
        said.append(
            Message(
                enquiry=enquiry,
                kind=Message.Kind.ANSWER,
                body=reply,
                sent_at=answered,
                author=by,
                mailed_at=mailed,
            )
        )
        enquiry.assignee, enquiry.last_message_at = by, answered
    closed = answered + timedelta(days=random.randint(1, 6))
    if closed < now - timedelta(days=4):
        enquiry.closed_at, enquiry.ending = closed, Enquiry.Ending.ANSWERED
    return enquiry, said


def _calls(
    kept: int, asking: Sequence[Person], staff: Sequence[Person], random: Random, now: datetime
) -> None:
    advice, office = Line.objects.bulk_create(
        [
            Line(name="Advice", number="+000 100", announced=True, callee_role="consultant"),
            Line(name="Office", number="+000 101", announced=False, callee_role="other"),
        ]
    )
    count = max(30, min(len(asking) // 10, 2_000))
    calls = [_call(number, advice, office, asking, staff, random, now) for number in range(count)]
    Call.objects.bulk_create(calls, batch_size=1_000)
    heard = [call for call in calls if call.line is advice][:SOUNDS_AT_MOST]
    recordings = [
        _recording(call, _recorded_at(place, kept, now), random, now)
        for place, call in enumerate(heard)
    ]
    Call.objects.bulk_update(heard, ["started_at"], batch_size=1_000)
    Recording.objects.bulk_create(recordings)
    _prove_by_phone(recordings, asking[0], now)
    CallTask.objects.bulk_create(
        CallTask(
            person=recording.person,
            call=recording.call,
            recording=recording,
            text=TASKS.get(asking[0].language, TASKS["en"]),
            author=staff[0] if staff else None,
            created_at=recording.recorded_at,
        )
        for recording in recordings[:5]
    )


def _recorded_at(place: int, kept: int, now: datetime) -> datetime:
    """The terms of the first four end about last night and tonight, those of the others later."""
    days = kept - 2 + place if place < 4 else (place - 3) * kept // (SOUNDS_AT_MOST + 2)
    return now - timedelta(days=days, hours=place)


def _call(
    number: int,
    advice: Line,
    office: Line,
    asking: Sequence[Person],
    staff: Sequence[Person],
    random: Random,
    now: datetime,
) -> Call:
    who = random.choice(asking)
    known = random.random() < 0.6
    return Call(
        person=who if known else None,
        line=office if number % 5 == 4 else advice,
        direction=random.choice(["incoming", "incoming", "incoming", "voicemail", "outgoing"]),
        number=f"+000{random.randint(2_000_000, 2_999_999)}",
        agent=random.choice(staff) if staff else None,
        started_at=now - timedelta(days=random.randint(0, 360), minutes=random.randint(0, 600)),
        seconds=random.randint(20, 900),
    )


def _recording(call: Call, at: datetime, random: Random, now: datetime) -> Recording:
    call.started_at = at
    voicemail = call.direction == Call.Direction.VOICEMAIL
    return Recording(
        person=call.person,
        call=call,
        kind=Recording.Kind.VOICEMAIL if voicemail else Recording.Kind.QUALITY,
        audio=files.store(_sound(random), kind=AUDIO, person_id=None, by="demo", now=at),
        callee_role=call.line.callee_role,
        announced=call.line.announced,
        recorded_at=at,
    )


def _sound(random: Random) -> SimpleUploadedFile:
    """One second of a soft tone, different for each call."""
    pitch, rate = random.randint(180, 440), 8_000
    tone = bytes(int(128 + 20 * math.sin(math.tau * pitch * n / rate)) for n in range(rate))
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(tone)
    return SimpleUploadedFile("call.wav", held.getvalue(), content_type="audio/wav")


def _prove_by_phone(recordings: Sequence[Recording], customer: Person, now: datetime) -> None:
    """The oldest recording proves a contract that runs: it stays, although its like are due."""
    if not recordings or not has("billing.contracts", now=now):
        return
    first = recordings[0]
    at = first.recorded_at
    contract = Contract.objects.create(
        person=customer,
        title="Course, agreed by phone",
        text="The course, its price and its dates were agreed on the phone. The recording is kept.",
        offered_at=at,
        accepted_at=at,
        evidence=Contract.Evidence.ORAL,
        starts_on=at.date(),
    )
    record_state(customer.pk, "contract.open", is_open=True, at=at)
    Recording.objects.filter(pk=first.pk).update(
        kind=Recording.Kind.ORAL, contract=contract, person=customer
    )
