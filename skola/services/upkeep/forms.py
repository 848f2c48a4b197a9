"""Forms of works."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.ui.api import MomentInput
from skola.services.courses.api import Course
from skola.services.upkeep.actions import Planned
from skola.services.upkeep.models import Works


class WorksForm(forms.Form):
    """What is worked on, from when to when, and what customers are told."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Works.Kind.choices)
    course: Any = forms.ModelChoiceField(
        label=gettext_lazy("Service"),
        queryset=Course.objects.none(),
        required=False,
        empty_label=gettext_lazy("the whole service"),
    )
    starts_at = forms.DateTimeField(label=gettext_lazy("Begins"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends"), widget=MomentInput())
    words = forms.CharField(
        label=gettext_lazy("What customers are told"),
        max_length=1_000,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course: Any = self.fields["course"]
        course.queryset = Course.objects.order_by("title")
        course.label_from_instance = lambda one: one.title

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        begins, ends = told.get("starts_at"), told.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("It ends after it begins."))
        return told

    def planned(self) -> Planned:
        """Return the works, once the form is valid."""
        return Planned(**self.cleaned_data)
