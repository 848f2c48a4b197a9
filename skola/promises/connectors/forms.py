"""Forms of connectors."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.promises.connectors.payloads import LONGEST


class ProblemForm(forms.Form):
    """What somebody tells of a problem. Who they are is not asked."""

    words = forms.CharField(
        label=_("What did you do, what happened, and what did you expect?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Please name nobody, and enter no codes or addresses."),
    )
    page = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Website: leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave “Website” empty and send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        return super().clean() or {}
