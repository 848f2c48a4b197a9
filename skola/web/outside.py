"""Sign-in with an account that somebody has at an outside network (OpenID Connect).

Which networks there are stands in the tenant's policy (``[[network]]``), the keys are the
operator's. Nothing is asked of a network before its button is pressed; of what it tells only the id
for the person is kept. Nobody comes into an account because of an equal e-mail address: an account
is linked by who is signed in to it. Clauses: learnifier-5.q, learnifier-5.r, learnifier-5.t.
"""

from datetime import datetime
from typing import Any

from allauth.account import views as account_views
from allauth.socialaccount import views as social_views
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.conf import settings
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from requests.exceptions import RequestException

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Account
from skola.ground.people.http import signed_in
from skola.ground.tenants.api import Tenant, current_id
from skola.promises.policy.api import has, in_force
from skola.promises.policy.schema import Network
from skola.web.opening import age_first

CAPABILITY = "social.sign_in"
PROVIDER = "openid_connect"
ASKED = ("name", "given_name", "family_name", "email")
"""What is asked of a network beside its id for somebody, until the account is opened."""


def networks(now: datetime) -> list[Network]:
    """Return the networks with whose accounts people sign in here: named, allowed, and set up."""
    if not has(CAPABILITY, now=now):
        return []
    keys = _keys()
    return [one for one in in_force(now).policy.network if one.sign_in and one.id in keys]


def _keys() -> dict[str, tuple[str, str]]:
    """The operator's key and secret at each network, for the speaking tenant."""
    if not settings.SIGN_IN_KEYS:
        return {}
    slug = Tenant.objects.values_list("slug", flat=True).get(pk=current_id())
    found: dict[str, tuple[str, str]] = settings.SIGN_IN_KEYS.get(slug, {})
    return found


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """allauth's questions about outside accounts, answered by the policy and the operator."""

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[SocialApp]:
        """Return the networks as allauth's applications; there is none in the database."""
        found = [_app(one) for one in networks(clock.now())]
        wanted = [one for one in found if provider in (None, one.provider, one.provider_id)]
        return [one for one in wanted if client_id in (None, one.client_id)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Believe no address that a network tells: a code is sent to it, as to any other."""
        for address in sociallogin.email_addresses:
            address.verified = False
        told = sociallogin.account.extra_data
        told = told.get("userinfo") or told.get("id_token") or {}
        sociallogin.account.extra_data = {key: told[key] for key in ASKED if key in told}
        sociallogin.token = None

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """No account is opened without the form and its notice."""
        return False

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        """Fill in name and address; nothing else is asked of a network."""
        told = sociallogin.account.extra_data
        given, _space, family = str(told.get("name") or "").rpartition(" ")
        return {
            "email": str(told.get("email") or ""),
            "given_name": str(told.get("given_name") or given or family),
            "family_name": str(told.get("family_name") or (family if given else "")),
        }

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None
    ) -> Account:
        """Open the account that the form asks for, and link it."""
        made: Account = super().save_user(request, sociallogin, form)
        _record("people.network.linked", sociallogin.account, made)
        return made


def _app(network: Network) -> SocialApp:
    client, secret = _keys()[network.id]
    more: dict[str, Any] = {"server_url": network.sign_in, "oauth_pkce_enabled": True}
    if network.token:
        more["openid_configuration_overrides"] = {"token_endpoint": network.token}
        more["fetch_userinfo"] = False
    return SocialApp(
        provider=PROVIDER,
        provider_id=network.id,
        name=network.name,
        client_id=client,
        secret=secret,
        settings=more,
    )


@receiver(pre_save, sender=SocialAccount)
def keep_only_the_id(sender: object, instance: SocialAccount, **rest: Any) -> None:
    """Of what a network tells about somebody only its id for them is stored."""
    instance.extra_data = {}


@receiver(social_account_added)
def after_link(sender: object, sociallogin: SocialLogin, **rest: Any) -> None:
    """Somebody linked an outside account to theirs."""
    _record("people.network.linked", sociallogin.account, sociallogin.user)


@receiver(social_account_removed)
def after_unlink(sender: object, socialaccount: SocialAccount, **rest: Any) -> None:
    """Somebody took the link away; the id went with it."""
    _record("people.network.unlinked", socialaccount, socialaccount.user)


def _record(kind: str, linked: SocialAccount, account: Account) -> None:
    audit.record(
        kind,
        target=account,
        subject=account.person_id,
        by=str(account.person_id),
        at=clock.now(),
        detail={"network": linked.provider},
    )


# ---- pages ----


class _LogIn(account_views.LoginView):  # type: ignore[misc]
    def get_context_data(self, **options: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**options)
        return {**found, "networks": networks(clock.now())}


def log_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page, with a button for each network beside the password."""
    answer: HttpResponseBase = _LogIn.as_view()(request)
    return answer


@never_cache
def leave(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to a network after its button was pressed.

    The address comes in a page that opens it, as a form may lead nowhere but here (CSP).
    """
    try:
        answer: HttpResponseBase = oidc.login(request, provider_id)
    except (RequestException, KeyError, ValueError):
        return render(request, "socialaccount/authentication_error.html", status=502)
    if answer.status_code != 302 or not answer.headers["Location"].startswith("http"):
        return answer
    there = answer.headers["Location"]
    name = next(one.name for one in networks(clock.now()) if one.id == provider_id)
    page = render(request, "web/leaving.html", {"there": there, "name": name})
    page["Refresh"] = f"0; url={there}"
    return page


def sign_up(request: HttpRequest) -> HttpResponseBase:
    """Open an account for who comes from a network; the age is asked first where it has to be."""
    return age_first(request, social_views.signup)


@signed_in
def links(request: Any) -> HttpResponseBase:
    """The outside accounts that open one's own: link one, or take a link away."""
    offered = networks(clock.now())
    linked = SocialAccount.objects.filter(user=request.user).order_by("provider")
    if not offered and not linked.exists():
        raise Http404
    if request.method == "POST":
        answer: HttpResponseBase = social_views.connections(request)
        if answer.status_code == 302:
            return answer
        return _links(request, offered, status=409)
    return _links(request, offered)


def _links(request: Any, offered: list[Network], *, status: int = 200) -> HttpResponse:
    linked = {one.provider: one for one in SocialAccount.objects.filter(user=request.user)}
    names = {one.id: one for one in in_force(clock.now()).policy.network}
    context = {
        "linked": [(names.get(key), one) for key, one in sorted(linked.items())],
        "offered": [one for one in offered if one.id not in linked],
        "refused": status == 409,
    }
    return render(request, "web/networks.html", context, status=status)


def away(request: HttpRequest) -> HttpResponseBase:
    """Somebody turned back at the network."""
    return redirect("account_login")
