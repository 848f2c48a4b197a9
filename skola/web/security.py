"""What follows a sign-in: the log that its owner sees, and a warning when the device is new.

Clauses: ilearn-9.h, ema-6.3-password, ilearn-20.i, ema-1.3.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core import signing
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Account, SecurityEvent, secure_account
from skola.ground.people.http import note_proof, signed_in
from skola.ground.people.network import device, shortened
from skola.promises.incidents.api import watch_sign_in
from skola.promises.policy.api import has, in_force
from skola.promises.retention.api import record_event
from skola.services.customers.api import note_use
from skola.services.school.api import close_without_second_factor
from skola.web.signin import note

DAY = "acted_on"
"""The local day on which the last action was recorded; kept in the session, so no query asks."""
NOT_ME = "skola.not-me"
VALID = timedelta(days=7)


def local_day() -> str:
    """Return the present day of the tenant, as ISO 8601."""
    now = clock.now()
    return now.astimezone(ZoneInfo(in_force(now).policy.policy.timezone)).date().isoformat()


def acted(session: Any, person_id: UUID) -> None:
    """Record the person's last action, once a local day and session (ilearn-20.i, ema-1.3).

    A relation with a customer begins with the first one (ekool-1.3).
    """
    today = local_day()
    if session.get(DAY) != today:
        session[DAY] = today
        record_event(person_id, "account.last_action", at=clock.now())
        note_use(person_id, now=clock.now())


@receiver(user_logged_in)
def after_sign_in(sender: object, request: Any, user: Account, **rest: Any) -> None:
    """Note the sign-in, count it as the last action, and warn when the device is a new one."""
    with transaction.atomic():
        from_browser = request is not None and "HTTP_HOST" in request.META
        new = from_browser and _is_new(request, user.person_id)
        note(request, user.person_id, SecurityEvent.Kind.SIGNED_IN)
        record_event(user.person_id, "account.login", at=clock.now())
        if request is not None:
            acted(request.session, user.person_id)
            note_proof(request)
            watch_sign_in(user.person_id, now=clock.now())
        _look_for_second_factor(user)
        if new:
            note(request, user.person_id, SecurityEvent.Kind.NEW_DEVICE)
            _warn(request, user)


def _look_for_second_factor(user: Account) -> None:
    """Close or open what a school opens with a second factor only (ekool-2.2-security)."""
    now = clock.now()
    if has("diary.school", now=now):
        close_without_second_factor(user, now=now)


@receiver(authenticator_removed)
def after_second_factor(sender: object, user: Account, **rest: Any) -> None:
    """Somebody took a second factor away; one that is set up is seen with the next page."""
    _look_for_second_factor(user)


def _is_new(request: HttpRequest, person_id: UUID) -> bool:
    before = SecurityEvent.objects.filter(person_id=person_id, kind=SecurityEvent.Kind.SIGNED_IN)
    seen = set(before.values_list("device", "network"))
    here = (
        device(request.headers.get("User-Agent", "")),
        shortened(request.META.get("REMOTE_ADDR", "")),
    )
    return bool(seen) and here not in seen


def _warn(request: HttpRequest, account: Account) -> None:
    link = request.build_absolute_uri(reverse("web:not_me", args=[not_me_token(account)]))
    words = {
        "link": link,
        "device": device(request.headers.get("User-Agent", "")),
        "at": clock.now().astimezone(ZoneInfo(in_force(clock.now()).policy.policy.timezone)),
    }
    get_adapter().send_mail("web/mail/new_device", account.email, words)


def not_me_token(account: Account) -> str:
    """Return what proves, for a week, that its bearer got the mail; used up with the password."""
    return signing.dumps([str(account.pk), account.password[-12:]], salt=NOT_ME)


def _account_of(token: str) -> Account:
    try:
        key, password = signing.loads(token, salt=NOT_ME, max_age=VALID)
    except signing.BadSignature:
        raise Http404 from None
    account = Account.objects.filter(pk=key).first()
    if account is None or account.password[-12:] != password:
        raise Http404
    return account


@never_cache
@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of the warning: one button ends all sessions and voids the password.

    Opening the link changes nothing, because mail filters open links too.
    """
    account = _account_of(token)
    if request.method == "GET":
        return render(request, "web/not_me.html", {})
    by = audit.pseudonym(account.person_id)
    secure_account(account, by=by, now=clock.now())
    return redirect("account_reset_password")


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def sessions(request: Any) -> HttpResponse:
    """Where the person is signed in; another session is ended here (learnifier-13.c)."""
    found = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        chosen = request.POST.get("session")
        for session in found:
            if not session.is_current() and chosen in (None, str(session.pk)):
                session.end()
        return redirect("usersessions_list")
    for session in found:
        session.device = device(session.user_agent) or _("An unknown device")
    ordered = sorted(found, key=lambda session: session.created_at, reverse=True)
    context = {"sessions": ordered, "session_count": len(ordered)}
    return render(request, "usersessions/usersession_list.html", context)


@receiver(user_logged_out)
def after_sign_out(sender: object, request: Any, user: Account | None, **rest: Any) -> None:
    if user is not None:
        note(request, user.person_id, SecurityEvent.Kind.SIGNED_OUT)


@receiver(user_login_failed)
def after_failure(
    sender: object, credentials: dict[str, Any], request: Any = None, **rest: Any
) -> None:
    address = str(credentials.get("email") or credentials.get("login") or "").lower()
    known = Account.objects.filter(email=address).values_list("person_id", flat=True).first()
    note(request, known, SecurityEvent.Kind.FAILED)


@receiver([password_changed, password_set, password_reset])
def after_new_password(sender: object, request: Any, user: Account, **rest: Any) -> None:
    """A new password ends every other session."""
    others = UserSession.objects.filter(user_id=user.pk).exclude(
        session_key=request.session.session_key or ""
    )
    for session in others:
        session.end()
    audit.record(
        "people.password.changed",
        target=user,
        subject=user.person_id,
        by=audit.pseudonym(user.person_id),
        at=clock.now(),
    )
