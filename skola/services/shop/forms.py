"""Forms of the shop. Prices are typed in whole units with two decimals and kept in cents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from skola.promises.disclosures.api import Party
from skola.services.billing.api import VAT, Buyer, Currency
from skola.services.courses.api import Course
from skola.services.shop.actions.ordering import Payer, Wanted
from skola.services.shop.actions.selling import Price
from skola.services.shop.models import Document, Order
from skola.services.shop.rules import vat_parts
from skola.services.workforce.api import Company


class OrderForm(forms.Form):
    """An order. Who is signed in is not asked for a name; what is optional may stay empty."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The order and its links are sent there.")
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=10_000, initial=1)
    company = forms.ChoiceField(
        label=_("For"), required=False, help_text=_("A company gets a licence with these seats.")
    )
    buyer = forms.CharField(label=_("Name on the invoice"), max_length=160)
    address = forms.CharField(label=_("Address on the invoice"), max_length=200)
    vat_number = forms.CharField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        help_text=_("Only for companies. It is checked in a register."),
    )
    revenue = forms.CharField(label=_("Annual revenue"), max_length=40, required=False)
    employees = forms.IntegerField(
        label=_("Number of employees"), min_value=0, max_value=10_000_000, required=False
    )
    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    way = forms.ChoiceField(label=_("How do you pay?"), widget=forms.RadioSelect)
    terms = forms.BooleanField()
    refunds = forms.BooleanField()
    terms_version = forms.IntegerField(widget=forms.HiddenInput)
    refunds_version = forms.IntegerField(widget=forms.HiddenInput)

    OPTIONAL = ("revenue", "employees", "industry")

    def __init__(
        self,
        *args: Any,
        known: bool,
        documents: Sequence[Document],
        ways: Sequence[str],
        companies: Sequence[Company] = (),
        checks_vat: bool = False,
        asks_optional: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.companies = {str(one.pk): one for one in companies}
        fields: Any = self.fields
        fields["way"].choices = [one for one in Order.Way.choices if one[0] in ways]
        fields["way"].initial = ways[0] if ways else None
        fields["company"].choices = [
            ("", _("myself, or those to whom I give the link")),
            *((key, one.name) for key, one in self.companies.items()),
        ]
        terms, refunds = documents
        self.initial["terms_version"], self.initial["refunds_version"] = (
            terms.version,
            refunds.version,
        )
        fields["terms"].label = _("I accept the terms of agreement, version %(number)s") % {
            "number": terms.version
        }
        fields["refunds"].label = _("I accept the refund policy, version %(number)s") % {
            "number": refunds.version
        }
        unasked = [] if asks_optional else list(self.OPTIONAL)
        unasked += ["given_name", "family_name", "email"] if known else []
        unasked += [] if companies else ["company"]
        unasked += [] if checks_vat else ["vat_number"]
        for name in unasked:
            del self.fields[name]

    def clean_vat_number(self) -> str:
        said = str(self.cleaned_data["vat_number"]).strip()
        if not said:
            return ""
        parts = vat_parts(said)
        if parts is None:
            raise ValidationError(
                _("Write the country's two letters and the number: LV40003000000.")
            )
        return "".join(parts)

    def payer(self, language: str) -> Payer | None:
        """Return who orders, once the form is valid; None for who is signed in."""
        told = self.cleaned_data
        if "email" not in told:
            return None
        return Payer(told["given_name"], told["family_name"], told["email"], language)

    def wanted(self) -> Wanted:
        """Return what is ordered, once the form is valid."""
        told = self.cleaned_data
        return Wanted(
            seats=told["seats"],
            way=told["way"],
            buyer=Buyer(told["buyer"], told["address"]),
            terms_version=told["terms_version"],
            refunds_version=told["refunds_version"],
            company=self.companies.get(told.get("company", "")),
            vat_number=told.get("vat_number", ""),
            revenue=told.get("revenue", ""),
            employees=told.get("employees"),
            industry=told.get("industry", ""),
        )


class RefundForm(forms.Form):
    """Why somebody wants their money back."""

    reason = forms.CharField(
        label=_("Why do you ask?"), max_length=2_000, widget=forms.Textarea({"rows": 4})
    )


class DecisionForm(forms.Form):
    """What staff decide on a refund."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("grant it: all is credited")), ("refuse", _("refuse it"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to the customer"), max_length=2_000, widget=forms.Textarea({"rows": 4})
    )


class DocumentForm(forms.Form):
    """The next version of a document."""

    kind = forms.ChoiceField(label=_("Document"), choices=Document.Kind.choices)
    text = forms.CharField(
        label=_("Text"),
        max_length=25_000,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("Published at once, as the next version. Earlier versions stay readable."),
    )


class ProductForm(forms.Form):
    """A course to put on offer."""

    course = forms.ChoiceField(label=_("Course"))
    price = forms.DecimalField(
        label=_("Price of one seat, without tax"),
        max_digits=9,
        decimal_places=2,
        min_value=Decimal("0.01"),
    )
    vat_percent = forms.ChoiceField(label=_("Tax"), choices=VAT)
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency.choices)
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=60, initial=12)
    about = forms.CharField(
        label=_("What one gets"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(
        self, *args: Any, courses: Sequence[Course], parties: Sequence[Party], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {str(one.pk): one for one in courses}
        self.parties = parties
        field: Any = self.fields["course"]
        field.choices = [(key, one.title) for key, one in self.courses.items()]
        for party in parties:
            self.fields[f"partner_{party.pk.hex}"] = forms.CharField(
                label=_("Offered jointly with %(name)s: address of its privacy policy")
                % {"name": party.name},
                max_length=300,
                required=False,
                validators=[URLValidator(schemes=["https"])],
                help_text=_("Empty: not with this partner. Who orders is told to each partner."),
            )

    def price_told(self) -> Price:
        """Return the price, once the form is valid."""
        told = self.cleaned_data
        return Price(
            int(told["price"] * 100), Decimal(told["vat_percent"]), told["currency"], told["months"]
        )

    def partners(self) -> list[tuple[Party, str]]:
        """Return the partners, once the form is valid."""
        told = ((one, self.cleaned_data[f"partner_{one.pk.hex}"]) for one in self.parties)
        return [(party, url) for party, url in told if url]


class FindForm(forms.Form):
    """An order by its number."""

    number = forms.IntegerField(
        label=_("Number of the order"), min_value=1, max_value=2_000_000_000, required=False
    )
