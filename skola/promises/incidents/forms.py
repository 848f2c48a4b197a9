"""What officers say of risks and incidents."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Person
from skola.ground.ui.api import DateInput, TimeInput
from skola.promises.incidents.actions import About, Happened
from skola.promises.incidents.models import Incident, Risk
from skola.promises.rights.api import local_day, zone_of

NO_NAMES = gettext_lazy("No names: whose data it touched has a list of its own.")
A_YEAR = timedelta(days=366)


class RiskForm(forms.Form):
    """A risk, as somebody judges it."""

    title = forms.CharField(label=gettext_lazy("What could happen"), max_length=200)
    likelihood = forms.TypedChoiceField(
        label=gettext_lazy("How likely it is"), choices=Risk.Degree.choices, coerce=int
    )
    impact = forms.TypedChoiceField(
        label=gettext_lazy("What it would do to people"), choices=Risk.Degree.choices, coerce=int
    )
    measure = forms.CharField(
        label=gettext_lazy("What is done about it"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
    )
    review_on = forms.DateField(
        label=gettext_lazy("To be looked at again on"),
        help_text=gettext_lazy("Within a year."),
        widget=DateInput(),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        today = local_day(self.now)
        if not today < day <= today + A_YEAR:
            raise ValidationError(_("Choose a day from tomorrow on, within a year."))
        return day

    def about(self) -> About:
        """Return the risk, once the form is valid."""
        return About(**self.cleaned_data)


class _Moment(forms.Form):
    on = forms.DateField(label=gettext_lazy("Day"), widget=DateInput())
    at = forms.TimeField(label=gettext_lazy("Time"), widget=TimeInput())

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        here = now.astimezone(zone_of(now))
        self.fields["on"].initial = here.date()
        self.fields["at"].initial = time(here.hour, here.minute)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("on") and told.get("at") is not None and self.moment() > self.now:
            self.add_error("on", _("This moment has not come yet."))
        return told

    def moment(self) -> datetime:
        """Return the moment in the tenant's time zone."""
        told = self.cleaned_data
        return datetime.combine(told["on"], told["at"], zone_of(self.now))


class IncidentForm(_Moment):
    """What happened."""

    title = forms.CharField(label=gettext_lazy("What happened, in a few words"), max_length=200)
    what = forms.CharField(
        label=gettext_lazy("What is known of it"),
        help_text=NO_NAMES,
        max_length=4_000,
        widget=forms.Textarea({"rows": 5}),
    )
    is_breach = forms.BooleanField(
        label=gettext_lazy("Personal data were lost, changed or disclosed (a breach)"),
        help_text=gettext_lazy("The law's 72 hours run from when it became known here."),
        required=False,
    )

    employee = forms.EmailField(
        label=gettext_lazy("Employee who broke the rules"),
        help_text=gettext_lazy("Their e-mail address here, where it was somebody of the staff."),
        required=False,
    )

    field_order = ["title", "what", "on", "at", "is_breach", "employee"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Became known here on")

    def clean_employee(self) -> str:
        """Return the pseudonym of the employee (ekool-2.5-confidential)."""
        email = str(self.cleaned_data["employee"]).lower()
        found = Person.objects.filter(email=email, roles__isnull=False).first() if email else None
        if email and found is None:
            raise ValidationError(_("Nobody who has or had a role here has this address."))
        return audit.pseudonym(found.pk) if found else ""

    def happened(self) -> Happened:
        """Return what happened, once the form is valid."""
        told = self.cleaned_data
        return Happened(
            told["title"], told["what"], self.moment(), told["is_breach"], told["employee"]
        )


class AssessForm(forms.Form):
    """Whether it is a breach, and how dangerous."""

    is_breach = forms.BooleanField(
        label=gettext_lazy("Personal data were lost, changed or disclosed (a breach)"),
        required=False,
    )
    danger = forms.ChoiceField(
        label=gettext_lazy("For the people whose data they are"),
        choices=Incident.Danger.choices,
        widget=forms.RadioSelect,
    )


class MeasureForm(forms.Form):
    """What was done against it."""

    measure = forms.CharField(
        label=gettext_lazy("What was done against it"),
        help_text=NO_NAMES,
        max_length=4_000,
        widget=forms.Textarea({"rows": 4}),
    )


class NotifyForm(_Moment):
    """The authority was told."""

    reference = forms.CharField(
        label=gettext_lazy("Number that the authority gave"), max_length=100, required=False
    )


class DeclineForm(forms.Form):
    """Why the authority need not be told."""

    because = forms.CharField(
        label=gettext_lazy("Why a risk to people is unlikely"),
        max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
    )


class LooksForm(forms.Form):
    """Which account, and in which days."""

    email = forms.EmailField(label=gettext_lazy("E-mail of the account that was misused"))
    since = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    until = forms.DateField(label=gettext_lazy("To, this day included"), widget=DateInput())

    def clean_email(self) -> Account:
        found = Account.objects.filter(email=str(self.cleaned_data["email"]).lower()).first()
        if found is None:
            raise ValidationError(_("Nobody has an account here with this address."))
        return found

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            self.add_error("until", _("The end is before the beginning."))
        return told


class NamesForm(forms.Form):
    """People, by their addresses."""

    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses, one a line"),
        max_length=100_000,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean_emails(self) -> list[Any]:
        wanted = {line.strip().lower() for line in self.cleaned_data["emails"].splitlines()} - {""}
        known = dict(Account.objects.filter(email__in=wanted).values_list("email", "person_id"))
        known |= dict(Person.objects.filter(email__in=wanted).values_list("email", "pk"))
        missing = sorted(wanted - set(known))
        if missing:
            raise ValidationError(
                _("Nobody is known here under: %(addresses)s")
                % {"addresses": ", ".join(missing[:10])}
            )
        return list(known.values())


class LetterForm(forms.Form):
    """What those are told whom it touched."""

    words = forms.CharField(
        label=gettext_lazy("What they are told"),
        help_text=gettext_lazy(
            "What happened, what may follow for them, what is done about it and what they can do"
            " themselves. Whom to turn to stands below by itself."
        ),
        max_length=4_000,
        widget=forms.Textarea({"rows": 8}),
    )
