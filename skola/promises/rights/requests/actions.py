"""Everything that changes requests, one function each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, Role, register_person
from skola.promises.policy.api import in_force
from skola.promises.policy.periods import last_day
from skola.promises.rights.models import RequestMessage, RightsRequest
from skola.promises.rights.requests import following, rules, terms, words
from skola.promises.rights.requests.correcting import correct
from skola.promises.rights.requests.numbers import next_number
from skola.promises.rights.requests.outside import follow
from skola.promises.rights.requests.rules import Step
from skola.promises.rights.requests.telling import tell

Kind, Outcome, Says = RightsRequest.Kind, RightsRequest.Outcome, RequestMessage.Kind
OFFICERS = ("officer", "administrator")


class RefusedError(Exception):
    """It cannot be done at this step; the message says why and what now. Nothing changed."""


@dataclass(frozen=True)
class Asked:
    """What is asked, by which way, and how the answer is wished."""

    kind: str
    channel: str
    reply_by: str
    words: str = ""
    language: str = "en"
    claimed_cents: int | None = None
    purposes: tuple[str, ...] = ()
    """What an objection is to; empty: to all that may be objected to."""


@dataclass(frozen=True)
class Asker:
    """What somebody tells about themselves; nothing of it is kept elsewhere."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Shown:
    """How somebody showed who they are; a document by its kind only."""

    proof: str
    document: str = ""


