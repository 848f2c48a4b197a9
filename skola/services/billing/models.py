"""Tables of billing. The database refuses to change what was issued or accepted."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.billing.cardkeys import CardKeys as CardKeys

if TYPE_CHECKING:
    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Currency(models.TextChoices):
    """Money that an invoice can be in."""

    EUR = "EUR", "EUR"
    SEK = "SEK", "SEK"


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts as their readers need them."""

    def of(self, person: "Person") -> Self:
        """This person's: what is not theirs does not exist for them."""
        return self.filter(person=person)

    def running(self) -> Self:
        """Accepted, and not ended."""
        return self.filter(accepted_at__isnull=False, closed_at=None)


class Contract(TenantModel):
    """A contract from offer to end. Its text is fixed when it is offered (ilearn-8.b)."""

    class Evidence(models.TextChoices):
        CLICK = "click", _("accepted in the account")
        LINK = "link", _("accepted by the link that was mailed")
        PAPER = "paper", _("signed on paper")
        SIGNATURE = "e-signature", _("electronic signature")
        ORAL = "oral", _("oral agreement, recorded")

    class Ending(models.TextChoices):
        TERM = "term", _("its term ended")
        STAFF = "staff", _("ended by agreement")
        NOTICE = "notice", _("ended by the customer")
        DEMAND = "demand", _("ended extraordinarily, after a demand to stop or to delete")
        DECLINED = "declined", _("offer declined")
        WITHDRAWN = "withdrawn", _("offer withdrawn")

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="contracts")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text of the contract"), max_length=50_000)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=12, choices=Evidence.choices, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    course: Any = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """What it gives access to, from its conclusion to the end of its last day (ilearn-11.e)."""
    closed_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = ContractQuerySet.as_manager()

    app_may = "select, insert, update (accepted_at, evidence, closed_at, ending, due_at, course_id)"
    """What was offered is never changed, and only the retention engine deletes (ilearn-8.b).

    A course that is deleted leaves the contract without one.
    """

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "title",
                "text",
                "offered_at",
                "accepted_at",
                "evidence",
                "starts_on",
                "ends_on",
                "course",
                "closed_at",
                "ending",
            ),
            "contract",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "offered_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-offered_at"], name="contract_by_person"),
            models.Index(
                fields=["tenant", "ends_on"], name="contract_running", condition=Q(closed_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="contract_accepted_with_evidence",
                condition=Q(accepted_at=None, evidence="")
                | (Q(accepted_at__isnull=False) & ~Q(evidence="")),
            ),
            models.CheckConstraint(
                name="contract_ends_with_a_word",
                condition=Q(closed_at=None, ending="")
                | (Q(closed_at__isnull=False) & ~Q(ending="")),
            ),
            models.CheckConstraint(
                name="contract_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"contract {self.pk}"


class IdentityCheck(TenantModel):
    """Somebody's identity was checked before a contract: how, when, and what came of it.

    Never a copy of a document (ilearn-8.a).
    """

    class Method(models.TextChoices):
        DOCUMENT = "document", _("document shown in person")
        VIDEO = "video", _("document shown by video call")
        SIGNATURE = "e-signature", _("electronic signature")
        E_IDENTITY = "e-identity", _("e-identity provider")

    class Outcome(models.TextChoices):
        VERIFIED = "verified", _("verified")
        FAILED = "failed", _("not verified")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="identity_checks"
    )
    method = models.CharField(_("how"), max_length=12, choices=Method.choices)
    outcome = models.CharField(_("result"), max_length=8, choices=Outcome.choices)
    checked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    app_may = "select, insert, update (due_at)"
    """A mistake is put right by another check."""

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "method", "outcome", "checked_at"), "identity")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "checked_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-checked_at"], name="identity_of_person")
        ]

    def __str__(self) -> str:
        return f"identity check {self.pk}"


class Numbers(TenantModel):
    """The last invoice number given. Locked while the next one is, so that no number is missing."""

    last = models.PositiveIntegerField(default=0)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {**_KEY, "last": "a count"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="billing_numbers_once")]

    def __str__(self) -> str:
        return f"{self.last} invoices"


class ClosedMonth(TenantModel):
    """A month of the books to which nothing is added any more (ilearn-9.b)."""

    month = models.DateField(_("month"))
    """Its first day."""
    records = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of what was exported when it was closed."""
    closed_at = models.DateTimeField()

    app_may = "select, insert"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "month": "a month",
            "records": "a number",
            "digest": "a check sum",
            "closed_at": "moment of an act of ours",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month"], name="month_closed_once"),
            models.CheckConstraint(name="month_by_first_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"month {self.month:%Y-%m}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Invoices as their readers need them."""

    def of(self, person: "Person") -> Self:
        """This person's: what is not theirs does not exist for them."""
        return self.filter(person=person)

    def with_balance(self) -> Self:
        """Add ``paid_cents`` and ``credited_cents``, both zero where nothing came."""
        paid = Payment.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
        notes = Invoice.objects.filter(credits=OuterRef("pk")).order_by().values("credits")
        return self.annotate(
            paid_cents=Coalesce(Subquery(paid.values(sum=Sum("amount_cents"))), 0),
            credited_cents=Coalesce(Subquery(notes.values(sum=-Sum("total_cents"))), 0),
        )


class Invoice(TenantModel):
    """An invoice or a credit note, as it was issued: it holds copies, and is never changed.

    It outlives the customer's other data for as long as the accounting law says (ilearn-20.e).
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit-note", _("credit note")

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.SET_NULL, null=True, blank=True, related_name="invoices"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.PositiveIntegerField(editable=False)
    credits = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="credit_notes"
    )
    credits_number = models.PositiveIntegerField(null=True, blank=True)
    issued_at = models.DateTimeField()
    due_on = models.DateField()
    fiscal_year_end = models.DateTimeField()
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    seller = models.CharField(max_length=120)
    seller_address = models.CharField(max_length=200, blank=True)
    seller_number = models.CharField(max_length=30, blank=True)
    buyer = models.CharField(_("buyer"), max_length=160)
    buyer_address = models.CharField(_("buyer's address"), max_length=200, blank=True)
    net_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    total_cents = models.BigIntegerField()
    due_at = models.DateTimeField(null=True, editable=False)

    objects = InvoiceQuerySet.as_manager()

    app_may = "select, insert, update (due_at)"
    """What was issued is never changed, and only the retention engine deletes (ilearn-20.e)."""
    paid_cents: int
    credited_cents: int

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "contract",
                "kind",
                "number",
                "credits",
                "credits_number",
                "issued_at",
                "due_on",
                "currency",
                "buyer",
                "buyer_address",
                "net_cents",
                "vat_cents",
                "total_cents",
            ),
            "accounting",
        )
        not_personal = {
            **_KEY,
            "fiscal_year_end": "end of a year",
            "seller": "organisation",
            "seller_address": "organisation",
            "seller_number": "organisation",
            "due_at": "retention clock",
        }
        anchors = {
            "record.created": "issued_at",
            "invoice.issued": "issued_at",
            "fiscal_year.end": "fiscal_year_end",
        }

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-issued_at"], name="invoice_by_person"),
            models.Index(fields=["tenant", "-number"], name="invoice_by_number"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="invoice_number_once"),
            models.CheckConstraint(
                name="invoice_adds_up", condition=Q(total_cents=F("net_cents") + F("vat_cents"))
            ),
            models.CheckConstraint(
                name="credit_note_names_invoice",
                condition=Q(kind="invoice", credits=None, credits_number=None)
                | Q(kind="credit-note", credits_number__isnull=False),
            ),
        ]

    @property
    def label(self) -> str:
        """The number as it is printed."""
        return label(self.number)

    @property
    def open_cents(self) -> int:
        """What is still to be paid; only after ``with_balance``."""
        return self.total_cents - self.credited_cents - self.paid_cents

    def __str__(self) -> str:
        return f"invoice {self.pk}"


def label(number: int) -> str:
    """Return an invoice number as it is printed."""
    return f"{number:06d}"


class InvoiceLine(TenantModel):
    """One line of an invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    unit_cents = models.BigIntegerField()
    vat_percent = models.DecimalField(max_digits=4, decimal_places=1)
    net_cents = models.BigIntegerField()

    app_may = "select, insert"

    class PersonalData:
        subject = "invoice__person_id"
        fields = dict.fromkeys(
            ("invoice", "position", "text", "quantity", "unit_cents", "vat_percent", "net_cents"),
            "accounting",
        )
        not_personal = _KEY
        goes_with = "invoice"

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "invoice", "position"], name="line_place_once"
            )
        ]

    def __str__(self) -> str:
        return f"line {self.position} of invoice {self.invoice_id}"


