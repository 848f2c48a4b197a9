"""Sign-in: allauth does the work, in our frame, and answers the same for every address.

What it says and does about known and unknown addresses is the same: status, words, work. Mails are
written to the outbox and leave by the queue. Ten failed sign-ins close the password of an account
for half an hour; its owner still comes in by code or passkey. Clauses: ilearn-9.h, ilearn-11.l,
ema-6.3-password.
"""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import (
    Account,
    Informed,
    Person,
    SecurityEvent,
    language_of,
    post,
    record_informed,
    register_person,
    security_event,
)
from skola.ground.people.network import device, shortened
from skola.ground.tenants.api import current_id
from skola.promises.policy.api import has, in_force
from skola.services.customers.api import register_customer
from skola.web.signup import born_on, judge_age

FAILURES = "10/30m/key"
"""The part of the limit on failed sign-ins that belongs to the account."""


class _Site:
    """What allauth calls a site: the service, by its name and its host."""

    def __init__(self, request: HttpRequest) -> None:
        self.name = in_force(clock.now()).policy.service.name
        self.domain = request.get_host()


class _TakenBackError(Exception):
    """Ends the work that is done only to take as long as the other way."""


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's questions, answered by the tenant's policy."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail or password is not right."),
        "too_many_login_attempts": _(
            "Too many tries. Wait half an hour, or sign in with a code or a passkey."
        ),
        "incorrect_code": _("This code is not right. Look at the latest mail."),
        "rate_limited": _("Too many tries. Wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return has("account.sign_up", now=clock.now())

    @transaction.atomic
    def save_user(
        self, request: HttpRequest, user: Account, form: Any, commit: bool = True
    ) -> Account:
        """Make the person, then their account; the notice beside the form counts as shown."""
        now = clock.now()
        details = form.cleaned_data
        person = register_person(
            given_name=details["given_name"],
            family_name=details["family_name"],
            birth_on=born_on(request),
            email=details["email"],
            language=translation.get_language() or "en",
            by="visitor",
            now=now,
        )
        user.person = person
        user.email = details["email"].lower()
        user.created_at = now
        user.set_password(details.get("password1") or None)
        user.save()
        Person.objects.filter(pk=person.pk).update(status=Person.Status.ACTIVE)
        audit.record("people.account.opened", target=user, subject=person.pk, by="visitor", at=now)
        register_customer(person.pk, by="visitor", now=now)
        tell_of_policy(person)
        judge_age(person, by="visitor", now=now)
        return user

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner, after as much work as opening an account would have been."""
        now = clock.now()
        try:
            with transaction.atomic():
                decoy = register_person(
                    given_name="-", family_name="-", email=email, by="visitor", now=now
                )
                Account.objects.create(
                    person=decoy,
                    email=f"{decoy.pk}@invalid",
                    password=make_password(str(decoy.pk)),
                    created_at=now,
                )
                register_customer(decoy.pk, by="visitor", now=now)
                tell_of_policy(decoy)
                raise _TakenBackError
        except _TakenBackError:
            super().send_account_already_exists_mail(email)

    def get_from_email(self) -> str:
        """Mails come from the service by name; its address is the installation's."""
        return f"{in_force(clock.now()).policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>"

    def format_email_subject(self, subject: str) -> str:
        return f"{in_force(clock.now()).policy.service.name}: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail in its reader's language; the queue sends it."""
        request = _request()
        account = Account.objects.select_related("person").filter(email=email.lower()).first()
        language = language_of(account.person) if account else translation.get_language()
        with translation.override(language):
            site = _Site(request)
            words = {"request": request, "email": email, "current_site": site, **context}
            mail = self.render_mail(template_prefix, email, words)
        post(
            person_id=account.person_id if account else None,
            address=email,
            sender=mail.from_email,
            subject=mail.subject,
            text=str(mail.body),
            now=clock.now(),
        )

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """Refuse an account whose last day is over, also before the job has closed it."""
        if user.closes_at is not None and user.closes_at <= clock.now():
            return render(request, "web/closed.html", status=403)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Somebody who proved who they are learns why they cannot come in (ilearn-11.l)."""
        if user.suspended_because == Account.Reason.CLOSED:
            return render(request, "web/closed.html", status=403)
        words = {
            "reason": user.get_suspended_because_display(),
            "words": user.suspended_words,
        }
        return render(request, "web/suspended.html", words, status=403)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """After the tenth failure in half an hour: an event and an audit entry, once a lock."""
        address = str(credentials.get("email") or "").lower()
        still_open = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed",
            config={"login_failed": FAILURES},
            key=self._get_login_attempts_cache_key(request, **credentials),
            dry_run=True,
        )
        if still_open:
            return
        now = clock.now()
        account = Account.objects.filter(email=address).first()
        person_id = account.person_id if account else None
        with transaction.atomic():
            note(request, person_id, SecurityEvent.Kind.LOCKED)
            audit.record(
                "people.account.locked", target=account, subject=person_id, by="system", at=now
            )

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Whoever has not seen the policy in force yet sees its summary first (ema-intro.e)."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        binding = in_force(clock.now())
        seen = Informed.objects.filter(person_id=user.person_id, digest=binding.hash).exists()
        if seen or not isinstance(response, HttpResponseRedirect):
            return response
        there = urlencode({"next": response.url})
        return HttpResponseRedirect(f"{reverse('web:informed')}?{there}")


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: named after the service, their secrets under a key of the tenant's own."""

    def _get_site_name(self) -> str:
        return in_force(clock.now()).policy.service.name

    def encrypt(self, text: str) -> str:
        return _secrets().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _secrets().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.person.name or user.email}


def _secrets() -> Fernet:
    told = b"skola second factors" + settings.SECRET_KEY.encode() + current_id().bytes
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(told).digest()))


def _request() -> HttpRequest:
    request: HttpRequest = context.request
    return request


def tell_of_policy(person: Person) -> None:
    """Record that the person was shown the policy in force. This is no consent (ema-intro.c)."""
    now = clock.now()
    binding = in_force(now)
    version = binding.policy.policy.version
    record_informed(person.pk, version=version, digest=binding.hash, now=now)


def note(request: Any, person_id: Any, kind: str) -> None:
    """Note something about somebody's sign-in, with no more of address and device than needed."""
    security_event(
        person_id,
        kind,
        network=shortened(request.META.get("REMOTE_ADDR", "")) if request else "",
        device=device(request.headers.get("User-Agent", "")) if request else "",
        now=clock.now(),
    )
