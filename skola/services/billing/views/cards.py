"""The office says who takes its cards, with the keys of its own account there."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.promises.disclosures.api import NotFitError, TwiceError
from skola.promises.policy.api import needs
from skola.services.billing import cards
from skola.services.billing.forms import CardsForm
from skola.services.billing.models import CardKeys
from skola.services.billing.paying import takes_cards
from skola.services.billing.views.office import STAFF


@needs("billing.invoices")
@holding(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: TenantRequest) -> HttpResponse:
    """How cards are taken, and the form for the keys."""
    now = clock.now()
    party, rule = cards.taker(now), cards.rule_of_taker(now)
    form: Any = CardsForm(request.POST or None, asks_who=party is None) if rule else None
    if request.method == "POST" and form and form.is_valid():
        told = form.cleaned_data
        try:
            cards.set_up_cards(told["key"], told["secret"], form.who(), by=by(request), now=now)
        except NotFitError:
            form.add_error(
                "country",
                _(
                    "Outside the European Economic Area they need a safeguard first. Enter them in"
                    " the register of disclosures with it, then come back with the keys."
                ),
            )
        except TwiceError as error:
            form.add_error("name", str(error))
        else:
            return redirect("billing:cards")
    context = {
        "form": form,
        "party": party,
        "takes_cards": takes_cards(now),
        "has_keys": CardKeys.objects.exists(),
        "has_till": settings.PAYMENTS == "local",
        "events_url": request.build_absolute_uri(reverse("billing:events")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/cards.html", context, status=status)


@needs("billing.invoices")
@holding(*STAFF)
@require_POST
def forget(request: TenantRequest) -> HttpResponse:
    """The keys are forgotten."""
    cards.forget_keys(by=by(request), now=clock.now())
    return redirect("billing:cards")