@dataclass(frozen=True)
class Decision:
    """What was decided, why, and what it rests on."""

    outcome: str
    reasons: str
    ground: str = ""
    duty: str = ""
    awarded_cents: int | None = None
    upheld: tuple[str, ...] = ()
    """Of an objection that is upheld in part: to which purposes."""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Of a rectification: the fields of the person that get another value, and that value."""


@transaction.atomic
def receive_request(
    asked: Asked,
    asker: Asker,
    *,
    person: Person | None,
    received_at: datetime,
    shown: Shown | None = None,
    about: RightsRequest | None = None,
    enquiry: UUID | None = None,
    assignee: Person | None = None,
    guardian: Person | None = None,
    arrives_with: Callable[[RightsRequest], None] | None = None,
    by: str,
    now: datetime,
) -> RightsRequest:
    """Record a request, promise a day, and send a receipt.

    ``arrives_with`` does with what came along what is to be done before the receipt is written.
    ``guardian`` asks for ``person``, a child of theirs, and gets the answers. Without ``person`` a
    data subject without a name is made for it. Raises RefusedError where the policy and the law
    know no such right. Source: ilearn-8.h, ilearn-11.d, ilearn-24.d, learnifier-10.e.
    """
    found = in_force(now)
    promise = terms.promised(found, asked.kind, received_at)
    if promise is None or asked.kind not in found.effective.rights:
        raise RefusedError(_("There is no such right here."))
    subject = person or register_person(
        given_name="", family_name="", language=asked.language, source="request", by=by, now=now
    )
    made = RightsRequest.objects.create(
        person=subject,
        number=next_number(),
        kind=asked.kind,
        channel=asked.channel,
        language=asked.language,
        words=asked.words,
        reply_by=asked.reply_by,
        claimed_cents=asked.claimed_cents,
        given_name=asker.given_name,
        family_name=asker.family_name,
        email=asker.email,
        phone=asker.phone,
        address=asker.address,
        received_at=received_at,
        promised_on=promise.on,
        at_once=promise.at_once,
        about=about,
        enquiry=enquiry,
        assignee=assignee,
        guardian=guardian,
    )
    following.opened(made, asked.purposes, by=by, now=now)
    clause = ", ".join(terms.clauses(found.policy, asked.kind))[:200]
    record("received", made, by, now, clause, {"kind": asked.kind, "channel": asked.channel})
    if shown is not None:
        _prove(made, shown, by, now)
    if arrives_with is not None:
        arrives_with(made)
    _say(made, Says.RECEIPT, words.receipt, now)
    return made


def record(
    what: str,
    asked: RightsRequest,
    by: str,
    now: datetime,
    clause: str = "",
    detail: dict[str, object] | None = None,
) -> None:
    """Write it into the audit: ``rights.request.WHAT``."""
    audit.record(
        f"rights.request.{what}",
        target=asked,
        subject=asked.person_id,
        by=by,
        at=now,
        clause=clause,
        detail=detail,
    )


def _say(
    asked: RightsRequest,
    kind: str,
    write: Callable[[RightsRequest, datetime], str],
    now: datetime,
    *,
    author: Person | None = None,
) -> RequestMessage:
    zone = ZoneInfo(in_force(now).policy.policy.timezone)
    with translation.override(asked.language), timezone.override(zone):
        body = write(asked, now)
    return tell(asked, kind, body, author=author, now=now)


def locked(asked: RightsRequest, *steps: Step) -> RightsRequest:
    """Return the request as it stands, held until the end. Raises RefusedError at other steps."""
    held = RightsRequest.objects.select_for_update().get(pk=asked.pk)
    if held.step not in steps:
        raise RefusedError(_WAITS[held.step]())
    return held


_WAITS: dict[Step, Callable[[], str]] = {
    Step.IDENTITY: lambda: _("First it has to be known who asks. Enter how they showed it."),
    Step.DECIDE: lambda: _("It is not decided yet. Decide first."),
    Step.REPLY: lambda: _("It is decided, and the answer waits to be sent."),
    Step.DONE: lambda: _("It is answered and closed."),
}


def receive_by_link(asked: Asked, asker: Asker, *, person: Person, now: datetime) -> RightsRequest:
    """Record what somebody without an account asks on a page that a link to their address opened.

    Where the policy takes such a link as a proof it is one; else who asks has to be shown besides.
    """
    counts = rules.Proof.CODE in terms.proofs(in_force(now).policy)
    return receive_request(
        asked,
        asker,
        person=person,
        received_at=now,
        shown=Shown(rules.Proof.CODE) if counts else None,
        by="visitor",
        now=now,
    )


@transaction.atomic
def prove(asked: RightsRequest, shown: Shown, *, by: str, now: datetime) -> None:
    """Record how the person showed who they are. Raises RefusedError where that is known already,
    or where the policy does not take this proof. Source: ilearn-24.a, ilearn-24.d.
    """
    held = locked(asked, Step.IDENTITY, Step.DECIDE)
    if not held.proof:
        _prove(held, shown, by, now)
        asked.refresh_from_db()


def _prove(asked: RightsRequest, shown: Shown, by: str, now: datetime) -> None:
    if shown.proof not in terms.proofs(in_force(now).policy):
        raise RefusedError(_("The policy does not take this proof. Ask for another one."))
    asked.proof, asked.document, asked.proven_at = shown.proof, shown.document, now
    asked.save(update_fields=["proof", "document", "proven_at"])
    record("proven", asked, by, now, detail={"proof": str(shown.proof)})


@transaction.atomic
def sort(asked: RightsRequest, kind: str, *, by: str, now: datetime) -> None:
    """It is about another right than it seemed: its day is counted anew from its receipt.

    A day that was moved, by a pause or an extension, stays. Raises RefusedError once it is decided,
    and where there is no such right. Source: ilearn-2.b.
    """
    held = locked(asked, Step.IDENTITY, Step.DECIDE)
    found = in_force(now)
    promise = terms.promised(found, kind, held.received_at)
    if promise is None or kind not in found.effective.rights:
        raise RefusedError(_("There is no such right here."))
    following.withdrawn(held, by=by, now=now)
    before, held.kind = held.kind, kind
    if terms.promised(found, before, held.received_at) == terms.Promised(
        held.promised_on, held.at_once
    ):
        held.promised_on, held.at_once = promise.on, promise.at_once
    held.save(update_fields=["kind", "promised_on", "at_once"])
    following.sorted_anew(held, before, by=by, now=now)
    record("sorted", held, by, now, detail={"kind": str(kind)})


@transaction.atomic
def assign(asked: RightsRequest, assignee: Person, *, by: str, now: datetime) -> None:
    """Make somebody the one who answers for it."""
    held = locked(asked, Step.IDENTITY, Step.DECIDE, Step.REPLY)
    _refuse_the_same(held, assignee)
    RightsRequest.objects.filter(pk=asked.pk).update(assignee=assignee)
    record("assigned", asked, by, now)


def _refuse_the_same(asked: RightsRequest, who: Person) -> None:
    """A review is somebody else's. Source: ilearn-24.f."""
    if asked.kind == Kind.REVIEW and asked.about and asked.about.decider_id == who.pk:
        raise RefusedError(_("You decided the first time. Somebody else has to look at it again."))


