"""Forms of pupils' data."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.ui.api import DateInput
from skola.services.pupils import rules
from skola.services.pupils.models import AudienceChoice


class ContactForm(forms.Form):
    """What a pupil or a guardian changes."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    address = forms.CharField(label=gettext_lazy("Postal address"), max_length=200, required=False)


class SightForm(forms.Form):
    """Who sees phone and e-mail."""

    phone_for = forms.ChoiceField(
        label=gettext_lazy("Who sees the phone"), choices=AudienceChoice.choices
    )
    email_for = forms.ChoiceField(
        label=gettext_lazy("Who sees the e-mail"), choices=AudienceChoice.choices
    )


class OfficialForm(forms.Form):
    """What only the school changes."""

    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    birth_on = forms.DateField(
        label=gettext_lazy("Date of birth"), widget=DateInput(), required=False
    )
    code = forms.CharField(
        label=gettext_lazy("National code"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Leave it empty where it stays as it is."),
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_code(self) -> str:
        code = rules.plain(self.cleaned_data["code"])
        if code and not rules.is_code(code, self.country):
            raise forms.ValidationError(_("This is no national code. Look at its digits."))
        return code
