"""Forms of billing. Amounts are typed in whole units with two decimals and kept in cents."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Person
from skola.ground.ui.api import CountryField, DateInput
from skola.promises.disclosures.api import Tasked
from skola.services.billing.cards import Taker
from skola.services.billing.credit import credit_of, is_pupil
from skola.services.billing.models import Contract, Currency, IdentityCheck, Payment
from skola.services.billing.rules import Buyer, Credit, Line
from skola.services.courses.api import Course

VAT = [("21.0", "21 %"), ("24.0", "24 %"), ("25.0", "25 %"), ("12.0", "12 %"), ("0.0", "0 %")]
"""Rates of the countries served: LV and LT 21, EE 24, SE 25, reduced 12, exempt."""


class _CustomerForm(forms.Form):
    customer = forms.EmailField(
        label=_("Customer's e-mail"),
        help_text=_("The address the person is known by here."),
    )
    person: Person | None = None

    def clean_customer(self) -> str:
        email = str(self.cleaned_data["customer"]).lower()
        if not email:
            return email
        known = list(Person.objects.filter(email=email)[:2])
        if not known:
            raise ValidationError(_("Nobody here has this address. Check it for a slip."))
        if len(known) > 1:
            raise ValidationError(_("Several people share this address. Use another one."))
        self.person = known[0]
        return email


class OfferForm(_CustomerForm):
    """A contract to offer."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text of the contract"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("It cannot be changed after it is offered."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput, required=False)
    course = forms.ModelChoiceField(
        Course.objects.none(),
        label=_("Gives access to"),
        required=False,
        empty_label=_("no course"),
        help_text=_("From the day it is accepted to the end of its last day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["course"]
        field.queryset = Course.objects.filter(state=Course.State.PUBLISHED).order_by("title")

    def clean_customer(self) -> str:
        email = super().clean_customer()
        if self.person is not None and credit_of(self.person.pk) == Credit.STOP:
            raise ValidationError(
                _("By the latest assessment nothing more is sold until what is overdue is paid.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("starts_on"), told.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first. Correct one."))
        return told


class EndingForm(forms.Form):
    """Confirm that a contract ends."""

    sure = forms.BooleanField(label=_("Yes, this contract ends now"))


class IdentityForm(forms.Form):
    """How somebody's identity was checked."""

    method = forms.ChoiceField(label=_("How"), choices=IdentityCheck.Method.choices)
    outcome = forms.ChoiceField(
        label=_("Result"), choices=IdentityCheck.Outcome.choices, widget=forms.RadioSelect
    )


class RiskForm(forms.Form):
    """Whom a risk run looks at: everybody with a running contract, or one of them."""

    person = forms.UUIDField(required=False)

    def clean_person(self) -> UUID | None:
        person: UUID | None = self.cleaned_data["person"]
        if person is None:
            return None
        if is_pupil(person):
            raise ValidationError(_("Pupils are never assessed."))
        if not Contract.objects.running().filter(person=person).exists():
            raise ValidationError(_("Only who has a running contract is assessed."))
        return person


class IssueForm(_CustomerForm):
    """The head of an invoice."""

    buyer = forms.CharField(label=_("Buyer, as printed"), max_length=160)
    buyer_address = forms.CharField(
        label=_("Buyer's address"),
        max_length=200,
        required=False,
        help_text=_("Left empty, it is the customer's own address as it stands today."),
    )
    due_on = forms.DateField(label=_("To be paid by"), widget=DateInput)
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency.choices)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["customer"].required = False
        self.fields["customer"].help_text = _(
            "Leave it empty for a buyer who is not known here, such as a company."
        )

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < self.today:
            raise ValidationError(_("This day has passed. Choose today or a later one."))
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        asked = credit_of(self.person.pk) if self.person else None
        if asked in (Credit.ADVANCE, Credit.STOP) and told.get("due_on", self.today) > self.today:
            self.add_error(
                "due_on",
                _("By the latest assessment this customer pays in advance. Choose today."),
            )
        return told

    def for_whom(self) -> Buyer:
        """Return who is printed on the invoice, once the form is valid.

        Customers keep their own address right: the next invoice uses it (ekool-7.1).
        """
        address = self.cleaned_data["buyer_address"]
        if not address and self.person is not None:
            address = self.person.address
        return Buyer(self.cleaned_data["buyer"], address)


class LineForm(forms.Form):
    """One line of an invoice; an empty one is left out."""

    text = forms.CharField(label=_("What"), max_length=200)
    quantity = forms.DecimalField(
        label=_("How many"), max_digits=9, decimal_places=2, min_value=Decimal("0.01"), initial=1
    )
    price = forms.DecimalField(
        label=_("Price of one, without tax"),
        max_digits=11,
        decimal_places=2,
        min_value=Decimal("0.00"),
    )
    vat_percent = forms.ChoiceField(label=_("Tax"), choices=VAT)

    def has_changed(self) -> bool:
        return bool({"text", "price"} & set(self.changed_data))

    def line(self) -> Line:
        """Return the line, once the form is valid."""
        told = self.cleaned_data
        return Line(
            told["text"],
            told["quantity"],
            int(told["price"] * 100),
            Decimal(told["vat_percent"]),
        )


if TYPE_CHECKING:
    _LineFormSet = BaseFormSet[LineForm]
else:
    _LineFormSet = BaseFormSet


class _Lines(_LineFormSet):
    def clean(self) -> None:
        super().clean()
        if not any(self.errors) and not self.lines():
            raise ValidationError(_("An invoice needs one line at least. Write what is sold."))

    def lines(self) -> list[Line]:
        """Return the lines filled in, once the forms are valid."""
        return [form.line() for form in self.forms if form.has_changed()]


LineForms = cast(
    type[_Lines],
    formset_factory(
        LineForm, formset=_Lines, extra=3, max_num=30, validate_max=True, absolute_max=40
    ),
)


class MonthForm(forms.Form):
    """A month, written 2026-03."""

    month = forms.DateField(input_formats=["%Y-%m"])


class PaymentForm(forms.Form):
    """Money that came, or went back."""

    way = forms.ChoiceField(
        label=_("Direction"),
        choices=[("in", _("came from the customer")), ("out", _("was paid back"))],
    )
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=11, decimal_places=2, min_value=Decimal("0.01")
    )
    paid_on = forms.DateField(label=_("Day of payment"), widget=DateInput)
    method = forms.ChoiceField(label=_("How"), choices=Payment.Method.choices)
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("paid_on", today)

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > self.today:
            raise ValidationError(_("This day has not come yet. Enter when the money moved."))
        return day

    def cents(self) -> int:
        """Return the amount in cents, below zero for what was paid back."""
        cents = int(self.cleaned_data["amount"] * 100)
        return -cents if self.cleaned_data["way"] == "out" else cents


