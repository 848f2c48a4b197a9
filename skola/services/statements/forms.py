"""Forms of statements."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.people.api import Person
from skola.ground.ui.api import DateInput
from skola.services.school import api as school
from skola.services.statements.models import Authority, Statement


class StatementForm(forms.Form):
    """What a statement is about, and which days."""

    about = forms.ChoiceField(label=gettext_lazy("About"), choices=Statement.Kind.choices)
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    until_on = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput())

    def __init__(
        self, *args: Any, where: school.School, today: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._where, self._today = where, today

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if self.errors:
            return told
        if told["until_on"] < told["from_on"]:
            self.add_error("until_on", _("The last day lies before the first."))
        elif self._today is not None and told["until_on"] >= self._today:
            self.add_error("until_on", _("Choose days that are over."))
        elif not school.Year.objects.filter(
            school=self._where, starts_on__lte=told["from_on"], ends_on__gte=told["until_on"]
        ).exists():
            self.add_error("from_on", _("Choose days of one school year."))
        return told


class AuthorityForm(forms.Form):
    """A municipality or the ministry."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Authority.Level.choices)
    municipality = forms.CharField(
        label=gettext_lazy("Municipality"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("As the schools name theirs. A ministry sees all schools."),
    )
    agreement = forms.CharField(label=gettext_lazy("Number of the contract"), max_length=60)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        is_local = told.get("level") == Authority.Level.MUNICIPALITY
        if is_local and not told.get("municipality"):
            self.add_error("municipality", _("Say which municipality."))
        return told


class RepresentativeForm(forms.Form):
    """Who reads for an authority."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("The address under which the person is known here."),
    )

    def person(self) -> Person | None:
        """Return who is known here under the address."""
        email = self.cleaned_data["email"].lower()
        return Person.objects.filter(email=email).order_by("created_at").first()
