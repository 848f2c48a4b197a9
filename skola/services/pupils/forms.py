"""Forms of pupils' data."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.people.api import Person, Role, holds
from skola.ground.ui.api import DateInput
from skola.services.pupils import comparing, rules
from skola.services.pupils.models import AudienceChoice
from skola.services.school import api as school

LARGEST = 4_000_000


class ContactForm(forms.Form):
    """What a pupil or a guardian changes."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    address = forms.CharField(label=gettext_lazy("Postal address"), max_length=200, required=False)


class SightForm(forms.Form):
    """Who sees phone and e-mail."""

    phone_for = forms.ChoiceField(
        label=gettext_lazy("Who sees the phone"), choices=AudienceChoice.choices
    )
    email_for = forms.ChoiceField(
        label=gettext_lazy("Who sees the e-mail"), choices=AudienceChoice.choices
    )


class OfficialForm(forms.Form):
    """What only the school changes."""

    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    birth_on = forms.DateField(
        label=gettext_lazy("Date of birth"), widget=DateInput(), required=False
    )
    code = forms.CharField(
        label=gettext_lazy("National code"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Leave it empty where it stays as it is."),
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_code(self) -> str:
        code = rules.plain(self.cleaned_data["code"])
        if code and not rules.is_code(code, self.country):
            raise forms.ValidationError(_("This is no national code. Look at its digits."))
        return code


class RegisterForm(forms.Form):
    """What a register says of the pupils, as a file, and which register it is."""

    register = forms.CharField(
        label=gettext_lazy("Which register"),
        max_length=80,
        help_text=gettext_lazy("It stands beside each change in the history."),
    )
    as_of = forms.DateField(label=gettext_lazy("As of"), widget=DateInput())
    file = forms.FileField(
        label=gettext_lazy("File (CSV in UTF-8)"),
        help_text=gettext_lazy(
            "With a first line of names: code, and any of given_name, family_name, birth_on,"
            " email, phone, address. Codes of nobody here are not kept."
        ),
    )
    lines: list[comparing.Line]

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 4 MB. Split it."))
        try:
            self.lines = comparing.read(sent.read().decode("utf-8"))
        except UnicodeDecodeError as problem:
            words = _("The file is not in UTF-8. Save it as CSV in UTF-8.")
            raise forms.ValidationError(words) from problem
        except comparing.ListError as problem:
            raise forms.ValidationError(str(problem)) from problem
        return sent


class HandOverForm(forms.Form):
    """To which school a pupil goes."""

    to_school = forms.ModelChoiceField(
        label=gettext_lazy("To the school"), queryset=school.School.objects.none()
    )

    def __init__(self, *args: Any, but: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_school"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = school.School.objects.exclude(pk=but).order_by("name")


class TakeOverForm(forms.Form):
    """Into which class a pupil who was handed over goes."""

    school_class = forms.ModelChoiceField(
        label=gettext_lazy("Class"), queryset=school.SchoolClass.objects.none()
    )

    def __init__(self, *args: Any, where: school.School, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school_class"]
        assert isinstance(field, forms.ModelChoiceField)
        mine = school.SchoolClass.objects.filter(year__school=where)
        field.queryset = school.classes_of_today(mine, on)


class CaseForm(forms.Form):
    """Whom of the support the school lets in, for what, and for how long."""

    agent = forms.EmailField(label=gettext_lazy("E-mail of the person of the support"))
    words = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    days = forms.IntegerField(
        label=gettext_lazy("Days, at most seven"), min_value=1, max_value=7, initial=1
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_agent(self) -> Person:
        found = Person.objects.filter(email=self.cleaned_data["agent"].lower()).first()
        if found is None or not holds(found, Role.Kind.SUPPORT, now=self.now):
            raise forms.ValidationError(_("Nobody of the support has this address."))
        return found
