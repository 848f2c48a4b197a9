"""Forms of the workforce."""

import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skola.ground.lists import ListError
from skola.ground.people.api import Account, Person
from skola.ground.ui.api import DateInput
from skola.services.courses.api import Course
from skola.services.workforce import queries
from skola.services.workforce.models import (
    Charge,
    Company,
    Employment,
    Position,
    Requirement,
    Training,
)
from skola.services.workforce.rules.difference import Row, read, read_new
from skola.services.workforce.rules.terms import Need
from skola.services.workforce.sight import Sight
from skola.services.workforce.wording import fault

LARGEST = 4_000_000
"""Bytes of a list."""
MOST_SEALED = settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 0.95
"""Bytes in which it comes back with the confirmation, compressed and signed."""


class CompanyForm(forms.Form):
    """A client company, and who looks after its training: somebody with an account here."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    number = forms.CharField(label=_("Registration number"), max_length=30, required=False)
    email = forms.EmailField(
        label=_("E-mail of the training manager"),
        help_text=_("They need an account here. They import the people and lay down the rules."),
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Company.objects.filter(name=name).exists():
            raise ValidationError(_("There is a company of this name."))
        return name

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        account = Account.objects.select_related("person").filter(email=email).first()
        if account is None:
            raise ValidationError(_("Nobody signs in with this address. Invite them first."))
        self.manager: Person = account.person
        return email


def text_of(upload: Any) -> str:
    """Return what stands in a file. Raises ValidationError where it is too large, or no text."""
    if upload.size > LARGEST:
        raise ValidationError(_("The file is larger than 4 MB. Split it."))
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValidationError(_("The file is not in UTF-8. Save it as CSV in UTF-8.")) from None


class ListForm(forms.Form):
    """A company's list of people."""

    file = forms.FileField(
        label=_("The list, as CSV"),
        help_text=_(
            "Columns: number, given_name, family_name, email, phone, unit, position, since."
            " A unit within a unit is written “Vilnius / Warehouse”."
        ),
    )
    complete = forms.BooleanField(
        label=_("This is everybody: who is not on the list has left"), required=False
    )

    rows: tuple[Row, ...]
    text: str

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.text = text_of(upload)
        if len(zlib.compress(self.text.encode())) * 4 / 3 > MOST_SEALED:
            raise ValidationError(_("The list is too large to be confirmed in one go. Split it."))
        try:
            self.rows = read(self.text)
        except ListError as problem:
            raise ValidationError(fault(problem)) from problem
        return upload


