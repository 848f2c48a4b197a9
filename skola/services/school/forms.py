"""Forms of schools."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.lists import ListError
from skola.ground.people.api import Guardianship, Person
from skola.ground.ui.api import DateInput
from skola.services.school import pupil_list
from skola.services.school.models import Bell, Group, Pupil, School, SchoolClass, Subject, Weekday
from skola.services.school.rules import EARLIEST, LATEST

if TYPE_CHECKING:
    _GroupChoice = forms.ModelChoiceField[Group]
    _PupilChoice = forms.ModelChoiceField[Pupil]
else:
    _GroupChoice = _PupilChoice = forms.ModelChoiceField

POWERS = [
    ("see", gettext_lazy("see the diary")),
    ("marks", gettext_lazy("see marks")),
    ("excuse", gettext_lazy("send absence notes")),
    ("message", gettext_lazy("write to the teachers")),
    ("request", gettext_lazy("make requests about the data")),
    ("consent", gettext_lazy("consent in the child's place")),
]


SOURCES = [
    ("school", gettext_lazy("the school itself")),
    ("public", gettext_lazy("a public register")),
    ("third", gettext_lazy("a third party")),
]
"""Where a list of pupils can be from (ekool-4.1)."""


class KnownPerson(forms.EmailField):
    """Somebody who is known here, by the address."""

    def clean(self, value: Any) -> Any:
        email = super().clean(value)
        if not email:
            return None
        found = Person.objects.filter(email=str(email).lower()).order_by("created_at").first()
        if found is None:
            raise forms.ValidationError(_("Nobody is known here under this address."))
        return found


class SchoolForm(forms.Form):
    """A school to be."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    municipality = forms.CharField(
        label=gettext_lazy("Municipality"), max_length=80, required=False
    )


class PersonForm(forms.Form):
    """Who is to have a role."""

    person = KnownPerson(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("The address under which the person is known here."),
    )


class YearForm(forms.Form):
    """A school year."""

    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=DateInput(),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=DateInput(), validators=[MaxValueValidator(LATEST)]
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and told["ends_on"] <= told["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        return told


class ClassForm(forms.Form):
    """A class of the year."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=12)
    grade = forms.IntegerField(label=gettext_lazy("Year of schooling"), min_value=1, max_value=12)


class SubjectForm(forms.Form):
    """A subject and its scale."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    scale = forms.ChoiceField(
        label=gettext_lazy("How it is marked"), choices=Subject.Marking.choices
    )


class PupilForm(forms.Form):
    """A pupil for a class: somebody known by the address, or a child not known yet."""

    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    birth_on = forms.DateField(
        label=gettext_lazy("Date of birth"),
        widget=DateInput(),
        help_text=gettext_lazy("Guardians see nothing more when the pupil is of age."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy(
            "Somebody known under this address is taken, whatever stands above."
        ),
    )
    joined_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())


LARGEST = 4_000_000


class ListForm(forms.Form):
    """A list of pupils, pasted or as a file."""

    text = forms.CharField(
        label=gettext_lazy("Paste the list"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "With a first line of names: given_name, family_name, birth_on, email, class."
            " Paste it from a spreadsheet, or separate by commas or semicolons."
        ),
    )
    file = forms.FileField(label=gettext_lazy("Or a file (CSV)"), required=False)

    source = forms.ChoiceField(
        label=gettext_lazy("Where the list is from"),
        choices=SOURCES,
        initial="school",
        required=False,
    )
    ground = forms.CharField(
        label=gettext_lazy("Why a third party may give it"), max_length=200, required=False
    )

    rows: tuple[pupil_list.Row, ...]
    read: str

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["source"] = told.get("source") or "school"
        if told["source"] == "third" and not told.get("ground"):
            words = _("Data of a third party are taken with a ground only. Say which.")
            self.add_error("ground", words)
        if self.errors:
            return told
        upload = told.get("file")
        field = "file" if upload else "text"
        try:
            if upload is not None and upload.size > LARGEST:
                raise ListError("large")
            self.read = pupil_list.decode(upload.read()) if upload else told.get("text", "")
            self.rows = pupil_list.read(self.read)
        except ListError as problem:
            self.add_error(field, fault(problem))
        return told


def fault(problem: ListError) -> str:
    """Return what is wrong with a list as a whole, and what now."""
    words = {
        "large": _("The file is larger than 4 MB. Split it."),
        "encoding": _("The file is not in UTF-8. Save it as CSV in UTF-8."),
        "columns": _("The first line must name these columns, too: %(detail)s."),
        "column-twice": _("The first line names these columns twice: %(detail)s."),
        "csv": _("The list is torn: %(detail)s. Save it anew as CSV."),
        "empty": _("There are no pupils on the list."),
        "long": _("The list has more than %(detail)s lines. Split it."),
    }
    return words[problem.code] % {"detail": problem.detail}