@transaction.atomic
def add_words(asked: RightsRequest, body: str, *, by: str, now: datetime) -> None:
    """The person adds something; if we had asked them, the time runs again."""
    held = locked(asked, Step.IDENTITY, Step.DECIDE)
    RequestMessage.objects.create(
        request=held, kind=Says.PERSON, body=body, author_id=held.person_id, said_at=now
    )
    record("answered-by-person", held, by, now)
    if held.paused_at is not None:
        _resume(held, by, now)


@transaction.atomic
def note(asked: RightsRequest, body: str, *, author: Person, by: str, now: datetime) -> None:
    """Keep a note of staff; the person gets it with a copy of their data."""
    RequestMessage.objects.create(
        request=asked, kind=Says.NOTE, body=body, author=author, said_at=now
    )
    record("noted", asked, by, now)


@transaction.atomic
def pause(asked: RightsRequest, reason: str, *, author: Person, by: str, now: datetime) -> None:
    """Ask the person for what is missing; the time stands still until they answer.

    Raises RefusedError where it stands still already.
    """
    held = locked(asked, Step.IDENTITY, Step.DECIDE)
    if held.paused_at is not None:
        raise RefusedError(_("The time stands still already."))
    held.paused_at = now
    held.save(update_fields=["paused_at"])
    record("paused", held, by, now)
    _say(held, Says.QUESTION, lambda a, at: words.question(a, reason, at), now, author=author)


@transaction.atomic
def resume(asked: RightsRequest, *, by: str, now: datetime) -> None:
    """Let the time run again: the promised day moves by the days that it stood still."""
    held = locked(asked, Step.IDENTITY, Step.DECIDE)
    if held.paused_at is not None:
        _resume(held, by, now)


def _resume(asked: RightsRequest, by: str, now: datetime) -> None:
    assert asked.paused_at is not None
    days = (terms.local(asked.paused_at, now), terms.local(now, now))
    asked.promised_on = rules.after_pause(asked.promised_on, *days)
    asked.paused_at = None
    asked.save(update_fields=["promised_on", "paused_at"])
    record("resumed", asked, by, now, detail={"promised_on": asked.promised_on.isoformat()})


@transaction.atomic
def extend(asked: RightsRequest, reason: str, *, author: Person, by: str, now: datetime) -> None:
    """Take the longer time that policy and law allow, once, and tell the person why.

    Raises RefusedError a second time, where there is no longer time, and once the promised day is
    over: who is late cannot make it good. Source: GDPR Art. 12(3); ilearn-24.d.
    """
    held = locked(asked, Step.IDENTITY, Step.DECIDE)
    more = terms.extension(in_force(now), held.kind)
    if more is None:
        raise RefusedError(_("The policy knows no longer time for this."))
    if held.extended_at is not None:
        raise RefusedError(_("It was extended once. Twice is not possible."))
    if terms.local(now, now) > held.promised_on:
        raise RefusedError(_("The promised day is over. An extension has to be told before it."))
    calendar = in_force(now).policy.policy.calendar
    held.promised_on = last_day(held.promised_on, more, calendar)
    held.extended_at, held.escalated, held.at_once = now, 0, False
    held.save(update_fields=["promised_on", "extended_at", "escalated", "at_once"])
    record("extended", held, by, now, detail={"promised_on": held.promised_on.isoformat()})
    _say(held, Says.EXTENSION, lambda a, at: words.extension(a, reason, at), now, author=author)


