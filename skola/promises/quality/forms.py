"""Forms of tasks about the data."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Person


class ContactForm(forms.Form):
    """What the person told: another address, or another phone."""

    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        held = {"email": person.email, "phone": person.phone}
        kwargs["initial"] = held
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not self.has_changed():
            raise ValidationError(_("Nothing is changed. If it is right, say so below."))
        return told
