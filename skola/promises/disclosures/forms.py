"""What the officer says: who receives, what is on file, what is passed on, what is demanded."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.ids import uuid7
from skola.ground.people.api import Person
from skola.ground.ui.api import CountryField, DateInput
from skola.promises.disclosures import queries
from skola.promises.disclosures.demands import Told
from skola.promises.disclosures.models import Demand, Paper, Party, Telling
from skola.promises.disclosures.payload import in_words
from skola.promises.disclosures.queries import Entry
from skola.promises.disclosures.rules import allowed
from skola.promises.disclosures.words import GROUNDS
from skola.promises.inventory.api import fields_known
from skola.promises.policy.api import Policy, in_force

MANY = 200
"""How many people can be named at once."""


def _day() -> date:
    now = clock.now()
    return queries.today(in_force(now).policy, now)


def said(entry: Entry, policy: Policy) -> str:
    """Return the name of a rule in the language of the page."""
    language = translation.get_language() or ""
    return entry.name.get(language) or entry.name[policy.policy.authentic]


def what_for(entry: Entry, policy: Policy) -> str:
    """Return what they are given data for, in the language of the page."""
    language = translation.get_language() or ""
    return entry.what.get(language) or entry.what[policy.policy.authentic]


@reading_for(RIGHTS)
def _known(named: str) -> Person:
    """Who is known here by this address, or by the id that stands in the address of their page."""
    named = named.strip().lower()
    try:
        found = Person.objects.filter(pk=UUID(named)).first()
    except ValueError:
        found = Person.objects.filter(email=named).order_by("created_at").first()
    if found is None:
        raise forms.ValidationError(
            _("Nobody is known here under %(email)s."), params={"email": named}
        )
    return found


class PartyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody by name, under a rule of the policy."""

    entry = forms.ChoiceField(label=gettext_lazy("As whom"))
    country = CountryField(
        help_text=gettext_lazy(
            "Two letters, such as LV: where the data are, or where the people are who see them."
        )
    )
    changed_on = forms.DateField(label=gettext_lazy("Decided on"), widget=DateInput(), initial=_day)

    class Meta:
        model = Party
        fields = ("entry", "name", "number", "country", "email", "changed_on")

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = [  # type: ignore[attr-defined]
            (one.rule, said(one, policy)) for one in queries.entries(policy).values()
        ]


class PaperForm(forms.ModelForm):  # type: ignore[type-arg]
    """An agreement, a check or a safeguard."""

    class Meta:
        model = Paper
        fields = ("kind", "reference", "valid_from", "valid_until")
        widgets = {"valid_from": DateInput(), "valid_until": DateInput()}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = told.get("valid_from"), told.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day is before the first."))
        return told


class PassForm(forms.Form):
    """What is to be passed on: to whom, about whom, why, and on which ground."""

    party = forms.ModelChoiceField(label=gettext_lazy("To whom"), queryset=Party.objects.none())
    people = forms.CharField(
        label=gettext_lazy("About whom"),
        help_text=gettext_lazy(
            "Their e-mail addresses, one on each line. Who has none is named by the id in the"
            " address of their page."
        ),
        widget=forms.Textarea({"rows": 3}),
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("On which ground"),
        choices=list(GROUNDS.items()),
        widget=forms.RadioSelect,
    )
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), required=False)
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("The order, contract or incident that it follows from."),
        max_length=120,
        required=False,
    )
    balance = forms.CharField(
        label=gettext_lazy("Why the interest outweighs"),
        help_text=gettext_lazy("Where a legitimate interest is the ground. The person reads it."),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: Any = self.fields["party"]
        choose.queryset = Party.objects.order_by("name")
        choose.label_from_instance = lambda party: party.name
        language = policy.policy.authentic
        wanted = translation.get_language() or language
        names = [(one.id, one.name.get(wanted) or one.name[language]) for one in policy.purpose]
        first = ("", _("what this recipient receives data for, as the policy says"))
        self.fields["purpose"].choices = [first, *names]  # type: ignore[attr-defined]

    def clean_people(self) -> list[UUID]:
        lines = [line for line in self.cleaned_data["people"].splitlines() if line.strip()]
        if len(lines) > MANY:
            raise forms.ValidationError(
                _("At most %(number)s people at once."), params={"number": MANY}
            )
        return list(dict.fromkeys(_known(line).pk for line in lines))


def scope_choices(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Return the fields that can be demanded, in words, those of one kind of record together."""
    known = fields_known()
    found: set[str] = set()
    for entry in entries:
        found |= set(allowed((), tuple(known), entry.categories, known))
    return [(name, in_words([name])) for name in sorted(found)]


class DemandForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is demanded, by whom, and on which law. What is not known yet stays empty."""

    email = forms.CharField(label=gettext_lazy("E-mail of the person"))
    scope = forms.MultipleChoiceField(
        label=gettext_lazy("What is demanded"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    hidden_until_on = forms.DateField(
        label=gettext_lazy("The person must not be told before"),
        help_text=gettext_lazy("Only where a law forbids it; name that law below."),
        widget=DateInput(),
        required=False,
    )

    class Meta:
        model = Demand
        fields = ("party", "law", "document", "reasoning", "hidden_because")

    field_order = (
        "party",
        "email",
        "law",
        "document",
        "reasoning",
        "scope",
        "hidden_until_on",
        "hidden_because",
    )

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        instance: Demand | None = kwargs.get("instance")
        if instance is not None:
            initial = kwargs.setdefault("initial", {})
            initial["scope"] = instance.scope
            if instance.hidden_until:
                initial["hidden_until_on"] = queries.today(policy, instance.hidden_until)
        super().__init__(*args, **kwargs)
        asked = {rule: one for rule, one in queries.entries(policy).items() if "scope" in one.needs}
        choose: Any = self.fields["party"]
        choose.queryset = Party.objects.filter(entry__in=asked, ended_at=None).order_by("name")
        choose.label, choose.label_from_instance = _("Who demands it"), lambda party: party.name
        self.fields["scope"].choices = scope_choices(asked.values())  # type: ignore[attr-defined]
        self.zone = queries.zone_of(policy)
        if instance is not None:
            del self.fields["email"], self.fields["party"]

    def clean_email(self) -> Person:
        return _known(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(told.get("hidden_until_on")) != bool(told.get("hidden_because")):
            self.add_error(
                "hidden_because", _("Write both, the day and the law that forbids to tell.")
            )
        return told

    def told(self) -> Told:
        """Return what was said, once the form is valid."""
        said_of = self.cleaned_data
        day = said_of["hidden_until_on"]
        until = datetime.combine(day, time(), self.zone) if day else None
        return Told(
            law=said_of["law"],
            document=said_of["document"],
            reasoning=said_of["reasoning"],
            scope=said_of["scope"],
            hidden_until=until,
            hidden_because=said_of["hidden_because"],
        )

    def _post_clean(self) -> None:
        """The model is changed by the action, not by the form."""


class ReviewForm(forms.Form):
    """What the legal review found."""

    words = forms.CharField(
        label=gettext_lazy("Result of the legal review"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
    )


class SettleForm(forms.Form):
    """What a recipient answered."""

    answer = forms.ChoiceField(
        label=gettext_lazy("What they answered"),
        choices=Telling.Answer.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Their confirmation, or the reason"),
        help_text=gettext_lazy("Its date and number, for example. Do not write names here."),
        max_length=400,
    )
