"""Paying by card: the step over to the provider, its event, and the till of demo and tests."""

import json
from uuid import UUID

from django.core.signing import BadSignature
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import needs
from skola.services.billing import events, paying
from skola.services.billing.forms import TillForm
from skola.services.billing.models import CardPayment, Invoice
from skola.services.billing.over import card_page
from skola.services.billing.providers import TILL, Local, provider

MOST_BYTES = 65_536


@needs("billing.invoices")
@signed_in
@require_POST
def by_card(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody pays an invoice of theirs by card."""
    assert request.person is not None
    invoice = get_object_or_404(Invoice.objects.of(request.person), pk=pk)
    return card_page(request, invoice, here=f"/contracts/invoices/{invoice.pk}/")


@csrf_exempt
@needs("billing.invoices", "shop.orders")
@require_POST
def event(request: TenantRequest) -> HttpResponse:
    """The provider tells what happened; it tells again until it is answered with 200."""
    who = provider()
    if who is None:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    now = clock.now()
    said = request.headers.get("Stripe-Signature", "")
    try:
        happened = events.read(request.body, said, who.secret, now)
    except events.BadEventError as problem:
        return HttpResponse(str(problem), status=400, content_type="text/plain")
    if happened is not None:
        paying.take_event(happened, from_whom=who.name, by=f"billing.{who.name}", now=now)
    return HttpResponse("ok", content_type="text/plain")


@needs("billing.invoices", "shop.orders")
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: TenantRequest, session: str) -> HttpResponse:
    """The till of demo and tests: a card is tried and forgotten, then the event is told."""
    who = provider()
    try:
        found = CardPayment.objects.select_related("invoice").get(session=TILL.unsign(session))
    except (BadSignature, CardPayment.DoesNotExist) as error:
        raise Http404 from error
    if not isinstance(who, Local):
        raise Http404
    back = request.GET.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    form = TillForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        body = _told(found)
        signed = events.signature(body, who.secret, now)
        happened = events.read(body, signed, who.secret, now)
        assert happened is not None
        paying.take_event(happened, from_whom=who.name, by=f"billing.{who.name}", now=now)
        return HttpResponseRedirect(back)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "charge": found, "back": back}
    return render(request, "billing/till.html", context, status=status)


def _told(charge: CardPayment) -> bytes:
    about = {
        "id": charge.session,
        "payment_status": "paid",
        "payment_intent": f"paid_{charge.pk.hex}",
        "amount_total": charge.amount_cents,
        "currency": charge.invoice.currency.lower(),
    }
    told = {"type": "checkout.session.completed", "data": {"object": about}}
    return json.dumps(told).encode()
