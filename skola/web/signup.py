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
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.audit import api as audit
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
from skola.promises.consents import api as consents
from skola.promises.policy.api import InForce, in_force
from skola.promises.retention.api import record_event, record_state, withdraw_event
from skola.web.consents import words

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes = boxes(clock.now())
        for name, (asked, _scope) in self.boxes.items():
            label = words.about(asked.name, [BY_MAIL])
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=False)

    def signup(self, request: HttpRequest, user: Account) -> None:
        """Called by allauth when the account is made: what was ticked is a consent, and no more.

        Who is too young to consent alone has not, whatever they ticked (GDPR Art. 8).
        """
        now = clock.now()
        for name, (asked, scope) in self.boxes.items():
            if not self.cleaned_data.get(name) or consents.is_too_young(
                user.person, in_force(now), now
            ):
                continue
            wording = f"{self.fields[name].label}. {asked.wording}"
            shown = consents.Shown(BY_FORM, wording, proof="sign-up")
            by = audit.pseudonym(user.person_id)
            consents.give(user.person, asked.purpose, shown, scope=scope, by=by, now=now)


BY_FORM, BY_MAIL = "site-form", "email"


def boxes(now: datetime) -> dict[str, tuple[consents.Asking, str]]:
    """Return the boxes of the sign-up form: what is sent by e-mail only with consent.

    None is ticked, and the account does not hang on any. Everything else that is asked has its
    switch in *My privacy*. Clauses: ilearn-25.a, ilearn-33, ema-1.5.1.
    """
    policy = in_force(now).policy
    language = consents.language_of(policy, get_language() or "")
    return {
        f"agree_{purpose.replace('.', '_')}": (consents.asking(policy, purpose, language), scope)
        for purpose, scope in consents.asked_by(policy, BY_FORM)
        if BY_MAIL in ((scope,) if scope else consents.shared_channels(policy, purpose))
    }


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
