"""Forms of the shop. Prices are typed in whole units with two decimals and kept in cents."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from skola.ground.ui.api import DateInput
from skola.promises.disclosures.api import Party
from skola.services.billing.api import VAT, Buyer, Currency
from skola.services.courses.api import Course
from skola.services.shop.actions.marketing import Cheaper, Page
from skola.services.shop.actions.ordering import Payer, Wanted
from skola.services.shop.actions.selling import Price
from skola.services.shop.models import Coupon, Document, Landing, Order, Product
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
    coupon = forms.CharField(label=_("Coupon"), max_length=20, required=False)
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
        coupon_of: Callable[[str], Coupon | None] | None = None,
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
        unasked += [] if coupon_of else ["coupon"]
        self.coupon_of = coupon_of
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

    def clean_coupon(self) -> Coupon | None:
        said = str(self.cleaned_data["coupon"]).strip()
        if not said or self.coupon_of is None:
            return None
        found = self.coupon_of(said)
        if found is None:
            raise ValidationError(
                _("This coupon cannot be used here now. Check its letters, or leave it out.")
            )
        return found

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
            coupon=told.get("coupon"),
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


class LandingForm(forms.Form):
    """The landing page of a course on offer."""

    headline = forms.CharField(label=_("Headline"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("Who the course is for and what one can do afterwards. Markdown."),
    )
    picture = forms.FileField(label=_("Picture"), required=False)
    coupon = forms.ChoiceField(
        label=_("Coupon for visitors of this page"),
        required=False,
        help_text=_("They see the lower price, and need not type the code."),
    )
    is_public = forms.BooleanField(label=_("Visitors see this page"), required=False)

    def __init__(
        self,
        *args: Any,
        product: Product,
        known: Landing | None,
        coupons: Sequence[Coupon],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {
            "headline": known.headline if known else product.title,
            "text": known.text if known else product.about,
            "coupon": str(known.coupon_id or "") if known else "",
            "is_public": known.is_public if known else False,
        }
        super().__init__(*args, **kwargs)
        self.coupons = {str(one.pk): one for one in coupons}
        field: Any = self.fields["coupon"]
        field.choices = [
            ("", _("none")),
            *((key, f"{one.code} (−{one.percent} %)") for key, one in self.coupons.items()),
        ]

    def page(self) -> Page:
        """Return the page, once the form is valid."""
        told = self.cleaned_data
        return Page(
            told["headline"],
            told["text"],
            self.coupons.get(told["coupon"]),
            told["is_public"],
            told["picture"],
        )


class CouponForm(forms.Form):
    """A new coupon."""

    code = forms.RegexField(
        r"^[A-Za-z0-9-]{3,20}$",
        label=_("Code"),
        help_text=_("What people type: letters, digits and hyphens."),
        error_messages={"invalid": _("From three on: letters without marks, digits and hyphens.")},
    )
    percent = forms.IntegerField(label=_("Off the price, in percent"), min_value=1, max_value=90)
    product = forms.ChoiceField(label=_("For"), required=False)
    first_on = forms.DateField(label=_("First day"), widget=DateInput())
    last_on = forms.DateField(label=_("Last day"), widget=DateInput())
    most = forms.IntegerField(
        label=_("For how many orders"), min_value=1, max_value=1_000_000, initial=100
    )

    def __init__(self, *args: Any, products: Sequence[Product], today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"first_on": today, "last_on": today + timedelta(days=30)}
        super().__init__(*args, **kwargs)
        self.products = {str(one.pk): one for one in products}
        field: Any = self.fields["product"]
        everything = ("", _("everything on offer"))
        field.choices = [everything, *((key, one.title) for key, one in self.products.items())]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        first, last = told.get("first_on"), told.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first."))
        return told

    def cheaper(self) -> Cheaper:
        """Return the coupon, once the form is valid."""
        told = self.cleaned_data
        product = self.products.get(told["product"])
        return Cheaper(
            told["code"].upper(),
            told["percent"],
            product,
            told["first_on"],
            told["last_on"],
            told["most"],
        )