def doubt(why: pupil_list.Why) -> str:
    """Return why a line is left out, and what now."""
    return {
        pupil_list.Why.MISSING: _("Given name, family name or class is missing."),
        pupil_list.Why.GARBLED: _("Letters are broken. Save the list in UTF-8."),
        pupil_list.Why.TOO_LONG: _("A name or an address is too long."),
        pupil_list.Why.BAD_DAY: _("This is no date of birth. Write 2012-05-04 or 04.05.2012."),
        pupil_list.Why.BAD_ADDRESS: _("This is no e-mail address."),
        pupil_list.Why.NO_CLASS: _("The school has no such class this year."),
        pupil_list.Why.TWICE: _("The list has this pupil twice."),
        pupil_list.Why.ADDRESS_TWICE: _("The list has this address twice."),
        pupil_list.Why.ADDRESS_TAKEN: _("Somebody of another name is known under this address."),
        pupil_list.Why.OTHER_CLASS: _("The pupil is in another class. Let them leave it first."),
    }[why]


class GroupForm(forms.Form):
    """A subject for the class, and who teaches it."""

    subject = forms.ModelChoiceField(label=gettext_lazy("Subject"), queryset=Subject.objects.none())
    teacher = KnownPerson(label=gettext_lazy("E-mail of the teacher"), required=False)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["subject"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Subject.objects.filter(school=school).order_by("name")


class _OfGroup(_GroupChoice):
    def label_from_instance(self, obj: Group) -> str:
        return obj.subject.name


class SlotForm(forms.Form):
    """A lesson for the timetable."""

    group = _OfGroup(label=gettext_lazy("Subject"), queryset=Group.objects.none())
    weekday = forms.TypedChoiceField(label=gettext_lazy("Day"), choices=Weekday.choices, coerce=int)
    bell = forms.ModelChoiceField(label=gettext_lazy("Time"), queryset=Bell.objects.none())
    room = forms.CharField(label=gettext_lazy("Room"), max_length=20, required=False)
    from_on = forms.DateField(label=gettext_lazy("From"), widget=DateInput())

    def __init__(self, *args: Any, school_class: SchoolClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group, bell = self.fields["group"], self.fields["bell"]
        assert isinstance(group, forms.ModelChoiceField)
        assert isinstance(bell, forms.ModelChoiceField)
        mine = Group.objects.filter(school_class=school_class)
        group.queryset = mine.select_related("subject").order_by("subject__name")
        bell.queryset = Bell.objects.filter(school=school_class.year.school_id).order_by("number")


class ChangeForm(forms.Form):
    """What is different about a lesson on one day."""

    is_cancelled = forms.BooleanField(label=gettext_lazy("Falls out"), required=False)
    room = forms.CharField(label=gettext_lazy("Another room"), max_length=20, required=False)
    teacher = KnownPerson(label=gettext_lazy("E-mail of who stands in"), required=False)


class AskForm(forms.Form):
    """A parent asks for access to a child."""

    school = forms.ModelChoiceField(label=gettext_lazy("School"), queryset=School.objects.none())
    child_name = forms.CharField(label=gettext_lazy("Name of the child"), max_length=160)
    child_birth_on = forms.DateField(
        label=gettext_lazy("The child's date of birth"), widget=DateInput()
    )
    words = forms.CharField(
        label=gettext_lazy("What the school should know"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = School.objects.order_by("name")


class _OfPupil(_PupilChoice):
    def label_from_instance(self, obj: Pupil) -> str:
        born = f", {obj.person.birth_on:%d.%m.%Y}" if obj.person.birth_on else ""
        return f"{obj.person.family_name} {obj.person.given_name}, {obj.school_class.name}{born}"


class ConfirmForm(forms.Form):
    """Who the child is, how the link was proven, and what the guardian may do."""

    pupil = _OfPupil(label=gettext_lazy("Pupil"), queryset=Pupil.objects.none())
    proof = forms.ChoiceField(
        label=gettext_lazy("Proof"),
        choices=Guardianship.Proof.choices,
        initial=Guardianship.Proof.SCHOOL,
        help_text=gettext_lazy("What was looked at is noted, not stored."),
    )
    powers = forms.MultipleChoiceField(
        label=gettext_lazy("What the guardian may do"),
        choices=POWERS,
        initial=[power for power, _words in POWERS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, school: School, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pupil"]
        assert isinstance(field, forms.ModelChoiceField)
        there = Pupil.objects.filter(school_class__year__school=school).in_class_on(on)
        field.queryset = there.by_name().select_related("person", "school_class")


class RefuseForm(forms.Form):
    """Why a parent is not linked; the parent reads it."""

    answer = forms.CharField(label=gettext_lazy("Why; the parent reads it"), max_length=300)
