from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.people.api import Person
from skola.promises.rights.models import Erasure


class OwnForm(forms.Form):
    """The last word before everything goes."""

    understood = forms.BooleanField(
        label=gettext_lazy("I understand that this cannot be undone."),
        error_messages={
            "required": gettext_lazy("Tick the box if you want your data to be erased.")
        },
    )


class FindForm(forms.Form):
    """Whose data are to be erased."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the person"),
        help_text=gettext_lazy("The address under which the person is known here."),
    )

    def clean_email(self) -> Person:
        email = str(self.cleaned_data["email"]).lower()
        found = Person.objects.filter(email=email).order_by("created_at").first()
        if found is None:
            raise forms.ValidationError(_("Nobody is known here under this address."))
        return found


class OfficerForm(forms.Form):
    """Why somebody's data are erased."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=Erasure.Reason.choices, widget=forms.RadioSelect
    )
    understood = forms.BooleanField(
        label=gettext_lazy("I have checked who asks. This cannot be undone."),
        error_messages={"required": gettext_lazy("Tick the box once you have checked who asks.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].initial = Erasure.Reason.ASKED
