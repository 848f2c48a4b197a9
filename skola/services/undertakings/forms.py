"""The form of an undertaking."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignForm(forms.Form):
    """The signature: one's own name."""

    name = forms.CharField(
        label=_("Your full name, as signature"),
        max_length=170,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
