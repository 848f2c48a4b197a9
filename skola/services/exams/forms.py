"""Forms of exams."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.services.exams import rules
from skola.services.exams.actions.making import Query, Words
from skola.services.exams.actions.marking import Mark
from skola.services.exams.models import (
    Answer,
    Attempt,
    Contest,
    Exam,
    IdentityCheck,
    Question,
    Sitting,
    Viewing,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from skola.ground.people.api import Person

    _PeopleField = forms.ModelMultipleChoiceField[Person]
    _ExamForm = forms.ModelForm[Exam]
    _SittingForm = forms.ModelForm[Sitting]
else:
    _PeopleField = forms.ModelMultipleChoiceField
    _ExamForm = _SittingForm = forms.ModelForm


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# ---- making --------------------------------------------------------------------------------------


class ExamForm(_ExamForm):
    """What an exam is."""

    class Meta:
        model = Exam
        fields = ("title", "text", "minutes", "pass_percent", "term_days")
        widgets = {"text": forms.Textarea({"rows": 5})}

    def words(self) -> Words:
        """Return what was written, once the form is valid."""
        return Words(**self.cleaned_data)


class QuestionForm(forms.Form):
    """A question and its key, in one place: a star stands before each right choice."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Question.Kind.choices)
    text = forms.CharField(
        label=_("Question"), max_length=4_000, widget=forms.Textarea({"rows": 3})
    )
    answers = forms.CharField(
        label=_("Choices, or accepted answers"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "One a line. Put a star before each right choice. For a number: the number, and below "
            "it how far off one may be. Nothing for a text that a person marks."
        ),
    )
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=100, initial=1)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if "kind" not in told or "answers" not in told:
            return told
        options, key = _parted(told["kind"], _lines(told["answers"]))
        fault = rules.key_fault(told["kind"], options=options, key=key)
        if fault == "options":
            self.add_error("answers", _("Write at least two choices, each once."))
        elif fault:
            self.add_error("answers", _("The right answer is missing, or is no number."))
        told["options"], told["key"] = options, key
        return told

    def query(self) -> Query:
        """Return the question, once the form is valid."""
        told = self.cleaned_data
        return Query(told["kind"], told["text"], told["points"], told["options"], told["key"])


def _parted(kind: str, lines: Sequence[str]) -> tuple[list[str], list[str]]:
    if kind not in (rules.Kind.SINGLE, rules.Kind.MULTIPLE):
        return [], [] if kind == rules.Kind.LONG else list(lines)
    right = [str(number) for number, line in enumerate(lines) if line.startswith("*")]
    return [line.removeprefix("*").strip() for line in lines], right


class SittingForm(_SittingForm):
    """A date of an exam."""

    class Meta:
        model = Sitting
        fields = ("starts_at", "closes_at", "places", "room")
        widgets = {"starts_at": _Moment, "closes_at": _Moment}

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        first, last = told.get("starts_at"), told.get("closes_at")
        if first and last and last <= first:
            self.add_error("closes_at", _("This must be later than the beginning."))
        if last and last <= self.now:
            self.add_error("closes_at", _("This has passed. Choose a later moment."))
        return told


# ---- sitting -------------------------------------------------------------------------------------


class WayForm(forms.Form):
    """How somebody wants to sit: both ways are always there."""

    way = forms.ChoiceField(
        label=_("How do you want to sit?"),
        choices=Attempt.Way.choices,
        widget=forms.RadioSelect,
        help_text=_("You can change it until you begin. The questions and the time are the same."),
    )


class PapersForm(forms.Form):
    """A picture of the candidate with their papers."""

    picture = forms.FileField(
        label=_("A picture of you holding your passport or identity card"),
        widget=forms.FileInput({"accept": "image/*", "capture": "user"}),
        help_text=_("A person looks at it. Then its key is destroyed; only what they found stays."),
    )


