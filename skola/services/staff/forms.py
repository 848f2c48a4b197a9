"""Forms of the staff's pages."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.ui.api import DateInput
from skola.services.courses.api import Course


class CourseForm(forms.Form):
    """Which course the staff has to pass."""

    course = forms.ModelChoiceField(label=gettext_lazy("Course"), queryset=Course.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["course"]
        field.queryset = Course.objects.filter(state=Course.State.PUBLISHED, needs_seat=False)


class TextForm(forms.Form):
    """The text of a guideline, and when it is looked at again."""

    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=50_000, widget=forms.Textarea({"rows": 12})
    )
    review_on = forms.DateField(label=gettext_lazy("To be looked at again on"), widget=DateInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_review_on(self) -> date:
        """Only a day that is to come."""
        day: date = self.cleaned_data["review_on"]
        if day <= self.today:
            raise forms.ValidationError(_("Choose a day after today."))
        return day


class GuidelineForm(TextForm):
    """A new guideline."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    field_order = ("title", "text", "review_on")
