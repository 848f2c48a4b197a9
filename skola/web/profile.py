"""What people see and change about themselves, and the policy shown at the first sign-in."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django import forms
from django.dispatch import receiver
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Account, change_profile
from skola.ground.people.http import signed_in
from skola.promises.policy.api import in_force
from skola.services.workforce.api import told_by_employers
from skola.web import today
from skola.web.signin import tell_of_policy

HISTORY = 50


class ContactForm(forms.Form):
    """Phone and postal address; new values are used at once (ilearn-22.b)."""

    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def contact(request: Any) -> HttpResponse:
    """Change phone and address, and see what they were before."""
    me = request.person
    sent = request.method == "POST"
    form = ContactForm(
        request.POST if sent else None, initial={"phone": me.phone, "address": me.address}
    )
    if sent and form.is_valid():
        change_profile(me, form.cleaned_data, by=audit.by(request), now=clock.now())
        return redirect("web:contact")
    history = me.profile_changes.order_by("-changed_at")[:HISTORY]
    labels = {name: field.label for name, field in form.fields.items()} | {"email": _("E-mail")}
    context = {"form": form, "history": list(history), "labels": labels, "me": me}
    return render(request, "web/contact.html", context, status=422 if sent else 200)


@receiver(email_changed)
def follow_address(
    request: Any, user: Account, to_email_address: EmailAddress, **_told: object
) -> None:
    """A new address was confirmed: mail goes there at once, and the old one is history.

    Whoever signs in has one address; what is written to the person goes where they sign in. Source:
    kic-cat-contact.
    """
    change_profile(
        user.person,
        {"email": to_email_address.email.lower()},
        fields=("email",),
        by=audit.by(request),
        now=clock.now(),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def informed(request: Any) -> HttpResponse:
    """The summary of the policy in force; going on records the version shown, and is no consent.

    Source: ema-intro.c, ema-intro.e.
    """
    there = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}):
        there = "/"
    if request.method == "POST":
        tell_of_policy(request.person)
        return HttpResponseRedirect(there)  # an address; never the name of a view
    policy = in_force(clock.now()).policy
    context = {
        "policy": policy,
        "next": there,
        "word": today.word,
        "given": told_by_employers(request.person, now=clock.now()),
    }
    return render(request, "web/informed.html", context)
