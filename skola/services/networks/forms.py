"""Which course, who goes to which exam, and the file of results."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from skola.services.courses.api import Course, Enrolment


class CourseForm(forms.Form):
    """The course whose learners are sent."""

    course = forms.ModelChoiceField(
        label=gettext_lazy("Course"), queryset=Course.objects.none(), to_field_name="slug"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["course"]
        field.queryset = Course.objects.exclude(state=Course.State.DRAFT).order_by("title")
        field.label_from_instance = lambda course: course.title


class SendForm(forms.Form):
    """The exam, and who goes to it."""

    exam = forms.CharField(
        label=gettext_lazy("Reference of the exam"),
        help_text=gettext_lazy("As the operator knows it; the file of results repeats it."),
        max_length=80,
    )
    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Candidates"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, learners: Iterable[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.choices = [(str(one.person_id), one.person.name) for one in learners]


class ResultsForm(forms.Form):
    """Results as the operator gave them."""

    results = forms.FileField(
        label=gettext_lazy("File of results (CSV)"),
        help_text=gettext_lazy("Its first line: reference,exam,sat_on,outcome,points"),
        widget=forms.ClearableFileInput({"accept": ".csv,text/csv"}),
    )
