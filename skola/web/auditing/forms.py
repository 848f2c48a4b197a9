"""What the officer looks for in the audit."""

from django import forms


class SearchForm(forms.Form):
    """The beginning of a kind, and the entry before which to go on."""

    q = forms.CharField(max_length=60, required=False)
    before = forms.UUIDField(required=False)
