"""Forms of hiring."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.ground.ui.api import DateInput
from skola.services.hiring import rules
from skola.services.hiring.actions import Told
from skola.services.hiring.models import Application, Document, Vacancy

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    Files = list[tuple[str, UploadedFile[Any]]]
    _ApplicationForm = forms.ModelForm[Application]
    _VacancyForm = forms.ModelForm[Vacancy]
else:
    _ApplicationForm = _VacancyForm = forms.ModelForm


class ApplyForm(_ApplicationForm):
    """An application: who it is, what the person did, and documents if they like."""

    cv = forms.FileField(
        label=_("CV"), required=False, help_text=_("A document of at most 10 MB, such as a PDF.")
    )
    other = forms.FileField(
        label=_("Another document"), required=False, help_text=_("A recommendation, a certificate.")
    )
    website = forms.CharField(
        label=_("Website: leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    agreed = forms.BooleanField(label="")

    class Meta:
        model = Application
        fields = (
            "given_name",
            "family_name",
            "email",
            "phone",
            "present_workplace",
            "position",
            "former_workplaces",
            "education",
            "letter",
            "references",
        )
        widgets = {
            "former_workplaces": forms.Textarea({"rows": 3}),
            "education": forms.Textarea({"rows": 3}),
            "letter": forms.Textarea({"rows": 8}),
            "references": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, wording: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = wording
        self.fields["agreed"].error_messages["required"] = _(
            "Without your consent we may not read an application. Tick the box, or do not send it."
        )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("This field is not for people. Leave it empty and send the form again.")
            )
        return ""

    def told(self) -> Told:
        """Return what the candidate told, once the form is valid."""
        return Told(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def documents(self) -> "Files":
        """Return the files that came, each with its kind."""
        pairs = ((Document.Kind.CV, "cv"), (Document.Kind.OTHER, "other"))
        return [
            (str(kind), self.cleaned_data[name]) for kind, name in pairs if self.cleaned_data[name]
        ]


class VacancyForm(_VacancyForm):
    """A vacancy."""

    class Meta:
        model = Vacancy
        fields = ("title", "text", "latest_on")
        widgets = {"latest_on": DateInput, "text": forms.Textarea({"rows": 12})}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["latest_on"].help_text = _(
            "The selection is closed after this day at the latest, and all applications are erased."
        )

    def clean_latest_on(self) -> date:
        day: date = self.cleaned_data["latest_on"]
        fault = rules.latest_fault(day, self.today)
        if fault is rules.Fault.PAST:
            raise ValidationError(_("This day has passed. Choose today or a later one."))
        if fault is rules.Fault.TOO_FAR:
            raise ValidationError(_("A selection lasts a year at most. Choose an earlier day."))
        return day


class StageForm(forms.Form):
    """Where an application goes next."""

    to = forms.ChoiceField(label=_("Move to"))

    def __init__(self, *args: Any, stages: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Application.Stage.choices)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(stage, words[stage]) for stage in stages]


class NoteForm(forms.Form):
    """What a recruiter thinks."""

    text = forms.CharField(
        label=_("Note"),
        max_length=4_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The candidate gets it with a copy of their data."),
    )


class CloseForm(forms.Form):
    """How a selection ends, and that it is meant."""

    ending = forms.ChoiceField(
        label=_("It ends because"),
        choices=[choice for choice in Vacancy.Ending.choices if choice[0] != Vacancy.Ending.LATEST],
    )
    sure = forms.BooleanField(label=_("Yes, all applications may be erased"))
