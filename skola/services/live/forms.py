"""The form of a live lesson."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LineForm(forms.Form):
    """What somebody says."""

    words = forms.CharField(
        label=_("Say something to the group"),
        max_length=1_000,
        widget=forms.Textarea({"rows": 2}),
    )
