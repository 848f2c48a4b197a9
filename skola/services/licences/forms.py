"""Forms of licences."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from skola.services.courses.api import Course
from skola.services.licences import queries
from skola.services.licences.actions import Wanted
from skola.services.licences.models import Licence
from skola.services.workforce.api import Employment

AT_ONCE = 200
"""People who get a seat in one go."""


class OrderForm(forms.Form):
    """How many seats of which course, and for how long."""

    course = forms.ChoiceField(label=_("Course"))
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000)
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=60, initial=12)

    def __init__(self, *args: Any, courses: list[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {str(one.pk): one for one in courses}
        field: Any = self.fields["course"]
        field.choices = [(key, one.title) for key, one in self.courses.items()]

    @property
    def wanted(self) -> Wanted:
        """Return what was ordered, once the form is valid."""
        told = self.cleaned_data
        return Wanted(self.courses[told["course"]], told["seats"], told["months"])


class SeatsForm(forms.Form):
    """Who gets a seat, by staff number."""

    numbers = forms.CharField(
        label=_("Staff numbers"),
        help_text=_("One or several, with spaces, commas or lines between them."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    employments: list[Employment]

    def __init__(self, *args: Any, licence: Licence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licence = licence

    def clean_numbers(self) -> str:
        said: str = self.cleaned_data["numbers"]
        numbers = list(dict.fromkeys(re.split(r"[\s,;]+", said.strip())))
        if len(numbers) > AT_ONCE:
            words = ngettext(
                "At most %(most)s person at a time.", "At most %(most)s people at a time.", AT_ONCE
            )
            raise ValidationError(words % {"most": AT_ONCE})
        found = queries.without_seat(self.licence, numbers)
        missing = [one for one in numbers if one not in found]
        if missing:
            words = ngettext(
                "This number is nobody's who works here and has no seat yet: %(numbers)s.",
                "These numbers are nobody's who works here and has no seat yet: %(numbers)s.",
                len(missing),
            )
            raise ValidationError(words % {"numbers": ", ".join(missing[:20])})
        self.employments = list(found.values())
        return said


class PaymentForm(forms.Form):
    """An order was paid."""

    reference = forms.CharField(
        label=_("Number of the payment"),
        max_length=60,
        help_text=_("As the bank or the invoice has it. No card numbers."),
    )

    def clean_reference(self) -> str:
        said: str = self.cleaned_data["reference"]
        if re.fullmatch(r"(\d[ -]?){13,19}", said.strip()):
            raise ValidationError(_("This looks like the number of a card. It is not kept here."))
        return said


class ChangeForm(forms.Form):
    """What became different in a course that people hold seats of."""

    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.none())
    text = forms.CharField(
        label=_("What is different"), max_length=5_000, widget=forms.Textarea({"rows": 6})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["course"]
        field.queryset = queries.offered()
