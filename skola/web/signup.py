"""Opening an account: who may, and what is asked about age, is the policy's to say.

Age is asked first and alone, where there is a lowest age (table ``[minors]``): who is too young has
told nothing but a date, and that is not kept. Clauses: learnifier-14.a, ilearn-20.k.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.ground.journal import api as journal
from skola.ground.people.api import (
    Account,
    Finding,
    Person,
    close_finding,
    has_guardian,
    open_finding,
)
from skola.ground.ui.api import DateInput
from skola.promises.policy.api import InForce, in_force
from skola.promises.retention.api import record_event, record_state, withdraw_event

REFUSED = "sign_up_refused"
"""Marks the session of somebody too young: the form does not open again for them."""
BORN = "sign_up_born_on"
"""The date of birth, between the question of age and the form."""
REFUSES = "refuse"
ON_THEIR_OWN = frozenset({"erase", "with-guardian"})
"""Policies under which minors need a proven guardian, or are erased."""
FOUND = {
    Finding.Kind.MINOR: "account.found_minor",
    Finding.Kind.INACCURATE: "account.found_inaccurate",
}
"""What the policy counts from."""

UNVERIFIED = "minor.unverified"


def age_on(birth: date, day: date) -> int:
    """Return the completed years of age on ``day``; who is born on 29 February ages on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


@dataclass(frozen=True)
class Lowest:
    """From which age on somebody opens an account alone, and what happens below it."""

    age: int
    refuses: bool

    @property
    def asked(self) -> bool:
        """Whether there is anything to ask."""
        return self.age > 0


def lowest(binding: InForce) -> Lowest:
    """Return what the policy says about age, law applied. Where schools vouch nothing is asked."""
    minors = binding.policy.minors
    age = minors.age if isinstance(minors.age, int) else binding.effective.consent_age
    if minors.policy == REFUSES:
        return Lowest(age, refuses=True)
    if minors.policy == "erase":
        return Lowest(binding.effective.majority, refuses=False)
    return Lowest(age if minors.policy in ON_THEIR_OWN else 0, refuses=False)


class AgeForm(forms.Form):
    """The one question before all others."""

    birth_on = forms.DateField(
        label=gettext_lazy("Date of birth"),
        widget=DateInput(attrs={"autocomplete": "bday"}),
    )

    def clean_birth_on(self) -> date:
        birth: date = self.cleaned_data["birth_on"]
        today = clock.today(in_force(clock.now()).policy.policy.timezone)
        if birth > today:
            raise forms.ValidationError(_("This day is yet to come."))
        if age_on(birth, today) > 120:
            raise forms.ValidationError(_("This day is too long ago. Which year is it?"))
        return birth


class SignupDetails(forms.Form):
    """What sign-up asks besides address and password."""

    given_name = forms.CharField(
        label=gettext_lazy("Given name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label=gettext_lazy("Family name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    field_order = ("given_name", "family_name", "email", "password1")

    def signup(self, request: HttpRequest, user: Account) -> None:
        """Called by allauth when the account is made; nothing is left to do."""


def born_on(request: Any) -> date | None:
    """Return the date of birth given in this sign-up, and forget it in the session."""
    told = request.session.pop(BORN, None)
    return date.fromisoformat(told) if told else None


def judge_age(person: Person, *, by: str, now: datetime) -> Finding | None:
    """Begin the clock of a minor who came alone, and close the features to them (ilearn-20.k)."""
    binding = in_force(now)
    limit = lowest(binding)
    if not person.birth_on or not limit.asked or has_guardian(person, now=now):
        return None
    today = now.astimezone(ZoneInfo(binding.policy.policy.timezone)).date()
    if age_on(person.birth_on, today) >= limit.age:
        return None
    return find_fault(person, Finding.Kind.MINOR, reason="", by=by, now=now)


def find_fault(person: Person, kind: str, *, reason: str, by: str, now: datetime) -> Finding:
    """Record a finding and the event from which the policy counts (ilearn-20.j, ilearn-20.k)."""
    found = open_finding(person, kind, reason=reason, by=by, now=now)
    record_event(person.pk, FOUND[Finding.Kind(kind)], at=now)
    if kind == Finding.Kind.MINOR:
        record_state(person.pk, UNVERIFIED, is_open=True, at=now)
    return found


@transaction.atomic
def put_right(found: Finding, *, by: str, now: datetime) -> None:
    """Close a finding and take back its event: the clock stops."""
    close_finding(found, by=by, now=now)
    withdraw_event(found.person_id, FOUND[Finding.Kind(found.kind)], at=now)
    if found.kind == Finding.Kind.MINOR:
        record_state(found.person_id, UNVERIFIED, is_open=False, at=now)
    journal.write(
        "rectification", subject=found.person_id, at=now, detail={"finding": str(found.pk)}
    )


@journal.replays("rectification")
def put_right_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: a finding that was put right since then is closed, its clock stopped."""
    told = detail.get("finding")
    found = Finding.objects.filter(pk=told, closed_at=None).first() if told else None
    if found is not None:
        put_right(found, by="skola replay", now=at)
