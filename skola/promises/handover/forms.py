"""Forms of hand-overs."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.people.api import Account, Person
from skola.ground.ui import formats
from skola.ground.ui.api import CountryField, DateInput
from skola.promises.disclosures.api import is_outside
from skola.promises.handover.actions import Event
from skola.promises.handover.amending import NewController
from skola.promises.handover.models import Handover


class EventForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The legal event, and the day on which the service goes over."""

    country = CountryField(
        help_text=gettext_lazy("Two letters, such as SE: where the new controller is.")
    )
    goes_on = forms.DateField(
        label=gettext_lazy("Day of the hand-over"),
        help_text=gettext_lazy("From its beginning on the new controller decides about the data."),
        widget=DateInput(),
    )
    understood = forms.BooleanField(
        label=gettext_lazy("Everybody may be told now"),
        help_text=gettext_lazy("People are written to within minutes, and every page says so."),
    )

    class Meta:
        model = Handover
        fields = (
            *("kind", "agreed_on", "document", "name", "reg_no", "address"),
            *("email", "country"),
        )
        widgets = {"kind": forms.RadioSelect(), "agreed_on": DateInput()}
        help_texts = {
            "document": gettext_lazy("As it is filed: a number and where, no names of people."),
        }

    def __init__(self, *args: Any, today: date, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.first = today, first
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = Handover.Kind.choices
        kind.initial = Handover.Kind.SALE
        self.fields["agreed_on"].initial = today
        self.fields["goes_on"].initial = first

    def clean_agreed_on(self) -> date:
        day: date = self.cleaned_data["agreed_on"]
        if day > self.today:
            raise ValidationError(_("Choose today or an earlier day."))
        return day

    def clean_goes_on(self) -> date:
        day: date = self.cleaned_data["goes_on"]
        if day < self.first:
            raise ValidationError(
                _("Choose %(day)s or a later day: until then people may object.")
                % {"day": formats.day(self.first)}
            )
        return day

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"])
        if is_outside(country):
            raise ValidationError(
                _(
                    "This country lies outside the European Economic Area: data may only go there"
                    " under a transfer of the policy. Have the policy changed first."
                )
            )
        return country

    def event(self) -> Event:
        """Return what was recorded, once the form is valid."""
        told = self.cleaned_data
        to = NewController(
            name=told["name"],
            reg_no=told["reg_no"],
            address=told["address"],
            country=told["country"],
            email=told["email"],
        )
        return Event(
            kind=told["kind"],
            agreed_on=told["agreed_on"],
            document=told["document"],
            to=to,
            goes_on=told["goes_on"],
        )


class CancelForm(forms.Form):
    """Why the service does not go over."""

    because = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy(
            "For the record. People who were told are told that it does not happen."
        ),
    )


class OnBehalfForm(forms.Form):
    """Somebody objected by mail, by phone or in person."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the person"),
        help_text=gettext_lazy("The address they are known by here."),
    )
    person: Person

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        account = Account.objects.filter(email=email).select_related("person").first()
        known = [account.person] if account else list(Person.objects.filter(email=email)[:2])
        if len(known) != 1:
            raise ValidationError(_("Nobody, or more than one, has this address here."))
        self.person = known[0]
        return email