class Payment(TenantModel):
    """Money that came for an invoice, or went back: then the amount is below zero."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("bank transfer")
        CARD = "card", _("card")
        CASH = "cash", _("cash")
        SETTLED = "settled", _("settled with another debt")

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="payments")
    paid_on = models.DateField(_("day of payment"))
    amount_cents = models.BigIntegerField()
    method = models.CharField(_("how"), max_length=10, choices=Method.choices)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    recorded_at = models.DateTimeField()

    app_may = "select, insert"
    """A mistake is put right by a payment the other way."""

    class PersonalData:
        subject = "invoice__person_id"
        fields = dict.fromkeys(
            ("invoice", "paid_on", "amount_cents", "method", "reference", "recorded_at"),
            "accounting",
        )
        not_personal = _KEY
        anchors = {"record.created": "recorded_at"}
        goes_with = "invoice"

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "invoice", "paid_on"], name="payments_of_invoice")
        ]
        constraints = [
            models.CheckConstraint(name="payment_of_something", condition=~Q(amount_cents=0))
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class CardPayment(TenantModel):
    """A payment that a provider of cards was asked for. It holds no card number (learnifier-7.h).

    The number is entered on the provider's page, and the provider's event does not have it.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="card_payments")
    provider = models.CharField(max_length=20)
    session = models.CharField(max_length=120)
    """How the provider calls it."""
    url = models.CharField(max_length=2_000)
    """The page on which the card is entered."""
    amount_cents = models.BigIntegerField()
    opened_at = models.DateTimeField()
    reference = models.CharField(max_length=120, blank=True)
    """How the provider calls the payment, to send it back."""
    paid_at = models.DateTimeField(null=True, blank=True)

    app_may = "select, insert, update (reference, paid_at)"

    class PersonalData:
        subject = "invoice__person_id"
        fields = dict.fromkeys(
            ("invoice", "provider", "session", "amount_cents", "opened_at", "reference", "paid_at"),
            "accounting",
        )
        not_personal = {**_KEY, "url": "address of a page of the provider's"}
        anchors = {"record.created": "opened_at"}
        goes_with = "invoice"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "provider", "session"], name="card_payment_once"
            ),
            models.CheckConstraint(
                name="card_payment_of_something", condition=Q(amount_cents__gt=0)
            ),
            models.CheckConstraint(
                name="card_payment_with_reference",
                condition=Q(paid_at=None, reference="")
                | (Q(paid_at__isnull=False) & ~Q(reference="")),
            ),
        ]

    def __str__(self) -> str:
        return f"card payment {self.pk}"


