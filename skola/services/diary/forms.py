"""Forms of the diary."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.ui.api import DateInput
from skola.services.diary import rules
from skola.services.diary.models import AbsenceNote, Assessment


class LessonForm(forms.Form):
    """What was done, and what is to be done at home."""

    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=300, required=False)
    homework = forms.CharField(
        label=gettext_lazy("Homework"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Homework for"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Empty means the next lesson."),
    )

    def __init__(self, *args: Any, ghost: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].widget.attrs["placeholder"] = ghost


class AssessmentForm(forms.Form):
    """A new column of the journal."""

    on = forms.DateField(label=gettext_lazy("Day"), widget=DateInput())
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Assessment.Kind.choices)
    title = forms.CharField(label=gettext_lazy("What is marked"), max_length=120, required=False)


class MarkForm(forms.Form):
    """One mark; empty takes it back."""

    pupil = forms.UUIDField()
    value = forms.CharField(max_length=20, required=False)
    reason = forms.CharField(max_length=200, required=False)


class NoteForm(forms.Form):
    """Why a pupil is not there: a day or some, a reason, words if one likes."""

    days = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[
            ("today", gettext_lazy("today")),
            ("tomorrow", gettext_lazy("tomorrow")),
            ("other", gettext_lazy("other days")),
        ],
        initial="today",
        widget=forms.RadioSelect,
    )
    first_on = forms.DateField(label=gettext_lazy("First day"), required=False, widget=DateInput())
    last_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DateInput())
    text = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy(
            "The form teacher and the family read this. Other teachers see that the pupil is away,"
            " and why in one word."
        ),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=AbsenceNote.Reason.choices,
        initial=AbsenceNote.Reason.ILLNESS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, today: date, tomorrow: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given = {"today": today, "tomorrow": tomorrow}
        self.today = today

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        given = self.given.get(told.get("days", ""))
        if given is not None:
            told["first_on"] = told["last_on"] = given
        elif not self.errors and told.get("first_on") is None:
            self.add_error("first_on", _("Say which day."))
        if told.get("first_on") is not None:
            told["last_on"] = told.get("last_on") or told["first_on"]
            self._check(told["first_on"], told["last_on"])
        return told

    def _check(self, first_on: date, last_on: date) -> None:
        match rules.note_fault(first_on, last_on, self.today):
            case rules.NoteFault.BACKWARDS:
                self.add_error("last_on", _("The last day lies before the first."))
            case rules.NoteFault.TOO_LONG:
                self.add_error("last_on", _("A note is for 31 days at most. Send another one."))
            case rules.NoteFault.TOO_OLD:
                self.add_error("first_on", _("That is too long ago. Write to the form teacher."))
            case _:
                pass


class AnswerForm(forms.Form):
    """The form teacher's answer to a note."""

    confirmed = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    answer = forms.CharField(
        label=gettext_lazy("Why it is refused"), max_length=300, required=False
    )


class DoubtForm(forms.Form):
    """What is wrong with a mark."""

    words = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DoubtAnswerForm(forms.Form):
    """What becomes of a report: the right mark, or none where it stands; and a word."""

    value = forms.CharField(
        label=gettext_lazy("The right mark"),
        max_length=4,
        required=False,
        help_text=gettext_lazy("Leave it empty where the mark stands."),
    )
    answer = forms.CharField(label=gettext_lazy("In a word; the family reads it"), max_length=200)
