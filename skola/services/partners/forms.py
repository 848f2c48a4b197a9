"""Forms of people of partners."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.ground.ui.api import CountryField
from skola.promises.disclosures.api import Party
from skola.services.partners.actions import Told
from skola.services.partners.models import Access
from skola.services.partners.rules import Activity


class AccessForm(forms.Form):
    """Who is let in, for what, and until when."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("They sign in with a code that is mailed there.")
    )
    country = CountryField(help_text=_("Two letters, such as LV: from where they look."))
    activity = forms.ChoiceField(label=_("Activity"))
    party = forms.ChoiceField(
        label=_("Entry of the register"),
        required=False,
        help_text=_("Only who is active there, for this activity, can send somebody."),
    )
    systems = forms.CharField(
        label=_("Systems"), max_length=200, help_text=_("Where they work, such as: ledger.")
    )
    reason = forms.CharField(label=_("What for"), max_length=300)
    ends_at = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=_("At that moment the sign-in is refused."),
    )

    def __init__(
        self,
        *args: Any,
        activities: Sequence[Activity],
        parties: Sequence[Party],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Access.Kind.choices)
        self.parties = {str(one.pk): one for one in parties}
        fields: Any = self.fields
        fields["activity"].choices = [(str(one), labels[one.value]) for one in activities]
        fields["party"].choices = [
            ("", _("none")),
            *((key, f"{one.name} ({one.country})") for key, one in self.parties.items()),
        ]

    def told(self) -> Told:
        """Return what was sent, once the form is valid."""
        told = self.cleaned_data
        ends_at: datetime = told["ends_at"]
        return Told(
            given_name=told["given_name"],
            family_name=told["family_name"],
            email=told["email"],
            country=told["country"],
            activity=told["activity"],
            party=self.parties.get(told["party"]),
            systems=told["systems"],
            reason=told["reason"],
            ends_at=ends_at,
        )


class LookUpForm(forms.Form):
    """Support looks up one account."""

    email = forms.EmailField(label=_("E-mail of the account"))