class PeopleForm(forms.Form):
    """Which people are shown."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    stands = forms.ChoiceField(
        label=_("Shown"),
        required=False,
        choices=[
            ("", _("everybody")),
            ("overdue", _("who has something overdue")),
            ("soon", _("who has something due within 30 days")),
        ],
    )
    name = forms.CharField(label=_("Family name"), required=False, max_length=80)

    def __init__(self, *args: Any, units: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(key), name) for key, name in units.items()]
        unit: Any = self.fields["unit"]
        unit.choices = [("", _("all")), *choices]


class RequirementForm(forms.Form):
    """A training, of whom it is required, by when and how often."""

    course = forms.ChoiceField(
        label=_("Course of this service"),
        required=False,
        help_text=_("Or, where it is none of these, name the training below."),
    )
    title = forms.CharField(
        label=_("Training"),
        max_length=120,
        required=False,
        help_text=_("One of the list, or a new one that is given elsewhere and noted here."),
        widget=forms.TextInput({"list": "trainings", "autocomplete": "off"}),
    )
    position = forms.ChoiceField(label=_("Required of"), required=False)
    days = forms.IntegerField(label=_("Days to do it"), min_value=0, max_value=730, initial=30)
    months = forms.IntegerField(
        label=_("Months it is valid"),
        min_value=1,
        max_value=240,
        required=False,
        help_text=_("Empty where once is enough."),
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        self.positions = {str(one.pk): one for one in Position.objects.filter(company=company)}
        field: Any = self.fields["position"]
        field.choices = [
            ("", _("everybody")),
            *((key, one.name) for key, one in self.positions.items()),
        ]
        self.courses = {str(one.pk): one for one in Course.objects.published().order_by("title")}
        offered: Any = self.fields["course"]
        offered.choices = [("", "–"), *((key, one.title) for key, one in self.courses.items())]

    @property
    def chosen(self) -> Position | None:
        """Return the position that was chosen; None for everybody."""
        return self.positions.get(self.cleaned_data["position"])

    @property
    def need(self) -> Need:
        """Return the rule, once the form is valid."""
        return Need(self.cleaned_data["days"], self.cleaned_data["months"])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        self.taken: Course | None = self.courses.get(told.get("course", ""))
        title = self.taken.title if self.taken else told.get("title", "")
        if not title:
            self.add_error("title", _("Choose a course, or name the training."))
        told["title"] = title
        self.training = Training.objects.filter(company=self.company, title=title).first()
        if self.taken and self.training and self.training.course_id != self.taken.pk:
            raise ValidationError(_("There is another training of this title."))
        if self.training is not None and not self.errors:
            running = Requirement.objects.filter(training=self.training, ends_on=None)
            if running.filter(position=self.chosen).exists():
                raise ValidationError(_("It is required of them already. End that rule first."))
        return told


class ChargeForm(forms.Form):
    """Who looks after a unit, as what."""

    unit = forms.ChoiceField(label=_("Unit"))
    duty = forms.ChoiceField(label=_("As"), choices=Charge.Duty.choices)
    number = forms.CharField(label=_("Staff number"), max_length=40)

    person: Person

    def __init__(
        self, *args: Any, company: Company, units: Mapping[UUID, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        unit: Any = self.fields["unit"]
        unit.choices = [(str(key), name) for key, name in units.items()]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        found = queries.by_number(self.company, [number])
        if not found:
            raise ValidationError(_("Nobody who works here has this number."))
        self.person = found[number].person
        return number


class FindForm(forms.Form):
    """Whom one looks for, by what the company calls them: sent in the body, never in an address."""

    number = forms.CharField(label=_("Number"), max_length=40)

    employment: Employment

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sight = sight
        self.fields["number"].label = queries.CALLED[sight.company.identifier]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        found = queries.by_number(self.sight.company, [number]).get(number)
        if found is None or not self.sight.posts().filter(employment=found).exists():
            raise ValidationError(_("Nobody who works here has this number."))
        self.employment = found
        return number


class IdentifiersForm(forms.Form):
    """By what a company knows all of its people from now on."""

    kind = forms.ChoiceField(
        label=_("Known by"),
        choices=Company.Identifiers.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "We recommend the staff number: it tells nothing about anybody. A birth date or a"
            " personal code is stored encrypted and shown masked."
        ),
    )
    file = forms.FileField(
        label=_("Old and new, as CSV"),
        required=False,
        help_text=_("Columns: number, new. Everybody who works for you now, one in each line."),
    )

    told: Mapping[str, str]

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["kind"] = company.identifier
        self.company = company

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.told = {}
        if not upload:
            if Employment.objects.filter(company=self.company, ended_on=None).exists():
                raise ValidationError(_("Bring the list of old and new ones."))
            return upload
        try:
            self.told = read_new(text_of(upload))
        except ListError as problem:
            raise ValidationError(fault(problem)) from problem
        return upload


class CompletionForm(forms.Form):
    """A training that was done elsewhere."""

    done_on = forms.DateField(label=_("Done on"), widget=DateInput)
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=120,
        required=False,
        help_text=_("Such as the number of the certificate. No marks, no results."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_done_on(self) -> date:
        done: date = self.cleaned_data["done_on"]
        if done > self.today:
            raise ValidationError(_("This day has not come yet."))
        return done
