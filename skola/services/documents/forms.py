"""Forms of education documents."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckForm(forms.Form):
    """What stands on a document."""

    number = forms.CharField(label=_("Number"), max_length=40)
    code = forms.CharField(
        label=_("Check code"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )


class SearchForm(forms.Form):
    """A number, or a part of a name."""

    q = forms.CharField(label=_("Number or name"), max_length=100, required=False)


class AnnulForm(forms.Form):
    """Why a document is annulled."""

    because = forms.CharField(label=_("Reason"), max_length=300)
