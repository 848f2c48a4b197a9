"""What somebody tells of a child, and what staff decide."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.people.api import Person
from skola.promises.minors.actions import Told
from skola.promises.minors.queries import meant


class ReportForm(forms.Form):
    """A child has an account here: which, and whom we may answer."""

    account = forms.CharField(
        label=gettext_lazy("Which account"),
        max_length=254,
        help_text=gettext_lazy("Its e-mail address, or the name that is shown with it."),
    )
    words = forms.CharField(
        label=gettext_lazy("What makes you think so"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        required=False,
        help_text=gettext_lazy("Only if you want an answer. It is used for nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def told(self, language: str) -> Told:
        """Return what was told, once the form is valid."""
        said = self.cleaned_data
        return Told(said["account"], said["words"], said["name"], said["email"].lower(), language)


class AccountForm(forms.Form):
    """Whose account is meant, as staff found out."""

    account = forms.CharField(
        label=gettext_lazy("E-mail address or whole name of the account"), max_length=254
    )

    def clean_account(self) -> Person:
        found: Person | None = meant(self.cleaned_data["account"])
        if found is None:
            raise ValidationError(_("No account here, or several, are known so."))
        return found


class SureForm(forms.Form):
    """Nothing of it comes back."""

    sure = forms.BooleanField(label=gettext_lazy("It is a child below the age of the service"))
