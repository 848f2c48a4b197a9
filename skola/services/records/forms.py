"""What somebody brings from another service."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.services.records import reading


class BringForm(forms.Form):
    """The file, and whether the contacts in it are used here."""

    file = forms.FileField(
        label=gettext_lazy("File to take along"),
        help_text=gettext_lazy("The ZIP as you downloaded it there, at most 25 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )
    with_contacts = forms.BooleanField(
        label=gettext_lazy("Use the phone and the postal address in it here, too"), required=False
    )

    def clean_file(self) -> reading.Content:
        """Return what the file holds."""
        sent: Any = self.cleaned_data["file"]
        if sent.size > reading.LARGEST:
            raise ValidationError(_("The file is larger than 25 MB."))
        try:
            return reading.read(sent.read(), now=clock.now())
        except reading.FileError as problem:
            raise ValidationError(str(problem)) from problem
