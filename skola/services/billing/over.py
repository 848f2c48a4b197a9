"""The step over to a provider of cards, for every room in which something is paid."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from skola.ground import clock
from skola.ground.audit.api import by
from skola.services.billing import paying
from skola.services.billing.models import Invoice


def card_page(request: Any, invoice: Invoice, *, here: str) -> HttpResponse:
    """Show where the card is entered, and what the provider is told, before anybody goes there."""
    try:
        made = paying.open_payment(
            invoice,
            here=here,
            absolute=request.build_absolute_uri,
            by=by(request),
            now=clock.now(),
        )
    except paying.NoCardError as problem:
        context: dict[str, Any] = {"problem": str(problem), "here": here, "invoice": invoice}
        return render(request, "billing/over.html", context, status=409)
    context = {"charge": made, "here": here, "invoice": invoice}
    return render(request, "billing/over.html", context)
