"""The front door: what a visitor finds, what waits today, the account, and the demo's personas."""

from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Finding, SecurityEvent, kinds_of
from skola.ground.people.http import signed_in
from skola.promises.gate.api import restriction_of
from skola.promises.minors import api as minors
from skola.promises.policy.api import in_force
from skola.promises.retention.api import clock_of
from skola.web import today
from skola.web.demo.academies import ACADEMIES
from skola.web.demo.people import address_of
from skola.web.demo.tenants import SERVICES
from skola.web.rooms import room_doors

RECENT = 10


@require_GET
def home(request: Any) -> HttpResponse:
    """The first screen answers "what now?"; a visitor learns what the service is."""
    now = clock.now()
    policy = in_force(now).policy
    if request.person:
        things = today.things(request, now=now)
        return render(
            request, "web/today.html", {"things": things, "name": request.person.given_name}
        )
    return render(
        request,
        "web/welcome.html",
        {"policy": policy, "offers": today.offers(request, now=now), "word": today.word},
    )


@require_GET
@signed_in
def account(request: Any) -> HttpResponse:
    """Your account: who you are here, your roles, and your latest sign-ins (ilearn-9.h)."""
    now = clock.now()
    events = SecurityEvent.objects.filter(person_id=request.person.pk).order_by("-at")[:RECENT]
    findings = list(Finding.objects.filter(person=request.person, closed_at=None))
    return render(
        request,
        "web/account.html",
        {
            "me": request.person,
            "roles": sorted(kinds_of(request.person, now=now)),
            "events": list(events),
            "findings": findings,
            "restriction": restriction_of(request.person.pk),
            "clock": clock_of(request.person, now=now, category="identity") if findings else None,
            "places": today.account_places(request, now=now),
        },
    )


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404


@require_GET
def personas(request: Any) -> HttpResponse:
    """The people that a visitor of the demo can be."""
    _demo_only()
    everywhere = (*SERVICES, *(academy.service for academy in ACADEMIES))
    service = next((one for one in everywhere if one.slug == request.tenant.slug), None)
    if service is None:
        raise Http404
    does = {address_of(one): one for one in service.personas}
    accounts = Account.objects.select_related("person").filter(email__in=does)
    rows = sorted(
        ((account, does[account.email]) for account in accounts),
        key=lambda row: service.personas.index(row[1]),
    )
    return render(request, "web/personas.html", {"rows": rows})


@require_POST
def enter(request: Any) -> HttpResponse:
    """Sign a visitor of the demo in as a persona. Exists in the demo only."""
    _demo_only()
    try:
        account = UUID(request.POST.get("account", ""))
    except ValueError as problem:
        raise Http404 from problem
    chosen = get_object_or_404(Account, pk=account, is_active=True)
    login(request, chosen, backend=settings.AUTHENTICATION_BACKENDS[0])
    UserSession.objects.create_from_request(request)
    audit.record(
        "web.demo.entered", target=chosen, subject=chosen.person_id, by="visitor", at=clock.now()
    )
    return redirect("web:home")


@require_GET
def too_young(request: HttpRequest) -> HttpResponse:
    """What somebody below the lowest age is told: nothing was kept, and where parents can ask."""
    context = {"reports": minors.is_promised(clock.now())}
    return render(request, "web/too_young.html", context, status=403)


@require_GET
def manifest(request: Any) -> JsonResponse:
    """What a phone needs to put the service on its first screen (ilearn-6.c)."""
    policy = in_force(clock.now()).policy
    icons = [
        {"src": static(f"ui/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    return JsonResponse(
        {
            "id": "/",
            "name": policy.service.name,
            "short_name": policy.service.name,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": policy.service.accent,
            "background_color": "#fbfaf7",
            "icons": [
                *icons,
                {**icons[-1], "purpose": "maskable"},
                {"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
        },
        content_type="application/manifest+json",
    )


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """The public pages may be found; people's own may not."""
    closed = ["/account/", "/demo/", "/files/"]
    for door in room_doors():
        if hasattr(door, "closed_to_robots"):
            closed += door.closed_to_robots(clock.now())
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
