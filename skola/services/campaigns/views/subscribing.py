"""Subscribing with an address alone; nothing is kept before the mailed link is used (ilearn-33)."""

from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.promises.notices.collection import notice_for
from skola.promises.policy.api import needs
from skola.services.campaigns import choosing, links, queries, wording
from skola.services.campaigns.asking import ask_to_confirm
from skola.services.campaigns.choosing import Wish
from skola.services.campaigns.digests import StaleError, unseal
from skola.services.campaigns.forms import SubscribeForm

TEN_AN_HOUR = {"subscribe": "10/h/ip"}


@never_cache
@needs(queries.CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: Any) -> HttpResponse:
    """An address and what it wants; the answer is the same for every address."""
    now = clock.now()
    messages = choosing.on_offer(now=now)
    campaign = queries.begun(request.GET.get("campaign", ""))
    form = SubscribeForm(request.POST or None, messages=messages)
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, app="campaigns", action="subscribe", config=TEN_AN_HOUR):
            told = form.cleaned_data
            ask_to_confirm(
                told["email"],
                told["kinds"],
                source="site-form",
                campaign=str(campaign.pk) if campaign else "",
                now=now,
            )
            return redirect("campaigns:sent")
        form.add_error(None, _("Ten subscriptions an hour are enough. Try again in an hour."))
    notice = notice_for("campaign" if campaign else "interest", now)
    context = {"form": form, "offers": messages, "notice": notice}
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/subscribe.html", context, status=status)


@needs(queries.CAPABILITY)
@require_safe
def sent(request: Any) -> HttpResponse:
    """The mail with the link is under way."""
    return render(request, "campaigns/sent.html")


@never_cache
@needs(queries.CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Any, token: str) -> HttpResponse:
    """The page behind the link; its button confirms, so what merely opens links does not."""
    now = clock.now()
    try:
        said = unseal(token, now=now)
    except StaleError:
        return render(request, "campaigns/stale.html", status=410)
    kinds = frozenset(said["kinds"])
    if request.method == "POST":
        wish = Wish(
            said["email"],
            said["language"],
            said["at"],
            said["source"],
            said.get("campaign", ""),
        )
        person = choosing.confirm(wish, kinds, by=by(request), now=now)
        mine = links.choices_at(links.token_of(person.pk, said["email"]))
        return redirect(f"{mine}?saved=yes")
    wanted = [
        wording.name_of(one)
        for one in choosing.on_offer(now=now, source=said["source"])
        if one.id in kinds
    ]
    return render(request, "campaigns/confirm.html", {"wanted": wanted, "email": said["email"]})
