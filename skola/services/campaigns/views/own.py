"""What somebody gets, chosen in the account or by the link of a message, and stopping it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import Person
from skola.ground.people.http import signed_in
from skola.promises.consents.api import history
from skola.promises.policy.api import in_force, needs
from skola.services.campaigns import choosing, letters, queries, refusing, rules, wording
from skola.services.campaigns.links import Reader, reader_of
from skola.services.campaigns.models import Delivery, Reaction, Refusal

Way = Refusal.Way
LATEST = 10


@never_cache
@needs(queries.CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Any) -> HttpResponse:
    """Settings > Privacy settings: a switch for each kind and channel (ilearn-34.b, ekool-6.3)."""
    person = _whole(request.person.pk)
    assert person is not None
    if request.method == "POST":
        _save(request, person, Way.ACCOUNT)
        return redirect(f"{reverse('campaigns:settings')}?saved=yes")
    context = _context(person, Way.ACCOUNT) | {"refuse_url": reverse("campaigns:refuse")}
    return render(request, "campaigns/settings.html", context | {"saved": _saved(request)})


@never_cache
@needs(queries.CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: Any, token: str) -> HttpResponse:
    """The same by a personal link, without signing in (learnifier-9.a)."""
    reader = reader_of(token)
    person = _whole(reader.person)
    if request.method == "POST" and person is not None:
        _save(request, person, Way.LINK)
        return redirect(f"{reverse('campaigns:choices', args=[token])}?saved=yes")
    context = _context(person, Way.LINK) if person else {"person": None}
    stopped = wording.refusal(in_force(clock.now()).policy, _what(reader))
    context |= {
        "token": token,
        "saved": _saved(request),
        "stopped": stopped,
        "refuse_url": reverse("campaigns:refuse-by-link", args=[token]),
    }
    answer = render(request, "campaigns/choices.html", context)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _saved(request: Any) -> bool:
    return bool(request.GET.get("saved") == "yes")


def _whole(key: UUID) -> Person | None:
    return Person.objects.select_related("subscriber").filter(pk=key).first()


def _save(request: Any, person: Person, way: str) -> None:
    now = clock.now()
    wanted = frozenset(request.POST.getlist("on"))
    who = by(request)
    choosing.choose(
        person, wanted, way=way, wording=request.POST.get("wording", "")[:300], by=who, now=now
    )
    if choosing.measured_purposes(now=now):
        measured = request.POST.get("measure") == "yes"
        if measured != choosing.is_measured(person, now=now):
            choosing.measure(person, wanted=measured, way=way, by=who, now=now)


def _context(person: Person, way: str) -> dict[str, Any]:
    now = clock.now()
    policy = in_force(now).policy
    held = Refusal.objects.standing().filter(person=person).order_by("-applied_at")
    refused = {one.what for one in held}
    deliveries = Delivery.objects.filter(person=person).prefetch_related("reactions")
    return {
        "person": person,
        "masked": masked(queries.address_of(person, "email")),
        "switches": [
            (one, wording.name_of(one.message), wording.channel(one.channel))
            for one in choosing.switches(person, way=way, now=now)
        ],
        "always": [wording.name_of(one) for one in choosing.always_on(now=now)],
        "flags": [
            (word, wording.refusal(policy, word))
            for word in (*rules.FLAGS, *_objections(policy))
            if word not in refused and _concerns(policy, word)
        ],
        "refused": [
            (one, wording.refusal(policy, one.what)) for one in held[:50] if _whole_one(one)
        ],
        "measures": bool(choosing.measured_purposes(now=now)),
        "measured": choosing.is_measured(person, now=now),
        "got": _got(person, deliveries.order_by("-queued_at")[:LATEST], policy),
        "opened": Reaction.Kind.OPENED,
        "ways": letters.ways_out(policy),
        "language": translation.get_language(),
    }


def _got(person: Person, deliveries: Any, policy: Any) -> list[tuple[Delivery, str]]:
    """The newest messages, each with the ground it was sent on, though that ended (ilearn-27)."""
    given = history(person.pk)
    found = []
    for one in deliveries:
        at = one.settled_at or one.queued_at
        stood = (
            each
            for each in given
            if each.purpose == one.ground
            and each.scope in ("", one.channel)
            and each.given_at <= at <= (each.ended_at or at)
        )
        found.append((one, wording.ground(policy, one.ground, next(stood, None))))
    return found


def _objections(policy: Any) -> list[str]:
    return [rules.objection(one) for one in refusing.objectionable(policy)]


def _concerns(policy: Any, word: str) -> bool:
    """Whether there is anything here that the word would stop."""
    return word != rules.POLLS or bool(rules.messages(policy, ("survey",)))


def _whole_one(one: Refusal) -> bool:
    return one.is_flag or one.what.startswith("purpose:")


def masked(address: str) -> str:
    """Return an address so that its owner knows it, and nobody else learns it."""
    name, at, host = address.partition("@")
    return f"{name[:1]}…{at}{host}" if at else ""


@needs(queries.CAPABILITY)
@signed_in
@require_POST
def refuse(request: Any) -> HttpResponse:
    """Refuse something as a whole, or take a refusal back, in the account."""
    person = _whole(request.person.pk)
    assert person is not None
    _refuse(request, person, Way.ACCOUNT)
    return redirect(f"{reverse('campaigns:settings')}?saved=yes")


@needs(queries.CAPABILITY)
@require_POST
def refuse_by_link(request: Any, token: str) -> HttpResponse:
    """The same by the link of a message; without a word it stops what the message was one of."""
    reader = reader_of(token)
    person = _whole(reader.person)
    if person is not None and request.POST.get("what"):
        _refuse(request, person, Way.LINK)
    else:
        _stop(request, reader)
    return redirect(f"{reverse('campaigns:choices', args=[token])}?saved=yes")


def _refuse(request: Any, person: Person, way: str) -> None:
    what, now = request.POST.get("what", ""), clock.now()
    try:
        if request.POST.get("again") == "yes":
            refusing.take_back(person, [what], by=by(request), now=now)
        else:
            refusing.refuse(person, what, way=way, by=by(request), now=now)
    except refusing.UnknownRefusalError:
        raise Http404 from None


@csrf_exempt
@needs(queries.CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: Any, token: str) -> HttpResponse:
    """One click of a mail program: stopped at once, without page, cookie or question (RFC 8058).

    A program that only opens the address is led to the page with the button: looking stops nothing.
    """
    reader = reader_of(token)
    if request.method != "POST":
        return redirect("campaigns:choices", token=token)
    _stop(request, reader)
    return HttpResponse("Stopped.\n", content_type="text/plain")


def _stop(request: Any, reader: Reader) -> None:
    refusing.stop_by_link(
        reader.person, reader.digest, reader.kind, by=by(request), now=clock.now()
    )


def _what(reader: Reader) -> str:
    message = queries.message_of(in_force(clock.now()).policy, reader.kind)
    return refusing.stopped(message.kind, message.id) if message else rules.DIRECT
