"""What the officer says when something is held back."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.ground.people.api import Person
from skola.ground.ui.api import DateInput
from skola.promises.policy.api import in_force


class ReasonForm(forms.Form):
    """Why; it stands in the record of the release."""

    reason = forms.CharField(
        label=gettext_lazy("Why this is right"),
        help_text=gettext_lazy("Such as: a class has left. Do not write names here."),
        max_length=200,
    )


class DaysForm(forms.Form):
    """Why something is held, and for how many days."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Such as a case number. Do not write names here."),
        max_length=200,
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days"), min_value=1, max_value=366, initial=14
    )


class HoldForm(forms.Form):
    """Whose data are held, which of them, why, and until when."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the person"),
        help_text=gettext_lazy("The address under which the person is known here."),
    )
    category = forms.ChoiceField(label=gettext_lazy("Which data"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Such as a case number. Do not write names here."),
        max_length=200,
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DateInput(),
        help_text=gettext_lazy("Leave it empty for a hold that lasts until you release it."),
        required=False,
    )

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [("", _("everything")), *categories]

    def clean_email(self) -> Person:
        email = str(self.cleaned_data["email"]).lower()
        found = Person.objects.filter(email=email).order_by("created_at").first()
        if found is None:
            raise forms.ValidationError(_("Nobody is known here under this address."))
        return found

    def clean_ends_on(self) -> datetime | None:
        """Return the local midnight after the last day."""
        day = self.cleaned_data["ends_on"]
        if day is None:
            return None
        zone = ZoneInfo(in_force(clock.now()).policy.policy.timezone)
        end = datetime.combine(day + timedelta(days=1), time(), zone)
        if end <= clock.now():
            raise forms.ValidationError(_("This day is over."))
        return end


class KeptForm(forms.Form):
    """Whose records, and which kind of them."""

    who = forms.CharField(
        label=gettext_lazy("E-mail or number of the person"),
        help_text=gettext_lazy("The number stands in the address of the person's page."),
        max_length=254,
    )
    kind = forms.ChoiceField(label=gettext_lazy("Which records"))

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = kinds

    def clean_who(self) -> Person:
        said = str(self.cleaned_data["who"]).strip().lower()
        try:
            found = Person.objects.filter(pk=UUID(said)).first()
        except ValueError:
            found = Person.objects.filter(email=said).order_by("created_at").first()
        if found is None:
            raise forms.ValidationError(_("Nobody is known here so."))
        return found
