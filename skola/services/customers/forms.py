"""Forms of the catalogue. Prices are typed in whole units with two decimals, kept in cents."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.promises.policy.api import Period, Unit
from skola.services.billing.api import VAT, Currency
from skola.services.customers import functions
from skola.services.customers.actions import Offered
from skola.services.customers.models import Decision, Service
from skola.services.customers.rules import Step
from skola.services.school.api import Bounds


class ServiceForm(forms.Form):
    """A service to be put into the catalogue."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Who orders it"),
        choices=Service.Audience.choices,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    about = forms.CharField(
        label=gettext_lazy("What one gets"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("It is part of the contract."),
    )
    function = forms.ChoiceField(
        label=gettext_lazy("Which function it opens"),
        required=False,
        help_text=gettext_lazy(
            "From now on the function is closed to everybody who has no contract about it."
        ),
    )
    months = forms.IntegerField(
        label=gettext_lazy("Months that are paid at once"), min_value=1, max_value=36, initial=12
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=Currency.choices)
    vat_percent = forms.ChoiceField(label=gettext_lazy("Tax"), choices=VAT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["function"]
        none = _("none: the contract alone")
        field.choices = [("", none), *((one.id, one.word()) for one in functions.known())]

    def offered(self, steps: list[Step]) -> Offered:
        """Return the service, once the forms are valid."""
        told = self.cleaned_data
        vat = Decimal(told.pop("vat_percent"))
        return Offered(**told, vat_percent=vat, steps=steps)


class StepForm(forms.Form):
    """A step of the tariff."""

    from_pupils = forms.IntegerField(
        label=gettext_lazy("From so many pupils on"), min_value=1, max_value=100_000
    )
    price = forms.DecimalField(
        label=gettext_lazy("Price of one, without tax"),
        max_digits=9,
        decimal_places=2,
        min_value=Decimal("0.01"),
    )

    def step(self) -> Step:
        """Return the step, once the form is valid."""
        return Step(self.cleaned_data["from_pupils"], int(self.cleaned_data["price"] * 100))


if TYPE_CHECKING:
    _StepFormSet = BaseFormSet[StepForm]
else:
    _StepFormSet = BaseFormSet


class _Steps(_StepFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        found = self.steps()
        if not found:
            raise ValidationError(_("A service needs a price. Write one step at least."))
        if len({step.from_pupils for step in found}) < len(found):
            raise ValidationError(_("Two steps begin with the same number of pupils."))

    def steps(self) -> list[Step]:
        """Return the steps filled in, once the forms are valid."""
        return [form.step() for form in self.forms if form.has_changed()]


StepForms = cast(
    type[_Steps],
    formset_factory(
        StepForm, formset=_Steps, extra=4, max_num=12, validate_max=True, absolute_max=20
    ),
)


class OrderForm(forms.Form):
    """Confirm an order; for a school, which one."""

    school = forms.ChoiceField(label=gettext_lazy("For which school"))
    sure = forms.BooleanField(label=gettext_lazy("I have read the contract and conclude it"))

    def __init__(self, *args: Any, schools: dict[str, str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if schools is None:
            del self.fields["school"]
            return
        field: Any = self.fields["school"]
        field.choices = list(schools.items())


class TermForm(forms.Form):
    """How long a contract says that study data are kept after the end of a school year."""

    amount = forms.IntegerField(
        label=gettext_lazy("How long after the end of a school year"), min_value=1, max_value=150
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[
            (Unit.YEAR.value, gettext_lazy("years")),
            (Unit.MONTH.value, gettext_lazy("months")),
        ],
    )

    def __init__(self, *args: Any, bounds: Bounds, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bounds = bounds
        self._said = self.fields["amount"].help_text = bounds.said(language)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if {"amount", "unit"} <= told.keys() and not self._bounds.allow(self.period()):
            self.add_error("amount", self._said)
        return told

    def period(self) -> Period:
        """Return the term, once both fields are valid."""
        return Period(self.cleaned_data["amount"], Unit(self.cleaned_data["unit"]))


class DecisionForm(forms.Form):
    """Whether a contract goes on without the data, why, and what the customer is told."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Decision.Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it can or cannot reasonably go on"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
    )
    message = forms.CharField(
        label=gettext_lazy("Message to the customer"),
        help_text=gettext_lazy("What is credited is added to it."),
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
    )
