"""Forms of companies."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.ui.api import DateInput
from skola.services.companies.actions import Found
from skola.services.companies.models import Representative


class FoundForm(forms.Form):
    """Who was found, for which company, and where."""

    company = forms.CharField(label=gettext_lazy("Company"), max_length=160)
    number = forms.CharField(
        label=gettext_lazy("Registration number"), max_length=40, required=False
    )
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("The first message goes there, and says where we found it."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Source"), choices=Representative.Source.choices)
    found_at = forms.CharField(
        label=gettext_lazy("Where it was found"),
        max_length=300,
        help_text=gettext_lazy("The name of the register, or the address on the web."),
    )
    found_on = forms.DateField(label=gettext_lazy("Found on"), widget=DateInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_found_on(self) -> date:
        day: date = self.cleaned_data["found_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def found(self) -> Found:
        """Return who was found, once the form is valid."""
        return Found(**self.cleaned_data)


class MessageForm(forms.Form):
    """A message to a representative."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=4_000, widget=forms.Textarea({"rows": 6})
    )
