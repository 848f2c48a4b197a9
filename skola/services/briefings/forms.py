"""Forms of briefings."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.ground.signatures import api as signatures
from skola.ground.ui.api import DateInput
from skola.services.briefings.actions import Text
from skola.services.briefings.models import Edition, Ways
from skola.services.briefings.rules.signing import Way
from skola.services.courses.api import Question, QuestionsError, questions_in, written, wrong
from skola.services.workforce.api import Company, Training

FEWEST, MOST = 2, 5
"""Questions of a briefing."""
_FAULTS = {
    "number": _("Ask two to five questions, with an empty line between them."),
    "answers": _("Question %(number)s needs at least two answers, one a line."),
    "right": _("Question %(number)s needs one right answer: begin it with *."),
}


class EditionForm(forms.Form):
    """A version of a text, with its questions."""

    form = forms.ChoiceField(label=_("Kind of briefing"), choices=Edition.Form.choices)
    text = forms.CharField(label=_("Text"), max_length=60_000, widget=forms.Textarea({"rows": 16}))
    questions = forms.CharField(
        label=_("Questions"),
        max_length=8_000,
        widget=forms.Textarea({"rows": 10}),
        help_text=_(
            "Two to five, with an empty line between them: the question, then one answer a line;"
            " the right one begins with *. What people answer is not kept."
        ),
    )
    change = forms.CharField(label=_("What changed"), max_length=300, required=False)
    again = forms.BooleanField(
        label=_("Whoever signed before has to read and sign again"), required=False
    )

    asked: tuple[Question, ...]

    def __init__(self, *args: Any, last: Edition | None, **kwargs: Any) -> None:
        if last is not None:
            kwargs["initial"] = {
                "form": last.form,
                "text": last.text,
                "questions": written(last.asked),
            }
        super().__init__(*args, **kwargs)
        if last is None:
            del self.fields["change"], self.fields["again"]

    def clean_questions(self) -> str:
        told: str = self.cleaned_data["questions"]
        try:
            self.asked = questions_in(told, fewest=FEWEST, most=MOST)
        except QuestionsError as problem:
            raise ValidationError(
                _FAULTS[problem.code], params={"number": problem.number}
            ) from problem
        return told

    @property
    def told(self) -> Text:
        """Return what the version says, once the form is valid."""
        said = self.cleaned_data
        return Text(said["form"], said["text"], self.asked, said.get("change", ""))


class NewBriefingForm(EditionForm):
    """A new briefing: its title, and its first version."""

    title = forms.CharField(label=_("Title"), max_length=120)
    field_order = ["title", "form", "text", "questions"]

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, last=None, **kwargs)
        self.company = company

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if Training.objects.filter(company=self.company, title=title).exists():
            raise ValidationError(_("There is a training of this title."))
        return title


class AnswersForm(forms.Form):
    """The questions of a briefing. What is answered is checked, and not kept."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for place, one in enumerate(questions):
            self.fields[f"q{place}"] = forms.ChoiceField(
                label=one.text,
                choices=[(str(number), option) for number, option in enumerate(one.options)],
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        answers = {
            place: int(told[f"q{place}"])
            for place in range(len(self.questions))
            if told.get(f"q{place}")
        }
        for place in wrong(self.questions, answers):
            if f"q{place}" not in self.errors:
                self.add_error(f"q{place}", _("That is not right. Read the text once more."))
        return told


class SignForm(forms.Form):
    """The one act that signs, in one of the ways that are there."""

    way = forms.ChoiceField(label=_("How do you sign?"), required=False, widget=forms.RadioSelect)
    answer = forms.CharField(max_length=60, required=False)
    sure = forms.BooleanField(
        label=_("I have read and understood it, and I sign"),
        error_messages={"required": _("Tick the box, or do not sign.")},
    )

    def __init__(self, *args: Any, ways: Sequence[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = ways
        provider = signatures.provider()
        if len(ways) == 1:
            del self.fields["way"]
        else:
            self.initial["way"] = ways[0]
            labels = dict(Ways.choices)
            self.fields["way"].choices = [(one.value, labels[one]) for one in ways]  # type: ignore[attr-defined]  # a ChoiceField
        if Way.PADES in ways and provider is not None and provider.question:
            self.fields["answer"].label = provider.question
        else:
            del self.fields["answer"]

    @property
    def chosen(self) -> Way:
        """Return the way that was chosen, once the form is valid."""
        return Way(self.cleaned_data.get("way") or self.ways[0])

    @property
    def told(self) -> str:
        """Return what the provider was told, once the form is valid."""
        return str(self.cleaned_data.get("answer", ""))


class AgreementForm(forms.Form):
    """The written agreement to sign in the simple way."""

    agreed_on = forms.DateField(label=_("Signed on paper on"), widget=DateInput)
    reference = forms.CharField(label=_("Number of the document"), max_length=60)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_agreed_on(self) -> date:
        day: date = self.cleaned_data["agreed_on"]
        if day > self.today:
            raise ValidationError(_("This day has not come yet."))
        return day