@transaction.atomic
def propose_fee(
    asked: RightsRequest, cents: int, reason: str, *, author: Person, by: str, now: datetime
) -> None:
    """Propose a fee for what is excessive, with the reason; a person decides that, never a count.

    Raises RefusedError for the first request of its kind in a calendar year. Source:
    ema-9.1.2-free; GDPR Art. 12(5).
    """
    held = locked(asked, Step.IDENTITY, Step.DECIDE)
    if earlier_this_year(held, now) == 0:
        raise RefusedError(_("The first request of this kind in a year is free."))
    held.fee_cents = cents
    held.save(update_fields=["fee_cents"])
    record("fee-proposed", held, by, now, detail={"cents": cents})
    _say(held, Says.FEE, lambda a, at: words.fee(a, reason, at), now, author=author)


def earlier_this_year(asked: RightsRequest, now: datetime) -> int:
    """Return how many requests of this kind were fulfilled for the person this calendar year."""
    zone = terms.zone(now)
    begin = datetime(asked.received_at.astimezone(zone).year, 1, 1, tzinfo=zone)
    fulfilled = RightsRequest.objects.filter(
        person_id=asked.person_id,
        kind=asked.kind,
        outcome__in=(Outcome.GRANTED, Outcome.PARTLY),
        decided_at__gte=begin,
    )
    return fulfilled.exclude(pk=asked.pk).count()


@transaction.atomic
def decide(
    asked: RightsRequest,
    decision: Decision,
    *,
    decider: Person | None,
    by: str,
    now: datetime,
) -> None:
    """Record what was decided and done, and tell the person in the same transaction.

    What goes by account or e-mail has left with it, and the request is closed; a letter closes it
    when it is posted. Raises RefusedError before it is known who asks, while the time stands still,
    when a refusal does not name its ground and law, and when who decided first decides a review.
    Source: ilearn-24.d, ilearn-23.g, ema-9.1.3-notify.
    """
    refuses_for_identity = decision.ground == rules.Ground.IDENTITY
    steps = (Step.DECIDE, Step.IDENTITY) if refuses_for_identity else (Step.DECIDE,)
    held = locked(asked, *steps)
    if decider is not None:
        _refuse_the_same(held, decider)
    if not rules.is_whole(outcome=decision.outcome, ground=decision.ground, duty=decision.duty):
        raise RefusedError(_("Name the ground, and for a duty the law that obliges us."))
    if held.paused_at is not None:
        _resume(held, by, now)
    held.outcome, held.reasons = decision.outcome, decision.reasons
    held.ground, held.duty = decision.ground, decision.duty
    held.awarded_cents = decision.awarded_cents
    held.decided_at, held.decider = now, decider
    held.save()
    clause = ", ".join(terms.clauses(in_force(now).policy, held.kind))[:200]
    detail = {"outcome": str(decision.outcome), "ground": str(decision.ground)}
    record("decided", held, by, now, clause, dict(detail))
    following.decided(held, upheld=decision.upheld, by=by, now=now)
    message = _say(held, Says.ANSWER, words.answer, now, author=decider)
    if message.sent_at is not None:
        _close(held, by, now)
    if decision.outcome in (Outcome.GRANTED, Outcome.PARTLY):
        changes = correct(held.person, decision.corrected, ground=held.label, by=by, now=now)
        follow(held, changes, by=by, now=now)
    asked.refresh_from_db()


