"""Forms of visits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.services.visits.models import Outside
from skola.services.visits.rules import campaign_of


class OutsideForm(forms.Form):
    """For which account a provider counts, and whether it is told anything."""

    role = forms.ChoiceField(choices=Outside.Role.choices, widget=forms.HiddenInput)
    number = forms.RegexField(
        r"^[A-Za-z0-9_-]+$", label=_("Number of the account there"), max_length=40, required=False
    )
    is_on = forms.BooleanField(
        label=_("Tell it what it counts, where visitors agree"), required=False
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("is_on") and not told.get("number") and "number" not in self.errors:
            self.add_error("number", _("Without a number nobody knows for whom to count."))
        return told


class ResultForm(forms.Form):
    """What a network reports of a campaign: numbers, and nobody behind them."""

    prefix = "result"
    campaign = forms.CharField(
        label=_("Campaign"), max_length=40, help_text=_("Small letters, digits and hyphens.")
    )
    shown = forms.IntegerField(label=_("How often it was shown"), min_value=0)
    clicked = forms.IntegerField(label=_("How often it was clicked"), min_value=0)

    def clean_campaign(self) -> str:
        found = campaign_of(self.cleaned_data["campaign"])
        if not found:
            raise ValidationError(_("Small letters, digits and hyphens only, as in the address."))
        return found
