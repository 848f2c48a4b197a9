"""To whom a package goes, what they confirm, and what comes back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from skola.promises.disclosures.api import Party


class GiveForm(forms.Form):
    """The archive service."""

    party = forms.ChoiceField(label=gettext_lazy("Archive service"))

    def __init__(self, *args: Any, archives: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {str(one.pk): one for one in archives}
        field = self.fields["party"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, one.name) for key, one in self._known.items()]

    def chosen(self) -> Party:
        """Return whom was chosen."""
        return self._known[self.cleaned_data["party"]]


class ReceiptForm(forms.Form):
    """What the archive service confirms."""

    receipt = forms.CharField(label=gettext_lazy("Number of their receipt"), max_length=80)
    checksum = forms.CharField(
        label=gettext_lazy("Checksum (SHA-256) that it tells"), min_length=64, max_length=100
    )


class RestoreForm(forms.Form):
    """The package as the archive service gave it back."""

    package = forms.FileField(label=gettext_lazy("Sealed package"))