class LedgerForm(forms.Form):
    """Which invoices the office looks at."""

    show = forms.ChoiceField(
        label=_("Show"),
        choices=[("unpaid", _("not paid in full")), ("all", _("all"))],
        required=False,
    )


TEST_CARDS = {"4242424242424242": True, "4000000000000002": False}
"""The numbers that providers publish for tests: one is taken, one is declined."""


class TillForm(forms.Form):
    """A card at the till of demo and tests. It is looked at and forgotten."""

    number = forms.CharField(
        label=_("Card number"),
        max_length=30,
        help_text=_("4242 4242 4242 4242 is taken, 4000 0000 0000 0002 is declined."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        plain = "".join(self.cleaned_data["number"].split())
        if plain not in TEST_CARDS:
            raise ValidationError(_("This till knows cards for tests only. Enter one of those."))
        if not TEST_CARDS[plain]:
            raise ValidationError(_("The card was declined. Nothing was charged; try another."))
        return ""


class HandOverForm(forms.Form):
    """Who is to collect a debt, and why that outweighs the interests of the debtor."""

    party = forms.ChoiceField(label=_("To whom"))
    balance = forms.CharField(
        label=_("Why it outweighs the interests of the debtor"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, collectors: Sequence[Tasked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collectors = {str(one.party.pk): one for one in collectors}
        field: Any = self.fields["party"]
        field.choices = [(key, one.party.name) for key, one in self.collectors.items()]

    def to_whom(self) -> Tasked:
        """Return who was chosen, once the form is valid."""
        return self.collectors[self.cleaned_data["party"]]


class CardsForm(forms.Form):
    """The keys of an account at the provider of cards, and who that is."""

    name = forms.CharField(
        label=_("Who takes the cards"),
        max_length=120,
        help_text=_("The company as it stands in your agreement with it."),
    )
    country = CountryField(help_text=_("Two letters, such as IE: where the data are."))
    agreement = forms.CharField(
        label=_("Agreement with them"),
        max_length=120,
        help_text=_("Its number or date."),
    )
    key = forms.RegexField(
        r"^[A-Za-z0-9_]{8,200}$",
        label=_("Secret key"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("From the page of keys of your account at Stripe: sk_…"),
        error_messages={"invalid": _("This is no key: letters, digits and _ only.")},
    )
    secret = forms.RegexField(
        r"^[A-Za-z0-9_]{8,200}$",
        label=_("Signing secret of the events"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("You get it where you enter the address of events there: whsec_…"),
        error_messages={"invalid": _("This is no key: letters, digits and _ only.")},
    )

    def __init__(self, *args: Any, asks_who: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_who:
            for name in ("name", "country", "agreement"):
                del self.fields[name]

    def who(self) -> Taker | None:
        """Return who takes the cards, once the form is valid; None where that is known."""
        told = self.cleaned_data
        if "name" not in told:
            return None
        return Taker(told["name"], told["country"], told["agreement"])