class BeginForm(forms.Form):
    """The candidate has read the card; ``days`` is the term that stood on it (ilearn-40.c)."""

    days = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    camera = forms.CharField(widget=forms.HiddenInput, required=False)
    read = forms.BooleanField(label="")

    def __init__(self, *args: Any, wording: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["read"].label = wording


def later_from(data: Any, questions: Sequence[Question]) -> list[UUID] | None:
    """Return the questions that a paper marks for later; None where it does not speak of them."""
    if "maps" not in data:
        return None
    marked = set(data.getlist("later"))
    return [one.pk for one in questions if str(one.pk) in marked]


def answers_from(data: Any, questions: Sequence[Question]) -> dict[UUID, list[str]]:
    """Return what a paper says, by question; what fits no choice is left out.

    Only questions of which the paper says something are there: ``q-ID``, and ``shown`` names those
    whose choices were on the page, so that taking back the last choice counts.
    """
    shown = set(data.getlist("shown"))
    found: dict[UUID, list[str]] = {}
    for question in questions:
        name = f"q-{question.pk}"
        if name not in data and str(question.pk) not in shown:
            continue
        given = [str(one)[:20_000] for one in data.getlist(name)]
        if question.options:
            known = {str(number) for number in range(len(question.options))}
            given = sorted({one for one in given if one in known}, key=int)
            given = given if question.kind == Question.Kind.MULTIPLE else given[:1]
        else:
            given = [one for one in given[:1] if one.strip()]
        found[question.pk] = given
    return found


class ContestForm(forms.Form):
    """What a candidate contests."""

    text = forms.CharField(
        label=_("What is wrong, and why?"),
        max_length=4_000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Name the question or the minute of the film, if you can."),
    )


class HelpForm(forms.Form):
    """What a candidate asks the invigilator."""

    text = forms.CharField(
        label=_("What do you need?"), max_length=400, widget=forms.Textarea({"rows": 2})
    )


# ---- invigilating --------------------------------------------------------------------------------


class InvigilatorsForm(forms.Form):
    """Who watches over a date."""

    def __init__(self, *args: Any, examiners: "QuerySet[Person]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"] = _People(
            examiners,
            label=_("Who watches over this date"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class _People(_PeopleField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class SayForm(forms.Form):
    """One line or a few, for a candidate or for whoever marks."""

    text = forms.CharField(label=_("Words"), max_length=1_000, widget=forms.Textarea({"rows": 2}))


class ExtraTimeForm(forms.Form):
    """How much longer somebody may write, and why."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=rules.MOST_EXTRA)
    text = forms.CharField(label=_("Reason, for the candidate"), max_length=400)


# ---- the desk ------------------------------------------------------------------------------------


class IdentityForm(forms.Form):
    """What a person found when they looked at the papers."""

    outcome = forms.ChoiceField(choices=IdentityCheck.Outcome.choices)


class ReviewForm(forms.Form):
    """Who sat at an exam that was begun though it was not confirmed."""

    finding = forms.ChoiceField(
        label=_("Who sat there"), choices=IdentityCheck.Finding.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("Reasons, for the candidate"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
    )


class LookForm(forms.Form):
    """Why somebody looks at a film."""

    reason = forms.ChoiceField(label=_("Why do you look?"), choices=Viewing.Reason.choices)


class MarksForm(forms.Form):
    """Points and a remark for every answer; what the key says stands there already."""

    def __init__(self, *args: Any, answers: Sequence[Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers
        for one in answers:
            self.fields[f"points-{one.question_id}"] = forms.DecimalField(
                label=_("Points"),
                min_value=Decimal(0),
                max_value=Decimal(one.question.points),
                decimal_places=2,
                initial=one.points,
            )
            self.fields[f"remark-{one.question_id}"] = forms.CharField(
                label=_("Remark for the candidate"),
                max_length=400,
                required=False,
                initial=one.remark,
            )

    def pair(self, question: UUID) -> tuple[forms.BoundField, forms.BoundField]:
        """Return the fields of one question."""
        return self[f"points-{question}"], self[f"remark-{question}"]

    def marks(self) -> Mapping[UUID, Mark]:
        """Return the marks, once the form is valid."""
        told = self.cleaned_data
        return {
            one.question_id: Mark(
                told[f"points-{one.question_id}"], told[f"remark-{one.question_id}"]
            )
            for one in self.answers
        }


class DecisionForm(MarksForm):
    """How a contest is decided; the points count where the result is changed."""

    field_order = ("decision", "reasons")

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Contest.Decision.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("Reasons, for the candidate"),
        max_length=4_000,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean_reasons(self) -> str:
        text: str = self.cleaned_data["reasons"]
        if not text.strip():
            raise ValidationError(_("A decision has reasons."))
        return text
