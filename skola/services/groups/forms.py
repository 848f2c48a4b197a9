"""Forms of training groups."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Person
from skola.ground.ui.api import DateInput, TimeInput
from skola.services.groups import rules
from skola.services.groups.actions import Applicant, ProgrammeFacts, RunFacts
from skola.services.groups.companies import CompanyFacts
from skola.services.groups.models import Cooperation, Participant, Programme, Run
from skola.services.groups.trainers import CooperationFacts

if TYPE_CHECKING:
    _RunForm = forms.ModelForm[Run]
else:
    _RunForm = forms.ModelForm

_CENTS = 100


class ProgrammeForm(forms.Form):
    """A programme, with its price in money as people write it."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Description"), max_length=20_000, widget=forms.Textarea({"rows": 8})
    )
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=2_000)
    price = forms.DecimalField(label=_("Price"), min_value=0, max_value=1_000_000, decimal_places=2)
    terms = forms.CharField(
        label=_("Terms of the contract"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("The contract begins with title, days, place and price; these terms follow."),
    )

    code_reason = forms.CharField(
        label=_("Why a national code is needed"),
        max_length=200,
        required=False,
        help_text=_(
            "For example: the law that asks for it on the education document. Participants read"
            " this beside the field. Without a reason nobody is asked, and codes that are held"
            " are erased."
        ),
    )

    def __init__(
        self,
        *args: Any,
        programme: Programme | None = None,
        with_codes: bool = False,
        **kwargs: Any,
    ) -> None:
        if programme is not None:
            kwargs["initial"] = {
                "title": programme.title,
                "text": programme.text,
                "hours": programme.hours,
                "price": f"{programme.price_cents / _CENTS:.2f}",
                "terms": programme.terms,
                "code_reason": programme.code_reason,
            }
        super().__init__(*args, **kwargs)
        if not with_codes:
            del self.fields["code_reason"]

    def facts(self) -> ProgrammeFacts:
        """Return what the programme is, once the form is valid."""
        told = self.cleaned_data
        return ProgrammeFacts(
            told["title"],
            told["text"],
            told["hours"],
            int(told["price"] * _CENTS),
            told["terms"],
            told.get("code_reason", ""),
        )


_FAULTS = {
    rules.Fault.ENDS_BEFORE: ("ends_on", _("The last day lies before the first.")),
    rules.Fault.TOO_LONG: ("ends_on", _("A group lasts three years at most.")),
    rules.Fault.APPLY_AFTER_END: (
        "apply_until",
        _("Nobody can apply for a group that is over. Choose an earlier day."),
    ),
}


class RunForm(_RunForm):
    """When and where a programme is given, and for how many."""

    class Meta:
        model = Run
        fields = ("code", "place", "starts_on", "ends_on", "apply_until", "seats")
        widgets = {"starts_on": DateInput, "ends_on": DateInput, "apply_until": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Short, as it is spoken: B-2027-1.")
        self.fields["seats"].validators.append(MinValueValidator(1))
        self.fields["seats"].widget.attrs["min"] = 1

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        days = ("starts_on", "ends_on", "apply_until")
        if all(told.get(name) for name in days):
            fault = rules.days_fault(**{name: told[name] for name in days})
            if fault:
                self.add_error(*_FAULTS[fault])
        return told

    def _post_clean(self) -> None:
        """The action writes the row; what it refuses comes back as an error of the form."""

    def facts(self) -> RunFacts:
        """Return the facts of the run, once the form is valid."""
        return RunFacts(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class CompanyForm(forms.Form):
    """A company that sends people to a group."""

    company = forms.CharField(label=_("Company"), max_length=120)
    address = forms.CharField(label=_("Address of the company"), max_length=200)
    given_name = forms.CharField(label=_("Given name of who signs"), max_length=80)
    family_name = forms.CharField(label=_("Family name of who signs"), max_length=80)
    email = forms.EmailField(label=_("E-mail of who signs"), max_length=254)
    price = forms.DecimalField(
        label=_("Price of a seat, without tax"), min_value=0, max_value=1_000_000, decimal_places=2
    )
    vat_percent = forms.DecimalField(
        label=_("Tax, per cent"), min_value=0, max_value=30, max_digits=4, decimal_places=1
    )
    learners = forms.CharField(
        label=_("Who comes"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("One a line: given name, family name, e-mail."),
    )

    def clean_learners(self) -> list[rules.Learner]:
        """Return who comes; a line that cannot be read is named."""
        try:
            found = rules.learners_in(self.cleaned_data["learners"])
            for learner in found:
                EmailValidator()(learner.email)
        except rules.LineError as problem:
            raise ValidationError(
                _("Line %(number)s lacks a name or an address, or has an address twice: %(line)s"),
                params={"number": problem.number, "line": str(problem)},
            ) from problem
        if len(found) > rules.MOST_LEARNERS:
            raise ValidationError(_("At most 100 people at once."))
        return found

    def facts(self) -> CompanyFacts:
        """Return the company, once the form is valid."""
        told = self.cleaned_data
        return CompanyFacts(
            told["company"],
            told["address"],
            told["given_name"],
            told["family_name"],
            told["email"],
            int(told["price"] * _CENTS),
            told["vat_percent"],
        )


class NewRunForm(RunForm):
    """The same, with the programme that is given."""

    class Meta(RunForm.Meta):
        pass

    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=None
    )
    field_order = ["programme", *RunForm.Meta.fields]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Programme.objects.order_by("title")


class MeetingForm(forms.Form):
    """When a group meets: once, or again until the last day of its run."""

    on = forms.DateField(label=_("Day"), widget=DateInput)
    begins = forms.TimeField(label=_("Begins"), widget=TimeInput)
    ends = forms.TimeField(label=_("Ends"), widget=TimeInput)
    topic = forms.CharField(label=_("Topic"), max_length=160, required=False)
    every = forms.ChoiceField(
        label=_("Again"),
        choices=[
            (rules.Every.ONCE, _("only then")),
            (rules.Every.DAY, _("each working day until the last")),
            (rules.Every.WEEK, _("each week until the last")),
        ],
    )

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": run.starts_on, "begins": "17:30", "ends": "20:45"})
        super().__init__(*args, **kwargs)
        self.run = run

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if not self.run.starts_on <= day <= self.run.ends_on:
            raise ValidationError(_("The group does not run on this day."))
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and told["ends"] <= told["begins"]:
            self.add_error("ends", _("It ends before it begins."))
        return told

    def days(self) -> list[date]:
        """Return the days, once the form is valid."""
        told = self.cleaned_data
        every = rules.Every(told["every"])
        return list(rules.meeting_days(told["on"], self.run.ends_on, every))


class WordsForm(forms.Form):
    """What somebody with an account adds to an application."""

    words = forms.CharField(
        label=_("What we should know"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What you know of the subject, or a question. Nothing about your health."),
    )


class ApplyForm(WordsForm):
    """An application of somebody without an account."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("We write to you where you stand.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    website = forms.CharField(
        label=_("Website: leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    field_order = ["given_name", "family_name", "email", "phone", "words", "website"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("This field is not for people. Leave it empty and send the form again.")
            )
        return ""

    def applicant(self) -> Applicant:
        """Return who applies, once the form is valid."""
        names = ("given_name", "family_name", "email", "phone")
        return Applicant(**{name: self.cleaned_data[name] for name in names})


class ResultForm(forms.Form):
    """How a participant did."""

    result = forms.ChoiceField(label=_("Result"), choices=Participant.Result.choices)


class KnownPerson(forms.EmailField):
    """Somebody who is known here and has an account, by the address."""

    def clean(self, value: Any) -> Any:
        email = super().clean(value)
        found = Person.objects.filter(account__email=str(email).lower()).first()
        if email and found is None:
            raise ValidationError(_("Nobody has an account with this address. Invite them first."))
        return found


class TrainerForm(forms.Form):
    """Who leads a group."""

    person = KnownPerson(
        label=_("E-mail"),
        help_text=_("The address with which the trainer signs in here."),
    )


class CooperationForm(TrainerForm):
    """A cooperation contract that was concluded."""

    partner = forms.CharField(label=_("Company or name of the partner"), max_length=120)
    reference = forms.CharField(label=_("Number of the contract"), max_length=60)
    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and told["ends_on"] < told["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        return told

    def facts(self) -> CooperationFacts:
        """Return the contract, once the form is valid."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "person"}
        return CooperationFacts(**told)


class EvaluationForm(forms.Form):
    """How a partner was evaluated."""

    verdict = forms.ChoiceField(label=_("Result"), choices=Cooperation.Verdict.choices)
    findings = forms.CharField(
        label=_("What was looked at"), max_length=2_000, widget=forms.Textarea({"rows": 4})
    )
    again_on = forms.DateField(label=_("Evaluate again on"), widget=DateInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_again_on(self) -> date:
        day: date = self.cleaned_data["again_on"]
        if day <= self.today:
            raise ValidationError(_("Choose a day that is to come."))
        return day


class IdentityForm(forms.Form):
    """The national code of a participant."""

    national_code = forms.CharField(
        label=_("National code"),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean_national_code(self) -> str:
        code = rules.plain_code(self.cleaned_data["national_code"])
        if not rules.is_code(code):
            raise ValidationError(_("This is no national code. Look at its digits."))
        return code


class CodeForm(forms.Form):
    """The code on the wall."""

    code = forms.CharField(
        label=_("Code on the wall"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )


class PresenceForm(forms.Form):
    """Who was there, as whoever leads the meeting notes it."""

    seat = forms.UUIDField()
    present = forms.BooleanField(required=False)


class SignatoryForm(forms.Form):
    """Who signs the documents."""

    signatory = forms.CharField(
        label=_("Signed by"),
        max_length=160,
        help_text=_("Name and office, as they are printed."),
    )
