"""Forms of runs."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.lists import ListError
from skola.ground.ui.api import DateInput
from skola.services.courses.api import Course
from skola.services.runs import queries
from skola.services.runs.models import RunLink
from skola.services.runs.rules import Row, read
from skola.services.runs.wording import fault

if TYPE_CHECKING:
    _CourseChoice = forms.ModelChoiceField[Course]
else:
    _CourseChoice = forms.ModelChoiceField

LARGEST = 1_000_000
"""Bytes of a list."""


class DaysForm(forms.Form):
    """What a run is called, and from and until when it lasts."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        help_text=gettext_lazy("As people know it: the course and the group, or the season."),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput())

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and told["ends_on"] < told["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        return told


class RunForm(DaysForm):
    """A new run."""

    course = _CourseChoice(
        label=gettext_lazy("Course"),
        queryset=Course.objects.none(),
        help_text=gettext_lazy("Published ones. Everybody who is put down is enrolled in it."),
    )
    field_order = ("course", "title", "starts_on", "ends_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course: Any = self.fields["course"]
        course.queryset = queries.courses_to_run()
        course.label_from_instance = lambda one: one.title


class PersonForm(forms.Form):
    """Somebody to be put down."""

    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    email = forms.EmailField(label=gettext_lazy("E-mail"))

    @property
    def row(self) -> Row:
        """Return what was written, once the form is valid."""
        told = self.cleaned_data
        return Row(0, told["given_name"], told["family_name"], told["email"].lower())


class JoinForm(PersonForm):
    """Somebody puts themselves down."""

    password = forms.CharField(
        label=gettext_lazy("Password of the course"),
        help_text=gettext_lazy("You got it together with the link."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class ListForm(forms.Form):
    """A list of people."""

    file = forms.FileField(
        label=gettext_lazy("The list, as CSV"),
        help_text=gettext_lazy("Columns: given_name, family_name, email. You see what it does."),
    )

    rows: tuple[Row, ...]
    text: str

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise ValidationError(_("The file is larger than 1 MB. Split it."))
        try:
            self.text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("The file is not in UTF-8. Save it as CSV in UTF-8.")) from None
        try:
            self.rows = read(self.text)
        except ListError as problem:
            raise ValidationError(fault(problem)) from problem
        return upload


class LinkForm(forms.Form):
    """The link by which people put themselves down."""

    is_open = forms.BooleanField(label=gettext_lazy("The link is open"), required=False)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=60,
        min_length=6,
        required=False,
        help_text=gettext_lazy("Give it out together with the link. Empty: it stays as it is."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    limit = forms.IntegerField(
        label=gettext_lazy("At most so many people"), min_value=1, max_value=5_000
    )
    ends_on = forms.DateField(label=gettext_lazy("Open until"), required=False, widget=DateInput())

    def __init__(self, *args: Any, link: RunLink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"is_open": link.is_open, "limit": link.limit, "ends_on": link.ends_on}
        self.link = link

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("is_open") and not told.get("password") and not self.link.password:
            self.add_error("password", _("Without a password anybody could come in."))
        return told


class ReminderForm(forms.Form):
    """A reminder before the end."""

    days = forms.IntegerField(
        label=gettext_lazy("Days before the end"), min_value=0, max_value=90, initial=1
    )
    words = forms.CharField(
        label=gettext_lazy("Your own words"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("They stand above the facts. Everybody gets the same."),
    )


class StandsForm(forms.Form):
    """Who is shown."""

    stands = forms.ChoiceField(
        label=gettext_lazy("Shown"),
        required=False,
        choices=[
            ("", gettext_lazy("everybody")),
            ("not-begun", gettext_lazy("who has not begun")),
            ("behind", gettext_lazy("who is behind")),
            ("late", gettext_lazy("who did not finish in time")),
            ("on-the-way", gettext_lazy("who is on the way")),
            ("done", gettext_lazy("who has finished")),
        ],
    )
