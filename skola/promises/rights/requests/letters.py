"""The letters of requests: which wait, are on their way, or came back, and what is done with them.

A letter waits from the moment at which it is written. It is printed, handed to the post, and for a
registered one it is kept what the post told: received, or came back. Source: ilearn-24.e.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.people.api import Person
from skola.ground.ui import formats
from skola.ground.ui.letters import Letter, address_lines, as_pdf, paragraphs
from skola.promises.policy.api import InForce, in_force
from skola.promises.policy.schema import Controller
from skola.promises.rights.models import RequestMessage, RightsRequest
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.actions import RefusedError, record

Reply, Fate, Says = RightsRequest.Reply, RequestMessage.Fate, RequestMessage.Kind
BY_POST = (Reply.REGISTERED, Reply.POST)


def is_named(found: InForce) -> bool:
    """Whether the policy lets answers go by letter; where it does not, there is no queue."""
    return any(way in terms.replies(found.policy) for way in BY_POST)


def are_registered(found: InForce) -> bool:
    """Whether letters go registered, so that each has a number and the post tells more."""
    return terms.letter(found.policy) == Reply.REGISTERED


def waiting() -> QuerySet[RequestMessage]:
    """Return the letters that are not posted yet: answers by their day first, then the oldest."""
    found = RequestMessage.objects.filter(sent_at=None, route__in=BY_POST)
    answers_first = Case(When(kind=Says.ANSWER, then=Value(0)), default=Value(1))
    found = found.select_related("request__person")
    return found.order_by(answers_first, "request__promised_on", "said_at")


def count() -> int:
    """Return how many letters wait to be posted."""
    return waiting().count()


def on_their_way() -> QuerySet[RequestMessage]:
    """Return the registered letters of which the post told nothing yet, the oldest first."""
    found = RequestMessage.objects.filter(route=Reply.REGISTERED, sent_at__isnull=False, fate="")
    return found.select_related("request__person").order_by("sent_at")


def settled() -> QuerySet[RequestMessage]:
    """Return the registered letters of which the post told something, the latest first."""
    found = RequestMessage.objects.filter(route=Reply.REGISTERED).exclude(fate="")
    return found.select_related("request__person").order_by("-fate_on", "-sent_at")


@dataclass(frozen=True)
class Waiting:
    """A letter of the queue."""

    said: RequestMessage
    name: str
    address: str
    """Empty where nobody told one: then it cannot be printed."""
    post_by: date | None
    """The last day on which it is posted in time; None where no day is promised."""
    is_late: bool


def row_of(said: RequestMessage, found: InForce, now: datetime) -> Waiting:
    """Return a letter of the queue, with the day by which the policy wants it posted."""
    day = post_by(said, found)
    late = day is not None and terms.local(now, now) > day
    return Waiting(said, _name(said), address_of(said), day, late)


def post_by(said: RequestMessage, found: InForce) -> date | None:
    """Return the last day on which a letter is posted in time; None where no day is promised.

    An answer by the promised day; that more time is taken by the day promised before (GDPR Art.
    12(3)). All else leaves as soon as somebody posts it.
    """
    asked = said.request
    if said.kind == Says.ANSWER:
        return asked.promised_on
    if said.kind == Says.EXTENSION:
        promise = terms.promised(found, asked.kind, asked.received_at)
        return promise.on if promise else None
    return None


def address_of(said: RequestMessage) -> str:
    """Return to where a letter goes: as told in the request, else as known."""
    return said.request.address or said.request.person.address


def _name(said: RequestMessage) -> str:
    return said.request.told_name or said.request.person.name


# ---- printing ----


@transaction.atomic
def print_letters(chosen: Sequence[RequestMessage], *, by: str, now: datetime) -> bytes:
    """Return letters as one PDF, each in the language of its request, and record the printing.

    Raises RefusedError for none, and for one without an address, naming it: the others can be
    printed without it.
    """
    if not chosen:
        raise RefusedError(_("Tick at least one letter."))
    without = [one.request.label for one in chosen if not address_of(one).strip()]
    if without:
        raise RefusedError(
            _("No address is known for %(numbers)s. Ask for it, or leave them out.")
            % {"numbers": ", ".join(without)}
        )
    policy = in_force(now).policy
    zone = ZoneInfo(policy.policy.timezone)
    with timezone.override(zone):
        made = [_letter(one, policy.controller) for one in chosen]
        pdf = as_pdf(made, title=_("Letters of %(day)s") % {"day": formats.day(now)}, now=now)
    RequestMessage.objects.filter(pk__in=[one.pk for one in chosen]).update(printed_at=now)
    for one in chosen:
        record("letter-printed", one.request, by, now, detail={"route": one.route})
    return pdf


def _letter(said: RequestMessage, controller: Controller) -> Letter:
    reach = (controller.phone, controller.email)
    with translation.override(said.request.language):
        return Letter(
            language=said.request.language,
            to=address_lines(_name(said), address_of(said)),
            sender=f"{controller.name}, {controller.address}",
            back=f"{controller.name}, {controller.address}",
            origin=tuple(line for line in (controller.name, controller.reg_no, *reach) if line),
            day=formats.day(said.said_at),
            subject=_("Your request %(number)s") % {"number": said.request.label},
            parts=paragraphs(said.body),
            mark=_("Registered letter") if said.route == Reply.REGISTERED else "",
        )


# ---- what the post tells ----


@transaction.atomic
def note_fate(said: RequestMessage, fate: str, day: date, *, by: str, now: datetime) -> None:
    """Record what the post told of a registered letter. Raises RefusedError before it was posted,
    for a day before that, and for a letter that is not registered.
    """
    held = RequestMessage.objects.select_for_update().get(pk=said.pk)
    if held.sent_at is None or held.route != Reply.REGISTERED:
        raise RefusedError(_("Only of a registered letter that was posted the post tells more."))
    if day < terms.local(held.sent_at, now):
        raise RefusedError(_("It was not posted yet on that day."))
    held.fate, held.fate_on = fate, day
    held.save(update_fields=["fate", "fate_on"])
    asked = RightsRequest.objects.get(pk=held.request_id)
    record(f"letter-{fate}", asked, by, now, detail={"on": day.isoformat()})


@transaction.atomic
def write_again(
    said: RequestMessage, address: str, *, author: Person, by: str, now: datetime
) -> RequestMessage:
    """Let a letter that came back wait once more, to an address that may be another.

    Raises RefusedError where it did not come back, or waits again already.
    """
    held = RequestMessage.objects.select_for_update().get(pk=said.pk)
    if held.fate != Fate.RETURNED:
        raise RefusedError(_("It did not come back."))
    same = RequestMessage.objects.filter(
        request=held.request_id, kind=held.kind, body=held.body, said_at__gt=held.said_at
    )
    if same.exists():
        raise RefusedError(_("It was written again already."))
    RightsRequest.objects.filter(pk=held.request_id).update(address=address)
    made = RequestMessage.objects.create(
        request_id=held.request_id,
        kind=held.kind,
        body=held.body,
        author=author,
        said_at=now,
        route=held.route,
    )
    asked = RightsRequest.objects.get(pk=held.request_id)
    record("letter-again", asked, by, now, detail={"route": held.route})
    return made


def chosen(keys: Iterable[str]) -> list[RequestMessage]:
    """Return the waiting letters of these keys, in the order of the queue."""
    wanted = set(keys)
    return [one for one in waiting() if str(one.pk) in wanted]