class Reminder(TenantModel):
    """Somebody was reminded of an invoice: the first time, the second, and so on (ilearn-8.l)."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    """Which one of the ladder of the policy, from 1."""
    sent_at = models.DateTimeField()

    app_may = "select, insert"

    class PersonalData:
        subject = "invoice__person_id"
        fields = dict.fromkeys(("invoice", "step", "sent_at"), "accounting")
        not_personal = _KEY
        anchors = {"record.created": "sent_at"}
        goes_with = "invoice"

    class Meta:
        ordering = ("step",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "invoice", "step"], name="reminded_once"),
        ]

    def __str__(self) -> str:
        return f"reminder {self.step} of invoice {self.invoice_id}"


class Collection(TenantModel):
    """A debt was handed over to somebody who collects it, and recalled once it was paid."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="collections")
    party = models.ForeignKey("disclosures.Party", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    """The word under which the recipient knows it; the entry of the ledger has the same."""
    handed_at = models.DateTimeField()
    recalled_at = models.DateTimeField(null=True, blank=True)

    app_may = "select, insert, update (recalled_at)"

    class PersonalData:
        subject = "invoice__person_id"
        fields = dict.fromkeys(
            ("invoice", "party", "reference", "handed_at", "recalled_at"), "accounting"
        )
        not_personal = _KEY
        anchors = {"record.created": "handed_at"}
        goes_with = "invoice"

    class Meta:
        ordering = ("handed_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "invoice"],
                condition=Q(recalled_at=None),
                name="handed_over_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"collection {self.pk}"
