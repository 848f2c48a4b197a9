"""Asking: the public form, and the enquirer's own enquiries in the account."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.connectors.api import PROBLEMS, is_named
from skola.promises.policy.api import has, in_force, needs
from skola.promises.retention.api import clock_of
from skola.services.campaigns.api import ask_to_confirm, news_on_offer
from skola.services.desk import queries
from skola.services.desk.actions import Sender, erase_on_objection, receive_enquiry, write_again
from skola.services.desk.forms import ContactForm, WordsForm
from skola.services.desk.models import Enquiry
from skola.services.desk.rules import page_of

SITE_FORM = "site-form"
"""How the policies call a consent that is given on a form of the site."""
_RECEIVED = Signer(salt="desk.received")


@needs("desk.enquiries")
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: TenantRequest) -> HttpResponse:
    """Anybody asks something, with an account or without (ema-5.1-channels, learnifier-4.a)."""
    now = clock.now()
    person = request.person or None
    if request.method != "POST":
        form = _form(None, now, known=bool(person), initial=_wished(request))
        return _contact_page(request, form)
    form = _form(request.POST, now, known=bool(person))
    if not form.is_valid():
        return _contact_page(request, form, status=422)
    sender = form.sender()
    if person:
        sender = Sender(person.given_name, person.family_name, person.email, person.phone)
    enquiry = receive_enquiry(
        form.asked(
            language=translation.get_language() or "en",
            notice_version=queries.notice_version(now),
            browser=request.META.get("HTTP_USER_AGENT", ""),
        ),
        sender,
        person=person,
        received_at=now,
        zone=queries.zone(now),
        by=by(request),
        now=now,
    )
    told = form.cleaned_data
    if told.get("news") and told.get("email"):
        ask_to_confirm(told["email"], told["news"], source=SITE_FORM, now=now)
    return redirect("desk:received", token=_RECEIVED.sign(str(enquiry.number)))


def _form(told: Any, now: datetime, *, known: bool, initial: Any = None) -> ContactForm:
    sells = has("shop.orders", now=now)
    return ContactForm(
        told, now=now, known=known, sells=sells, news=_news(now), initial=initial or {}
    )


def _news(now: datetime) -> list[tuple[str, str]]:
    return news_on_offer(now=now, source=SITE_FORM)


def _wished(request: TenantRequest) -> dict[str, str]:
    topic, order = request.GET.get("topic", ""), request.GET.get("order", "")
    if order.isdecimal():
        return {"topic": str(Enquiry.Topic.REFUND), "order": order[:10]}
    if topic not in Enquiry.Topic.values:
        return {}
    return {"topic": topic, "page": request.GET.get("page", "")[:2_000]}


def _contact_page(request: TenantRequest, form: ContactForm, status: int = 200) -> HttpResponse:
    policy = in_force(form.now).policy
    context = {
        "form": form,
        "fault_at": page_of(str(form["page"].value() or "")),
        "emails": _told_once(one.email for one in policy.contact),
        "phones": _told_once(one.phone for one in policy.contact),
        "addresses": _told_once(one.address for one in policy.contact),
        "version": policy.policy.version,
        "takes_problems": is_named(PROBLEMS, form.now),
    }
    return render(request, "desk/contact.html", context, status=status)


def _told_once(ways: Iterable[str]) -> list[str]:
    return [way for way in dict.fromkeys(ways) if way]


@needs("desk.enquiries")
@require_safe
def received(request: TenantRequest, token: str) -> HttpResponse:
    """The form has arrived: its number, and what happens now."""
    try:
        number = int(_RECEIVED.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None
    return render(request, "desk/received.html", {"label": f"E-{number:05d}"})


@needs("desk.enquiries")
@signed_in
@require_safe
def mine(request: TenantRequest) -> HttpResponse:
    """The enquiries that the signed-in person sent, latest first."""
    assert request.person is not None
    enquiries = Enquiry.objects.of(request.person).with_excerpt().order_by("-received_at")
    return render(request, "desk/mine.html", {"enquiries": enquiries[:200]})


@needs("desk.enquiries")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mine_one(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One of the person's own enquiries, to read and to write again."""
    now = clock.now()
    person = request.person
    assert person is not None
    found = Enquiry.objects.of(person).prefetch_related(queries.thread(with_notes=False))
    enquiry = get_object_or_404(found, pk=pk)
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        write_again(enquiry, body=form.cleaned_data["body"], person=person, by=by(request), now=now)
        return redirect("desk:mine-one", pk=enquiry.pk)
    context = {
        "enquiry": enquiry,
        "form": form,
        "clock": clock_of(enquiry, now=now),
        "objectable": queries.may_be_objected_to(now),
    }
    return render(
        request, "desk/mine_one.html", context, status=422 if request.method == "POST" else 200
    )


@needs("desk.enquiries")
@signed_in
@require_POST
def object_to(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The enquirer objects to the use of an enquiry: it is erased at once (ema-5.2)."""
    now = clock.now()
    assert request.person is not None
    enquiry = get_object_or_404(Enquiry.objects.of(request.person), pk=pk)
    if not queries.may_be_objected_to(now):
        raise Http404
    erase_on_objection(enquiry, by=by(request), now=now)
    return redirect("desk:mine")
