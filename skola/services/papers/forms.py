"""Forms of papers."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.people.api import Person
from skola.ground.ui.api import DateInput
from skola.services.papers.actions import Filed
from skola.services.papers.models import Paper


class SearchForm(forms.Form):
    """A mark, or the address of a person."""

    q = forms.CharField(label=gettext_lazy("Mark or e-mail"), max_length=254, required=False)


class PlaceForm(forms.Form):
    """Where it stands."""

    place = forms.CharField(
        label=gettext_lazy("Where it is kept"),
        max_length=160,
        help_text=gettext_lazy("Room, cabinet, folder."),
    )


class PaperForm(PlaceForm):
    """What is filed, about whom, and where it stands."""

    email = forms.EmailField(label=gettext_lazy("E-mail under which the person is known here"))
    what = forms.CharField(label=gettext_lazy("What it is"), max_length=160)
    channel = forms.ChoiceField(label=gettext_lazy("How it came"), choices=Paper.Channel.choices)
    received_on = forms.DateField(label=gettext_lazy("Received on"), widget=DateInput())
    field_order = ["email", "what", "channel", "received_on", "place"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_email(self) -> Person:
        email = str(self.cleaned_data["email"]).lower()
        found = Person.objects.filter(email=email).order_by("created_at").first()
        if found is None:
            raise forms.ValidationError(_("Nobody is known here under this address."))
        return found

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def filed(self) -> Filed:
        """Return the paper, once the form is valid."""
        told = self.cleaned_data
        return Filed(told["what"], told["channel"], told["received_on"], told["place"])
