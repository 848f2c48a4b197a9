"""Closing an account: on a day that its owner names, kept until then, and then for good.

From that moment on nobody signs in, the account is no longer open for any purpose, and the terms
that count from it begin to run. Clauses: learnifier-10.d, ekool-1.3.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import (
    Account,
    close_account,
    keep_account,
    language_of,
    plan_closing,
    post,
)
from skola.ground.people.http import signed_in
from skola.ground.ui import formats
from skola.ground.ui.api import DateInput
from skola.promises.policy.api import has, in_force
from skola.promises.retention.api import record_event, record_state
from skola.promises.rights.api import zone_of
from skola.services.customers.api import RELATION, end_relation

OPEN, CLOSED = "account.open", "account.closed"
LONGEST = timedelta(days=365)
View = Callable[..., HttpResponse]
confirmed: Callable[[View], View] = reauthentication_required(allow_get=True)


class ClosingForm(forms.Form):
    """The last day of an account."""

    last_on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("At its end the account closes. Until then it can be kept."),
        widget=DateInput(),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["last_on"].initial = today

    def clean_last_on(self) -> date:
        day: date = self.cleaned_data["last_on"]
        if not self.today <= day <= self.today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day


def form_of(sent: Any, now: datetime) -> ClosingForm:
    """Return the form of the last day, with what was ``sent`` or None."""
    return ClosingForm(sent, today=now.astimezone(zone_of(now)).date(), auto_id="closing_%s")


def is_offered(now: datetime) -> bool:
    """Whether people close their accounts here: where they open them themselves."""
    return has("account.sign_up", now=now)


def is_on_request(now: datetime) -> bool:
    """Whether staff close accounts for who asks: there, and where relations with customers end."""
    return is_offered(now) or has(RELATION, now=now)


@transaction.atomic
def plan(account: Account, last_on: date, *, by: str, now: datetime) -> None:
    """Close an account at the end of a day, and write to its owner that it will.

    Source: learnifier-10.d.
    """
    closes_at = clock.last_second(last_on, zone_of(now)) + timedelta(seconds=1)
    plan_closing(account, closes_at, by=by, now=now)
    service = in_force(now).policy.service.name
    with translation.override(language_of(account.person)):
        day = {"day": formats.day(last_on), "service": service}
        subject = _("%(service)s: your account closes on %(day)s") % day
        text = "\n\n".join(
            [
                _("Your account at %(service)s closes at the end of %(day)s, as was asked.") % day,
                _(
                    "Until then you sign in, fetch a copy of your data, or keep the account after"
                    " all. After that nobody signs in, and your data go by the terms of our"
                    " privacy policy."
                ),
            ]
        )
    post(
        person_id=account.person_id,
        address=account.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
        about="closing of the account",
    )


def close_due(*, now: datetime) -> int:
    """Close every account whose moment has come; return how many. Safe to repeat."""
    waiting = Account.objects.filter(closes_at__lte=now).exclude(
        suspended_because=Account.Reason.CLOSED
    )
    return sum(close(account, now=now) for account in waiting)


@transaction.atomic
def close(account: Account, *, now: datetime) -> bool:
    """Close an account whose moment has come: its terms run from then, not from now."""
    closes_at = account.closes_at
    if closes_at is None or not close_account(account, now=now):
        return False
    record_event(account.person_id, CLOSED, at=closes_at)
    record_state(account.person_id, OPEN, is_open=False, at=closes_at)
    end_relation(account.person_id, at=closes_at, by="system", now=now)
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def own(request: Any) -> HttpResponse:
    """Close my account: when, and what happens then; a copy of the data is offered first."""
    if not is_offered(clock.now()):
        raise Http404
    return _own(request)


@confirmed
def _own(request: Any) -> HttpResponse:
    now = clock.now()
    form = form_of(request.POST if request.method == "POST" else None, now)
    if form.is_bound and form.is_valid():
        account = Account.objects.select_related("person").get(pk=request.user.pk)
        plan(account, form.cleaned_data["last_on"], by=audit.by(request), now=now)
        return redirect("web:closing")
    context = {"form": form, "last_on": last_on(request.user, now)}
    return render(request, "web/closing.html", context, status=422 if form.is_bound else 200)


def last_on(account: Account, now: datetime) -> date | None:
    """Return the last day of an account that is to close; None where none is named."""
    if account.closes_at is None:
        return None
    return (account.closes_at - timedelta(seconds=1)).astimezone(zone_of(now)).date()


@require_POST
@signed_in
def keep(request: Any) -> HttpResponse:
    """Keep my account after all."""
    keep_account(request.user, by=audit.by(request), now=clock.now())
    return redirect("web:closing")