def _close(asked: RightsRequest, by: str, now: datetime, *, at: datetime | None = None) -> None:
    """``at`` is when the answer left, where that was before now."""
    RightsRequest.objects.filter(pk=asked.pk).update(closed_at=at or now)
    record("closed", asked, by, now)
    following.closed(asked, now=now)


@transaction.atomic
def withdraw(asked: RightsRequest, *, by: str, now: datetime) -> None:
    """The person wants nothing any more; it is closed."""
    held = locked(asked, Step.IDENTITY, Step.DECIDE)
    held.outcome, held.decided_at, held.paused_at = Outcome.WITHDRAWN, now, None
    held.save(update_fields=["outcome", "decided_at", "paused_at"])
    record("withdrawn", held, by, now)
    following.withdrawn(held, by=by, now=now)
    _close(held, by, now)


@transaction.atomic
def send_letter(
    message: RequestMessage,
    tracking: str,
    *,
    sent_at: datetime | None = None,
    by: str,
    now: datetime,
) -> None:
    """Record that a letter was posted, with its number, or handed over; an answer closes the case.

    ``sent_at`` is when, where that was before now. Raises RefusedError for a registered letter
    without a number, and for a day before it was written. Source: ilearn-24.e.
    """
    held = RequestMessage.objects.select_for_update().get(pk=message.pk)
    if held.sent_at is not None:
        return
    if held.route == RightsRequest.Reply.REGISTERED and not tracking:
        raise RefusedError(_("A registered letter has a number. Enter it."))
    left = sent_at or now
    if terms.local(left, now) < terms.local(held.said_at, now):
        raise RefusedError(_("It was not written yet on that day."))
    held.sent_at, held.tracking = max(left, held.said_at), tracking
    held.save(update_fields=["sent_at", "tracking"])
    asked = RightsRequest.objects.select_for_update().get(pk=held.request_id)
    record("letter-sent", asked, by, now, detail={"route": held.route})
    if held.kind == Says.ANSWER and asked.closed_at is None:
        _close(asked, by, now, at=held.sent_at)


@transaction.atomic
def dispute(answered: RightsRequest, body: str, *, by: str, now: datetime) -> RightsRequest:
    """The person disagrees with an answer: another one of the staff looks at it again.

    The review goes to an officer or administrator who did not decide. Raises RefusedError before
    there is an answer, and while a review of it is open. Source: ilearn-24.f.
    """
    held = locked(answered, Step.DONE)
    if held.followed_by.open().filter(kind=Kind.REVIEW).exists():
        raise RefusedError(_("It is being looked at again already."))
    shown = Shown(held.proof, held.document) if held.proof else None
    return receive_request(
        Asked(Kind.REVIEW, RightsRequest.Channel.ACCOUNT, held.reply_by, body, held.language),
        Asker(held.given_name, held.family_name, held.email, held.phone, held.address),
        person=held.person,
        received_at=now,
        shown=shown,
        about=held,
        guardian=held.guardian,
        assignee=some_officer(now, but=held.decider_id),
        by=by,
        now=now,
    )


def some_officer(now: datetime, *, but: UUID | None = None) -> Person | None:
    """Return an officer, else an administrator, other than who decided; None without any."""
    held = Role.objects.filter(kind__in=OFFICERS, scope="").held_at(now)
    others = held.exclude(person_id=but) if but else held
    first = others.select_related("person").order_by("-kind", "starts_at").first()
    return first.person if first else None


@transaction.atomic
def record_payment(asked: RightsRequest, paid_on: date, *, by: str, now: datetime) -> None:
    """Record that an awarded compensation was paid, and tell the person (ekool-8.4)."""
    held = RightsRequest.objects.select_for_update().get(pk=asked.pk)
    if not held.awarded_cents or held.paid_on is not None:
        raise RefusedError(_("There is nothing to pay."))
    held.paid_on = paid_on
    held.save(update_fields=["paid_on"])
    record("paid", held, by, now, detail={"cents": held.awarded_cents})
    _say(held, Says.PAYMENT, words.payment, now)
