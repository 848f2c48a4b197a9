"""Forms of the review of accuracy."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import EDITABLE, Person


class CorrectionForm(forms.Form):
    """What is not right: phone and address are changed at once, the rest by a person."""

    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    address = forms.CharField(label=_("Postal address"), max_length=200, required=False)
    words = forms.CharField(
        label=_("What else is not right"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Another name, for example. A person looks at it, and you get an answer."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(person, name) for name in EDITABLE}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not self.has_changed():
            raise ValidationError(_("Nothing is changed. If everything is right, say so above."))
        return told

    def values(self) -> dict[str, str]:
        """Return what is changed at once, once the form is valid."""
        return {name: self.cleaned_data[name] for name in EDITABLE}
