"""Sign-up and sign-in: allauth does the work, the policy says who may, and people get a person.

Whether anybody can open an account, and what is asked about age, is the tenant's policy's to say
(capability ``account.sign_up``, table ``[minors]``). Clauses: ilearn-page-cta, ilearn-20.k,
learnifier-14.a, ilearn-9.h.
"""

from datetime import date
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Person, SecurityEvent, register_person, security_event
from skola.ground.people.network import device, shortened
from skola.ground.ui.api import DateInput
from skola.promises.policy.api import has, in_force

REFUSED = "sign_up_refused"
"""Marks the session of somebody too young: the form does not open again for them."""
ASKS_AGE = frozenset({"refuse", "erase"})


def age_on(birth: date, day: date) -> int:
    """Return the completed years of age on ``day``; who is born on 29 February ages on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


class SignupDetails(forms.Form):
    """What sign-up asks besides address and password."""

    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    birth_on = forms.DateField(
        label=gettext_lazy("Date of birth"),
        widget=DateInput(),
        help_text=gettext_lazy("Asked only because there is a lowest age for this service."),
    )
    field_order = ("birth_on", "given_name", "family_name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if in_force(clock.now()).policy.minors.policy not in ASKS_AGE:
            del self.fields["birth_on"]

    def signup(self, request: HttpRequest, user: Account) -> None:
        """Called by allauth when the account is made; nothing is left to do."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        birth = cleaned.get("birth_on")
        policy = in_force(clock.now()).policy
        today = clock.today(policy.policy.timezone)
        if birth and birth > today:
            self.add_error("birth_on", _("This day is yet to come."))
        elif birth and policy.minors.policy == "refuse" and age_on(birth, today) < _lowest(policy):
            raise TooYoung
        return cleaned


class TooYoung(forms.ValidationError):
    """The person is below the age from which this service takes people; nothing is stored."""

    def __init__(self) -> None:
        super().__init__(_("You are too young to open an account here."), code="too-young")


def _lowest(policy: Any) -> int:
    return policy.minors.age if isinstance(policy.minors.age, int) else 13


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's questions, answered by the tenant's policy."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        refused = getattr(request, "session", {}).get(REFUSED)
        return has("account.sign_up", now=clock.now()) and not refused

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        """Make the person, then their account."""
        now = clock.now()
        details = form.cleaned_data
        person = register_person(
            given_name=details["given_name"],
            family_name=details["family_name"],
            birth_on=details.get("birth_on"),
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
        return user

    def get_from_email(self) -> str:
        """Mails come from the service by name; its address is the installation's."""
        return f"{in_force(clock.now()).policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>"

    def format_email_subject(self, subject: str) -> str:
        return f"{in_force(clock.now()).policy.service.name}: {subject}"


def _note(request: Any, person_id: Any, kind: str) -> None:
    security_event(
        person_id,
        kind,
        network=shortened(request.META.get("REMOTE_ADDR", "")) if request else "",
        device=device(request.headers.get("User-Agent", "")) if request else "",
        now=clock.now(),
    )


@receiver(user_logged_in)
def note_sign_in(sender: object, request: Any, user: Account, **_: Any) -> None:
    _note(request, user.person_id, SecurityEvent.Kind.SIGNED_IN)


@receiver(user_logged_out)
def note_sign_out(sender: object, request: Any, user: Account | None, **_: Any) -> None:
    if user is not None:
        _note(request, user.person_id, SecurityEvent.Kind.SIGNED_OUT)


@receiver(user_login_failed)
def note_failure(sender: object, credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    address = str(credentials.get("email") or credentials.get("login") or "").lower()
    known = Account.objects.filter(email=address).values_list("person_id", flat=True).first()
    _note(request, known, SecurityEvent.Kind.FAILED)
