"""What the officer says of a restriction: whose, why, who asked, until when; how they were told."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.api import Person
from skola.ground.ui.api import DateInput
from skola.promises.gate.api import Restriction
from skola.promises.policy.api import in_force


def today() -> date:
    """Return the day of the tenant."""
    now = clock.now()
    return now.astimezone(ZoneInfo(in_force(now).policy.policy.timezone)).date()


class FindForm(forms.Form):
    """Whose data are to be restricted."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the person"),
        help_text=gettext_lazy("The address under which the person is known here."),
    )

    @reading_for(RIGHTS)
    def clean_email(self) -> Person:
        email = str(self.cleaned_data["email"]).lower()
        found = Person.objects.filter(email=email).order_by("created_at").first()
        if found is None:
            raise forms.ValidationError(_("Nobody is known here under this address."))
        return found


class RestrictForm(forms.Form):
    """Why somebody's data are restricted, who asked for it, and until when."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=Restriction.OFFERED,
        widget=forms.RadioSelect,
    )
    asked_by = forms.ChoiceField(
        label=gettext_lazy("Who asked for it"),
        choices=Restriction.Asked.choices,
        widget=forms.RadioSelect,
        initial=Restriction.Asked.PERSON,
    )
    asked_on = forms.DateField(label=gettext_lazy("Asked on"), widget=DateInput(), initial=today)
    reason = forms.CharField(
        label=gettext_lazy("Your reference"),
        help_text=gettext_lazy("Such as a case number. Do not write names here."),
        max_length=200,
    )
    until_on = forms.DateField(
        label=gettext_lazy("Look at it again on"),
        help_text=gettext_lazy(
            "You are reminded on this day. Nothing is lifted by itself, for the person is told"
            " before."
        ),
        widget=DateInput(),
        required=False,
    )

    def clean_asked_on(self) -> date:
        return not_in_future(self.cleaned_data["asked_on"])

    def clean_until_on(self) -> date | None:
        day: date | None = self.cleaned_data["until_on"]
        if day is not None and day <= today():
            raise forms.ValidationError(_("This day is over."))
        return day


class ToldForm(forms.Form):
    """How the officer told somebody without e-mail, and when."""

    how = forms.ChoiceField(
        label=gettext_lazy("How they were told"),
        choices=[pair for pair in Restriction.Told.choices if pair[0] != "mail"],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput(), initial=today)

    def __init__(self, *args: Any, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since

    def clean_on(self) -> date:
        day = not_in_future(self.cleaned_data["on"])
        if day < self.since:
            raise forms.ValidationError(_("The restriction began later."))
        return day


def not_in_future(day: date) -> date:
    """Return the day. Raises ValidationError where it has not come yet."""
    if day > today():
        raise forms.ValidationError(_("This day has not come yet."))
    return day
