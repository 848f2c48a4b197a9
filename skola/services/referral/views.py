"""The page on which somebody invites a friend."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import in_force, needs
from skola.services.referral.actions import Invitation, NotSentError, send_invitation
from skola.services.referral.forms import InviteForm

TEN_AN_HOUR = {"account": "10/h/user", "visitor": "10/h/ip"}
"""How many invitations an account, or the visitors from one address, send (learnifier-6.d)."""


@needs("referral.invite")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: TenantRequest) -> HttpResponse:
    """A customer or a visitor invites a friend, after looking at the mail if they wish."""
    now = clock.now()
    person = request.person or None
    if request.method != "POST":
        return _page(request, InviteForm(known=bool(person)))
    form = InviteForm(request.POST, known=bool(person))
    if not form.is_valid():
        return _page(request, form, status=422)
    told = form.cleaned_data
    invitation = Invitation(
        friend=told["friend"],
        sender=f"{person.given_name} {person.family_name}".strip() if person else told["sender"],
        service=in_force(now).policy.service.name,
        address=request.build_absolute_uri("/"),
    )
    if request.POST.get("act") == "preview":
        return _page(request, form, invitation)
    if not form.is_first():
        return redirect("referral:sent")
    who = "account" if person else "visitor"
    if not ratelimit.consume(request, app="referral", action=who, config=TEN_AN_HOUR):
        problem = _("You have sent ten invitations within an hour. Send the next one in an hour.")
        return _page(request, form, invitation, problem=problem, status=429)
    try:
        send_invitation(
            invitation,
            to=told["email"],
            sender_id=person.pk if person else None,
            by=by(request),
            now=now,
        )
    except NotSentError:
        problem = _("The mail could not be sent, and nothing was kept. Try again in some minutes.")
        fresh = InviteForm(initial={**told, "once": None}, known=bool(person))
        return _page(request, fresh, invitation, problem=problem, status=503)
    return redirect("referral:sent")


def _page(
    request: TenantRequest,
    form: InviteForm,
    invitation: Invitation | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "invitation": invitation,
        "problem": problem,
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return render(request, "referral/invite.html", context, status=status)


@needs("referral.invite")
@require_safe
def sent(request: TenantRequest) -> HttpResponse:
    """The invitation has gone."""
    return render(request, "referral/sent.html")
