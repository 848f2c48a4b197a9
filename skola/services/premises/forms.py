"""Forms of premises."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.ui.api import MomentInput
from skola.services.premises import queries
from skola.services.premises.actions import Place
from skola.services.premises.models import Area


class AreaForm(forms.Form):
    """What cameras watch, and who may look."""

    site = forms.CharField(label=gettext_lazy("Site"), max_length=120)
    name = forms.CharField(label=gettext_lazy("Area"), max_length=120)
    cameras = forms.IntegerField(
        label=gettext_lazy("Number of cameras"), min_value=1, max_value=500
    )
    viewers = forms.ChoiceField(label=gettext_lazy("Who may look"), choices=Area.Viewers.choices)

    def place(self) -> Place:
        """Return the area, once the form is valid."""
        return Place(**self.cleaned_data)


class FootageForm(forms.Form):
    """What was stored of an area."""

    starts_at = forms.DateTimeField(label=gettext_lazy("From"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=gettext_lazy("To"), widget=MomentInput())
    medium = forms.CharField(
        label=gettext_lazy("Where it is"),
        max_length=120,
        help_text=gettext_lazy("Recorder and disk, so that it is found."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        begins, ends = told.get("starts_at"), told.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("It ends after it begins."))
        if ends and ends > self.now:
            self.add_error("ends_at", _("This moment has not come yet."))
        return told


class _AreaAndTime(forms.Form):
    area: Any = forms.ModelChoiceField(label=gettext_lazy("Area"), queryset=Area.objects.none())
    at = forms.DateTimeField(label=gettext_lazy("Day and time"), widget=MomentInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.queryset = queries.watched()


class SearchForm(_AreaAndTime):
    """Of which area and time footage is sought."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False


class AskForm(_AreaAndTime):
    """Where and when somebody was filmed, and how to know them."""

    words = forms.CharField(
        label=gettext_lazy("How do we know you?"),
        max_length=500,
        help_text=gettext_lazy("What you wore or carried. Send no picture of yourself."),
        widget=forms.Textarea({"rows": 3}),
    )
